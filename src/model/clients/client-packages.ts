/** A package whose exports create ClickHouse clients. */
export interface ClientPackage {
  /** The specifier of the package, without subpath. */
  readonly package: string;
  /** Names of the exported functions and classes that create a client; `default` stands for the package itself. */
  readonly constructors: readonly string[];
}

/** The client packages that are known without settings. Read by `ModelCache`, which adds those of the settings. */
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

/** The runtime package. A file that leases a session of it is a seed file; a file that only uses its service is not. */
export const runtimePackage = '@clickhouse-ssot/runtime';

/** An export of a package that creates a client. */
export interface ClientConstructor {
  /** The specifier of the package, without subpath. */
  readonly package: string;
  /** The name of the export. */
  readonly name: string;
}
