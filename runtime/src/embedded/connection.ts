import type { createClient } from '@clickhouse/client';

/** The connection contract of the official client: the type of its `connection` option. The client marks it as experimental. */
export type EngineConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;
