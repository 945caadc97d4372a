import type { DynamicModule, FactoryProvider } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { clickHouse } from '../accessor/click-house.js';
import type { HttpService } from '../http/options.js';
import { ClickHouseApplication } from './application.js';
import { ClickHouseApplicationModule } from './application-module.js';
import { ClickHouseHealthIndicator } from './health-indicator.js';
import { clickHouseToken } from './inject.js';
import { ClickHouseLifecycle } from './lifecycle.js';
import {
  assertAsyncOptions,
  assertFactoryOptions,
  assertRootOptions,
  type ClickHouseModuleAsyncOptions,
  type ClickHouseModuleExtras,
  type ClickHouseModuleOptions,
  type ClickHouseModuleRootOptions,
} from './options.js';

/**
 * The NestJS module of one service: `imports: [ClickHouseModule.forRoot()]`. All modules of the application can inject the service. When the
 * application closes, the service is drained after the last request.
 */
export class ClickHouseModule {
  /** Returns the module of a service. @throws ConfigError if an option is unknown or invalid */
  static forRoot(options: ClickHouseModuleRootOptions = {}): DynamicModule {
    assertRootOptions(options);
    const { name, mapErrors, readinessPath, livenessPath, ...rest } = options;
    return moduleOf({ name, mapErrors, readinessPath, livenessPath }, rest, { useFactory: () => rest });
  }

  /**
   * Returns the module of a service whose options need other providers or a promise.
   * @throws ConfigError if an option is unknown or invalid; the start of the application rejects with it if `useFactory` returns such an option
   */
  static forRootAsync(options: ClickHouseModuleAsyncOptions): DynamicModule {
    assertAsyncOptions(options);
    const { imports = [], inject, useFactory, ...extras } = options;
    const module = moduleOf(extras, {}, { useFactory, inject });
    return { ...module, imports: [...(module.imports ?? []), ...imports] };
  }
}

/**
 * Returns a module of Nest.
 * @param given the options that are known without a factory
 * @param factory how to get the options. Only the service injects them, so that it does not run if a test replaces the service.
 */
function moduleOf(
  extras: ClickHouseModuleExtras,
  given: ClickHouseModuleOptions,
  { useFactory, inject = [] }: Pick<ClickHouseModuleAsyncOptions, 'useFactory' | 'inject'>,
): DynamicModule {
  const { name } = extras;
  const token = clickHouseToken(name);
  const service: FactoryProvider<HttpService> = {
    provide: token,
    inject: [ClickHouseApplication, ...inject],
    useFactory: async (application: ClickHouseApplication, ...dependencies: unknown[]) => {
      const options = await useFactory(...dependencies);
      assertFactoryOptions(options);
      application.setFactoryOptions(token, options);
      return options.service ?? clickHouse(name === undefined ? {} : { connection: name });
    },
  };
  const lifecycle: FactoryProvider<ClickHouseLifecycle> = {
    provide: `${token}:lifecycle`,
    inject: [token, ClickHouseApplication, HttpAdapterHost],
    useFactory: (injected: HttpService, application: ClickHouseApplication, host: HttpAdapterHost) => {
      const options = application.factoryOptions(token) ?? given;
      application.add({ service: injected, options, extras });
      return new ClickHouseLifecycle(injected, options.drainTimeoutMs ?? 10_000, host);
    },
  };
  return {
    module: ClickHouseModule,
    global: true,
    imports: [ClickHouseApplicationModule],
    providers: [service, lifecycle, ClickHouseHealthIndicator],
    exports: [token, ClickHouseHealthIndicator],
  };
}
