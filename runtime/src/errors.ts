export * from './errors/admission.js';
export * from './errors/root.js';
export * from './errors/server.js';
export * from './errors/setup.js';
export * from './errors/statement.js';
export * from './errors/transport.js';
