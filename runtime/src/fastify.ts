export { clickHousePlugin, type ClickHousePluginOptions } from './fastify/plugin.js';
