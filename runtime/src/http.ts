export { type HttpFailure, type HttpFailureCode, httpStatusOf } from './http/http-status.js';
export { type ObservedResponse, requestSignal } from './http/request-signal.js';
export { type ClosableApp, type ClosableServer, shutdownOnSignals } from './http/shutdown.js';
export { withSignal } from './http/with-signal.js';
