export { ClickHouseHealthIndicator, type ClickHouseHealthResult } from './nestjs/health-indicator.js';
export { ClickHouseModule } from './nestjs/module.js';
export type {
  ClickHouseModuleAsyncOptions,
  ClickHouseModuleExtras,
  ClickHouseModuleOptions,
  ClickHouseModuleRootOptions,
} from './nestjs/options.js';
export { ClickHouseExceptionFilter } from './nestjs/exception-filter.js';
export { clickHouseToken, InjectClickHouse } from './nestjs/inject.js';
export { RequestSignal } from './nestjs/request-signal.js';
export type { FailureOptions, FailureReport, HttpService } from './http/options.js';
