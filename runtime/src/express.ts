export { clickHouseErrorHandler, type ErrorHandler } from './express/error-handler.js';
export { clickHouseMiddleware, type Middleware } from './express/middleware.js';
export type { ClickHouseHttpOptions, FailureOptions, FailureReport, HttpService, AppServiceOptions } from './http/options.js';
