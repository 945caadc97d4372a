import type { ClickHouseSettings } from '@clickhouse/client';
import type { ConfiguredClientOptions } from './client-options.js';
import type { Environment } from './environment.js';
import type { Secret } from './secret.js';

/** A server over HTTP, as one of the two kinds of `Engine`. */
export interface ServerEngine {
  /** A server over HTTP. */
  readonly kind: 'server';
  /** Origin of the first server, without credentials: `https://host:8443`. */
  readonly url: string;
  /** Origins of all servers, which differ only in host and port. The first one is `url`. */
  readonly endpoints: readonly string[];
  /** Host of the first server. */
  readonly host: string;
  /** Port of the first server's HTTP interface, 1 to 65,535. Default: 8443 with `secure`, else 8123. */
  readonly port: number;
  /** Path of ClickHouse behind a reverse proxy, such as `/clickhouse`. Undefined: none. */
  readonly pathname: string | undefined;
  /** Whether the connection uses TLS. Default: `false`. */
  readonly secure: boolean;
  /** Name of the ClickHouse user. Default: `default`. */
  readonly username: string;
  /** Password of the user. Default: empty. */
  readonly password: Secret;
  /** Access token, which takes the place of `username` and `password`. Undefined: none. */
  readonly accessToken: Secret | undefined;
  /** Roles of the statements that name none. Undefined: the default roles of the user. */
  readonly role: readonly string[] | undefined;
  /** Path of a PEM file with the certificates of trusted authorities. Undefined: those of Node.js. */
  readonly caFile: string | undefined;
  /** Path of a PEM file with the certificate of this client. Undefined: none. */
  readonly certFile: string | undefined;
  /** Path of a PEM file with the private key of `certFile`. Undefined: none. */
  readonly keyFile: string | undefined;
  /** Whether request bodies are compressed. Default: `false`. */
  readonly compressRequests: boolean;
  /** Whether the server compresses its responses. Default: `false`. */
  readonly compressResponses: boolean;
}

/** The ClickHouse behind a configuration: a server, or the engine inside this process. */
export type Engine =
  | ServerEngine
  | {
      /** The ClickHouse engine inside this process, `chdb`. */
      readonly kind: 'embedded';
      /** Data folder. Default: `:memory:`, which keeps the data in memory until the process ends. */
      readonly dataPath: string;
    };

/** The part of a configuration that has the same meaning in every run time. */
export interface BaseConfig {
  /** Name of the connection. Absent for the unnamed connection. */
  readonly connection?: string | undefined;
  /** Environment of the process. */
  readonly environment: Environment;
  /** Database of statements that name none. Default: `default`. */
  readonly database: string;
  /** Maximum number of statements that run at the same time, 1 to 1,000,000. Default: 10. */
  readonly maxConcurrentStatements: number;
  /** Maximum number of statements in the queue for a permit, 0 to 1,000,000. With 0, no statement waits. Default: 1,000. */
  readonly maxWaitingStatements: number;
  /** Maximum time in the queue for a permit, in milliseconds, 1 to 86,400,000. Default: 10,000. */
  readonly acquireTimeoutMs: number;
  /** Maximum time without a byte from the server, in milliseconds, 1 to 86,400,000. Default: 30,000. */
  readonly requestTimeoutMs: number;
  /** Maximum time of a statement from its call to the end of its result, in milliseconds, 1 to 86,400,000. Undefined: no limit. */
  readonly deadlineMs: number | undefined;
  /** ClickHouse settings of every statement. The settings of a statement override them. Default: none. */
  readonly settings: Readonly<ClickHouseSettings>;
  /**
   * Source of each value, by key: `code`, `CLICKHOUSE_HOST`, `CLICKHOUSE_URL`, `default`, `secret: <name>`. For credentials that are not
   * used, the reason: `default (CLICKHOUSE_PASSWORD is for another server)`.
   */
  readonly provenance: Readonly<Record<string, string>>;
}

/** A complete and frozen configuration. No other code reads the environment or defines a default for these keys. */
export interface ClickHouseConfig extends BaseConfig {
  /** The server, or the embedded engine. */
  readonly engine: Engine;
  /** Options that are passed to the official client. Default: none. */
  readonly client: ConfiguredClientOptions;
  /** Maximum time to connect, TLS included, in milliseconds, 1 to 86,400,000. Default: 5,000. */
  readonly connectTimeoutMs: number;
  /** Maximum age of a client, in milliseconds, 1 to 86,400,000. A new client resolves host names again. Undefined: no limit. */
  readonly maxLifetimeMs: number | undefined;
  /** Age at which a permit in use is reported as a leak, in milliseconds, 1 to 86,400,000. Undefined: no reports. */
  readonly leakDetectionThresholdMs: number | undefined;
  /** Name of the application, which the server logs as the user agent. Undefined: none. */
  readonly application: string | undefined;
}
