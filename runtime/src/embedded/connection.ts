import type { createClient } from '@clickhouse/client';

export type EngineConnection = NonNullable<NonNullable<Parameters<typeof createClient>[0]>['connection']>;
