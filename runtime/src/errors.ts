export * from './errors/admission.js';
export { type FailureContext, parseFailure, parseResultTail } from './errors/parse.js';
export * from './errors/root.js';
export * from './errors/server.js';
export * from './errors/setup.js';
export { StatementError, type StatementErrorOptions, type StatementFacts } from './errors/statement.js';
export * from './errors/transport.js';
