import type { Preset } from '../rule/rule.js';

/** Returns the presets that contain what is in this one: `strict` contains all. */
export function presetsOf(smallest: Preset): readonly Preset[] {
  return smallest === 'recommended' ? ['recommended', 'strict'] : ['strict'];
}
