export * from './admission.js';
export { type FailureContext, parseFailure, parseResultTail } from './parse.js';
export * from './base.js';
export * from './ingest.js';
export * from './server.js';
export * from './setup.js';
export { StatementError, type StatementErrorOptions, type StatementFacts } from './statement.js';
export * from './tenants.js';
export * from './transport.js';
