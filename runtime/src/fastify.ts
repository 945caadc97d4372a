export { clickHousePlugin, type ClickHousePluginOptions } from './fastify/plugin.js';
export type { ClickHouseHttpOptions, FailureOptions, FailureReport, HttpService, AppServiceOptions } from './http/options.js';
