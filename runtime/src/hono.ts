export { clickHouseErrorHandler, type HonoFailureOptions } from './hono/error-handler.js';
export { clickHouseMiddleware } from './hono/middleware.js';
export type { ClickHouseHttpOptions, FailureOptions, FailureReport, HttpService, AppServiceOptions } from './http/options.js';
