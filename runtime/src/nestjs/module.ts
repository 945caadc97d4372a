import type { DynamicModule, FactoryProvider, Provider } from '@nestjs/common';
import { APP_FILTER, HttpAdapterHost } from '@nestjs/core';
import { clickHouse } from '../accessor/click-house.js';
import type { HttpService } from '../http/options.js';
import { ClickHouseExceptionFilter } from './exception-filter.js';
import { ClickHouseHealthIndicator } from './health-indicator.js';
import { clickHouseToken } from './inject.js';
import { ClickHouseLifecycle } from './lifecycle.js';
import {
  assertAsyncOptions,
  assertModuleOptions,
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
    const { name, mapErrors, ...rest } = options;
    return moduleOf({ name, mapErrors }, { useFactory: () => rest });
  }

  /**
   * Returns the module of a service whose options need other providers or a promise.
   * @throws ConfigError if an option is unknown or invalid; the start of the application rejects with it if `useFactory` returns such an option
   */
  static forRootAsync(options: ClickHouseModuleAsyncOptions): DynamicModule {
    assertAsyncOptions(options);
    const { imports = [], inject = [], useFactory, ...extras } = options;
    return { ...moduleOf(extras, { useFactory, inject }), imports };
  }
}

function moduleOf(
  { name, mapErrors = true }: ClickHouseModuleExtras,
  factory: Pick<FactoryProvider<ClickHouseModuleOptions>, 'useFactory' | 'inject'>,
): DynamicModule {
  const token = clickHouseToken(name);
  const optionsToken = `${token}:options`;
  const service: FactoryProvider<HttpService> = {
    provide: token,
    inject: [optionsToken],
    useFactory: (options: ClickHouseModuleOptions) => {
      assertModuleOptions(options);
      return options.service ?? clickHouse(name === undefined ? {} : { connection: name });
    },
  };
  const lifecycle: FactoryProvider<ClickHouseLifecycle> = {
    provide: `${token}:lifecycle`,
    inject: [token, optionsToken, HttpAdapterHost],
    useFactory: (injected: HttpService, { drainTimeoutMs = 10_000 }: ClickHouseModuleOptions, host: HttpAdapterHost) =>
      new ClickHouseLifecycle(injected, drainTimeoutMs, host),
  };
  const filter: FactoryProvider<ClickHouseExceptionFilter> = {
    provide: APP_FILTER,
    inject: [HttpAdapterHost, optionsToken],
    useFactory: (host: HttpAdapterHost, { onFailure }: ClickHouseModuleOptions) => new ClickHouseExceptionFilter(host, { onFailure }),
  };
  const providers: Provider[] = [
    { provide: optionsToken, ...factory },
    service,
    lifecycle,
    ClickHouseHealthIndicator,
    ...(mapErrors ? [filter] : []),
  ];
  return { module: ClickHouseModule, global: true, providers, exports: [token, ClickHouseHealthIndicator] };
}
