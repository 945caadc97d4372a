/**
 * The purpose of a constructor. `client`: it gives access to the server. `migration`: it changes the schema and ends, so it is a script and
 * no second client of a deployable.
 */
export type ClientPurpose = 'client' | 'migration';

/** A package whose exports create ClickHouse clients. */
export interface ClientPackage {
  /** The specifier of the package. With a subpath, the entry is about that module of the package. */
  readonly package: string;
  /**
   * Names of the exports that create a client when they are called or constructed: `createClient`. A static method or a member of a
   * namespace is written with a dot: `ClickHouseModule.forRoot`. `default` stands for the default export, or the package itself.
   */
  readonly constructors: readonly string[];
  /** Default: `client`. */
  readonly purpose?: ClientPurpose;
  /** Options of the first argument that pass an existing client. A call with one of them creates none. Default: []. */
  readonly existing?: readonly string[];
  /** Version of the package that the entry was read from. Unset for packages of the settings. */
  readonly readFrom?: string;
}

/** A module of the project that exports a client of its own, such as one that talks HTTP itself. */
export interface ClientModule {
  /** Absolute path. */
  readonly module: string;
  /** As in `ClientPackage`. */
  readonly constructors: readonly string[];
}

/**
 * The client packages that are known without settings: clients, and libraries that create a client inside. To add one, read its code, not
 * only its README: list each export that leads to a client of its own. A library that only takes a client does not belong here, nor one
 * that starts a server without a client, such as `@testcontainers/clickhouse`: the test creates the client, and that call is found.
 */
export const clientPackages: readonly ClientPackage[] = [
  // Clients.
  { package: '@clickhouse/client', constructors: ['createClient'], readFrom: '1.23.1' },
  { package: '@clickhouse/client-web', constructors: ['createClient'], readFrom: '1.23.1' },
  { package: 'clickhouse', constructors: ['ClickHouse', 'default'], readFrom: '2.6.0' },
  { package: '@apla/clickhouse', constructors: ['ClickHouse', 'default'], readFrom: '1.6.4' },
  { package: '@posthog/clickhouse', constructors: ['ClickHouse', 'default'], readFrom: '1.7.0' },
  { package: '@cubejs-backend/apla-clickhouse', constructors: ['ClickHouse', 'default'], readFrom: '1.7.0' },
  { package: '@depyronick/clickhouse-client', constructors: ['ClickHouseClient'], readFrom: '2.1.0' },
  { package: 'clickhouse-nodejs', constructors: ['default'], readFrom: '1.0.4' },
  {
    package: '@push.rocks/smartclickhouse',
    constructors: ['SmartClickHouseDb', 'ClickhouseHttpClient', 'ClickhouseHttpClient.createAndStart'],
    readFrom: '2.2.0',
  },
  { package: 'chdb', constructors: ['Session', 'connect', 'session', 'database'], readFrom: '3.4.0' },
  { package: 'chdb/connection', constructors: ['createChdbConnection', 'ChdbConnection'], readFrom: '3.4.0' },

  // Modules of a dependency container: the container creates the client of a registration.
  {
    package: '@depyronick/nestjs-clickhouse',
    constructors: ['ClickHouseModule.register', 'ClickHouseModule.registerAsync', 'ClickHouseClient'],
    readFrom: '2.0.4',
  },
  { package: '@md03/nestjs-clickhouse', constructors: ['ClickHouseModule.forRoot', 'ClickHouseModule.forRootAsync'], readFrom: '1.0.0' },
  { package: '@oneralon/nestjs-clickhouse', constructors: ['ClickHouseModule.forRoot'], readFrom: '1.0.0' },
  {
    package: 'tr-nestjs-clickhouse',
    constructors: ['ClickHouseModule.forRoot', 'ClickHouseModule.forRootAsync', 'ClickHouseRegistry'],
    readFrom: '1.1.1',
  },
  { package: 'adonisjs-clickhouse', constructors: ['defineConfig'], readFrom: '1.0.2' },
  { package: 'adonisjs-clickhouse/clickhouse', constructors: ['ClickHouse'], readFrom: '1.0.2' },
  {
    package: '@effect/sql-clickhouse',
    constructors: ['ClickhouseClient.make', 'ClickhouseClient.layer', 'ClickhouseClient.layerConfig'],
    readFrom: '0.46.0',
  },
  { package: '@effect/sql-clickhouse/ClickhouseClient', constructors: ['make', 'layer', 'layerConfig'], readFrom: '0.46.0' },

  // Query builders, drivers and stores.
  {
    package: '@founderpath/kysely-clickhouse',
    constructors: ['ClickhouseDialect', 'ClickhouseDriver', 'ClickhouseConnection'],
    readFrom: '1.7.0',
  },
  {
    package: '@hypequery/clickhouse',
    constructors: ['createQueryBuilder', 'createClickHouseAdapter', 'ClickHouseAdapter', 'ClickHouseConnection.initialize'],
    existing: ['client', 'adapter'],
    readFrom: '2.10.1',
  },
  {
    package: '@mastra/clickhouse',
    constructors: [
      'ClickhouseStore',
      'ClickhouseStoreVNext',
      'MemoryStorageClickhouse',
      'ObservabilityStorageClickhouse',
      'ObservabilityStorageClickhouseVNext',
      'ScoresStorageClickhouse',
      'WorkflowsStorageClickhouse',
    ],
    existing: ['client'],
    readFrom: '1.16.0',
  },
  { package: '@cubejs-backend/clickhouse-driver', constructors: ['ClickHouseDriver', 'default'], readFrom: '1.7.43' },
  { package: '@dnap/knex-clickhouse-dialect', constructors: ['default'], readFrom: '1.0.2' },
  { package: '@kopai/clickhouse-datasource', constructors: ['ClickHouseReadDatasource'], readFrom: '0.9.0' },
  { package: '@transitive-sdk/clickhouse', constructors: ['init'], readFrom: '0.1.1' },
  { package: 'clickhouse-orm', constructors: ['ClickhouseOrm'], readFrom: '3.0.2' },

  // Migrations.
  { package: 'clickhouse-migrations', constructors: ['migration', 'migrate'], purpose: 'migration', readFrom: '1.4.0' },
  { package: 'migrate-clickhouse', constructors: ['database.connect'], purpose: 'migration', readFrom: '1.1.1' },
];

/**
 * Packages that mean the client wherever they come from: a package of the project with such a name is a copy of the client, and talks to
 * the server itself.
 */
export const officialClients: ReadonlySet<string> = new Set(['@clickhouse/client', '@clickhouse/client-web']);

/** The runtime package. A file that leases a session of it is a seed file; a file that only uses its service is not. */
export const runtimePackage = '@clickhouse-ssot/runtime';

/** An export of a package, or of a module of the project, that creates a client. */
export interface ClientConstructor {
  /** The specifier of the package; for a module of the project, its path relative to the root. */
  readonly package: string;
  /** The name of the export, with a dot before the name of a member. */
  readonly name: string;
  readonly purpose: ClientPurpose;
  /** Options of the first argument that pass an existing client. */
  readonly existing: readonly string[];
}
