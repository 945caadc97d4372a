export { clickHouseErrorHandler } from './hono/error-handler.js';
export { clickHouseMiddleware } from './hono/middleware.js';
