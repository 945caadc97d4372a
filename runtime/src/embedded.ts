export type { EngineConnection } from './embedded/connection.js';
export { embeddedConnection } from './embedded/engine.js';
