export { clickHouseErrorHandler } from './express/error-handler.js';
export { clickHouseMiddleware } from './express/middleware.js';
