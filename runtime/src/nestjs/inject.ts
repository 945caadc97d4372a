import { Inject } from '@nestjs/common';
import { assertServiceName } from './options.js';

/**
 * Returns the injection token of a service, for `overrideProvider()` in tests and for `inject` of other providers.
 * @param name `name` of the module's options. Default: the service without a name.
 * @throws ConfigError if the name is no text, is empty, has spaces or is `default`
 */
export function clickHouseToken(name?: string): string {
  assertServiceName('clickHouseToken', name);
  // A text, so that two copies of this package have the same token.
  return name === undefined ? 'ClickHouseService' : `ClickHouseService:${name}`;
}

/**
 * Injects a service into a constructor: `constructor(@InjectClickHouse() private readonly clickhouse: ManagedClient)`.
 * @param name `name` of the module's options. Default: the service without a name.
 * @throws ConfigError if the name is no text, is empty, has spaces or is `default`
 */
export function InjectClickHouse(name?: string): ReturnType<typeof Inject> {
  return Inject(clickHouseToken(name));
}
