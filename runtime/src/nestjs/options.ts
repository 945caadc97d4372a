import type { FactoryProvider, ModuleMetadata } from '@nestjs/common';
import {
  anyBoolean,
  anyFunction,
  anyList,
  assertOptions,
  assertParameter,
  atLeast,
  isObject,
  type OptionRule,
  type OptionRules,
} from '../config/validate-options.js';
import { ConfigError } from '../errors/index.js';
import { type FailureOptions, failureRules, type HttpService, appServiceRules, pathOrFalse } from '../http/options.js';

/** The options of a module that `useFactory` may return. */
export interface ClickHouseModuleOptions extends FailureOptions {
  /** The service. Default: `clickHouse()`, and `clickHouse({ connection: name })` with a name. */
  readonly service?: HttpService | undefined;
  /** Maximum time of running statements when the application closes, in milliseconds. Default: 10,000. */
  readonly drainTimeoutMs?: number | undefined;
}

/** The options that must be known when the module is declared. */
export interface ClickHouseModuleExtras {
  /** Name for `@InjectClickHouse(name)`, without spaces and not `default`. Each service needs a name of its own. Default: none. */
  readonly name?: string | undefined;
  /**
   * Whether requests that failed because of ClickHouse are answered. With `false`, your exception filter does. Of several modules, one with
   * `true` answers the failures of all. Default: `true`.
   */
  readonly mapErrors?: boolean | undefined;
  /**
   * Path of the readiness probe, which answers 200 if the services of all modules run statements, else 503. `false`: no route. A value counts
   * for all modules. Default: `/readyz`.
   */
  readonly readinessPath?: string | false | undefined;
  /**
   * Path of the liveness probe, which answers 200 as long as the process responds. `false`: no route. A value counts for all modules.
   * Default: `/livez`.
   */
  readonly livenessPath?: string | false | undefined;
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
/** The names of services. The readiness probe calls the service without a name `default`. */
const serviceName: OptionRule = {
  expected: 'a name without spaces, such as "analytics". Leave it out for the service without a name, which is "default" in the probe',
  accepts: (value) => typeof value === 'string' && /^\S+$/.test(value) && value !== 'default',
};
const extraRules: OptionRules<ClickHouseModuleExtras> = {
  name: serviceName,
  mapErrors: anyBoolean,
  readinessPath: pathOrFalse,
  livenessPath: pathOrFalse,
};

/** @throws ConfigError if this is no name of a service. @param caller the function that has the parameter `name` */
export function assertServiceName(caller: string, name: unknown): void {
  assertOptions<Pick<ClickHouseModuleExtras, 'name'>>(caller, { name: serviceName }, { name });
}

/** @throws ConfigError if a factory returned no options, an unknown option or an invalid value */
export function assertFactoryOptions(options: unknown): void {
  const key = 'ClickHouseModule.forRootAsync.useFactory()';
  if (appServiceRules.service.accepts(options)) throw new ConfigError([{ key, found: 'a service', expected: 'an object { service }' }]);
  assertParameter(
    key,
    { expected: `an object with ${Object.keys(rules).join(', ')}; return {} for the defaults`, accepts: isObject },
    options,
  );
  assertOptions(key, rules, options);
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
