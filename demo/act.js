/**
 * One part of the demo, with its claims.
 * @typedef {{ title: string, play: (stage: import('./stage.js').Stage, fixtures: import('./fixtures.js').Fixtures) => Promise<void> }} Act
 */

export {};
