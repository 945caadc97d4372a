import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import { anyBoolean, anyFunction, anyList, anyText, assertOptions, atLeast, type OptionRules } from '../config/validate-options.js';
import { type FailureOptions, failureRules, type HttpService, appServiceRules } from '../http/options.js';

/** The options of a module that `useFactory` may return. */
export interface ClickHouseModuleOptions extends FailureOptions {
  /** The service. Default: `clickHouse()`, and `clickHouse({ connection: name })` with a name. */
  readonly service?: HttpService | undefined;
  /** Maximum time of running statements when the application closes, in milliseconds. Default: 10,000. */
  readonly drainTimeoutMs?: number | undefined;
}

/** The options that must be known when the module is declared. */
export interface ClickHouseModuleExtras {
  /** Name for `@InjectClickHouse(name)`. Each service needs a name of its own. Default: none. */
  readonly name?: string | undefined;
  /** Whether requests that failed because of ClickHouse are answered. With `false`, your exception filter does. Default: `true`. */
  readonly mapErrors?: boolean | undefined;
}

/** Options of `ClickHouseModule.forRoot()`. */
export interface ClickHouseModuleRootOptions extends ClickHouseModuleOptions, ClickHouseModuleExtras {}

/** Options of `ClickHouseModule.forRootAsync()`. */
export interface ClickHouseModuleAsyncOptions extends ClickHouseModuleExtras {
  /** Modules whose providers `useFactory` receives. Default: none. */
  readonly imports?: ModuleMetadata['imports'] | undefined;
  /** Tokens of the providers that `useFactory` receives. Default: none. */
  readonly inject?: FactoryProvider['inject'] | undefined;
  /** Returns the options, or a promise of them. */
  readonly useFactory: FactoryProvider<ClickHouseModuleOptions>['useFactory'];
}

const rules: OptionRules<ClickHouseModuleOptions> = { ...failureRules, service: appServiceRules.service, drainTimeoutMs: atLeast(0) };
const extraRules: OptionRules<ClickHouseModuleExtras> = { name: anyText, mapErrors: anyBoolean };

/** @throws ConfigError with each option that is unknown or has an invalid value */
export function assertModuleOptions(options: unknown): void {
  assertOptions('ClickHouseModule', rules, options);
}

/** @throws ConfigError with each option that is unknown or has an invalid value */
export function assertRootOptions(options: ClickHouseModuleRootOptions): void {
  assertOptions('ClickHouseModule.forRoot', { ...rules, ...extraRules }, options);
}

/** @throws ConfigError with each option that is unknown or has an invalid value */
export function assertAsyncOptions(options: ClickHouseModuleAsyncOptions): void {
  const asyncRules = { ...extraRules, imports: anyList, inject: anyList, useFactory: { ...anyFunction, isRequired: true } };
  assertOptions<ClickHouseModuleAsyncOptions>('ClickHouseModule.forRootAsync', asyncRules, options);
}
