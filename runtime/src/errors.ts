export * from './errors/admission.js';
export { type FailureContext, parseFailure } from './errors/parse.js';
export * from './errors/root.js';
export * from './errors/server.js';
export { findInBandException } from './errors/server-text.js';
export * from './errors/setup.js';
export { StatementError, type StatementErrorOptions, type StatementFacts } from './errors/statement.js';
export * from './errors/transport.js';
