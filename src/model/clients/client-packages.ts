/** A package whose exports make ClickHouse clients. */
export interface ClientPackage {
  readonly package: string;
  /** Exported functions and classes that make a client; `default` is what the package itself is. */
  readonly constructors: readonly string[];
}

export const clientPackages: readonly ClientPackage[] = [
  { package: '@clickhouse/client', constructors: ['createClient'] },
  { package: '@clickhouse/client-web', constructors: ['createClient'] },
  { package: 'clickhouse', constructors: ['ClickHouse', 'default'] },
  { package: '@apla/clickhouse', constructors: ['ClickHouse', 'default'] },
  { package: '@posthog/clickhouse', constructors: ['ClickHouse', 'default'] },
  { package: '@depyronick/clickhouse-client', constructors: ['ClickHouseClient'] },
  { package: 'chdb', constructors: ['Session', 'connect', 'session', 'database'] },
  { package: 'chdb/connection', constructors: ['createChdbConnection', 'ChdbConnection'] },
];

/** What leases sessions of a connection manager: files that do so belong to the slice, the many that merely ask it for its service do not. */
export const runtimePackage = '@clickhouse-ssot/runtime';

/** One way to make a client: which package, by which export. */
export interface ClientConstructor {
  readonly package: string;
  readonly name: string;
}
