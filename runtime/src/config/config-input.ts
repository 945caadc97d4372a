import type { ClickHouseClientOptions } from './client-options.js';
import type { ClickHouseSettings } from '@clickhouse/client';
import type { Environment } from './environment.js';

/** The keys that have an environment variable. */
export interface ConfigKeys {
  /**
   * The server, as `https://user:password@host:8443/database`, `https://proxy/pathname/database` or `clickhouse://host/database?secure=1`.
   * Several servers that differ only in host and port are separated by commas, or are a list. The key of a part overrides that part of the
   * URL. Default: none. Variable: `CLICKHOUSE_URL`.
   */
  readonly url?: string | readonly string[] | undefined;
  /**
   * Host name or IP address of the server. `host:port` and a URL are understood as well. Default: none.
   * Variables: `CLICKHOUSE_HOST`, `CLICKHOUSE_HOSTNAME`.
   */
  readonly host?: string | undefined;
  /**
   * Port of the server's HTTP interface, 1 to 65,535. The usual ports of the native protocol, 9000 and 9440, are rejected.
   * Default: 8443 with `secure`, else 8123. Variables: `CLICKHOUSE_PORT`, `CLICKHOUSE_HTTP_PORT`.
   */
  readonly port?: number | undefined;
  /**
   * Path of ClickHouse behind a reverse proxy, such as `/clickhouse`. Default: `/`, or the path of the URL before the database.
   * Variable: `CLICKHOUSE_PATHNAME`.
   */
  readonly pathname?: string | undefined;
  /**
   * Name of the ClickHouse user, not empty and without a colon. A user of the environment applies only to the server that the environment
   * names. Default: `default`. Variables: `CLICKHOUSE_USER`, `CLICKHOUSE_USERNAME`.
   */
  readonly username?: string | undefined;
  /**
   * Password of the user. A password of the environment applies only to the server and the user that the environment names. An empty text
   * is an empty password. Default: empty. Variables: `CLICKHOUSE_PASSWORD`, `CLICKHOUSE_PASS`.
   */
  readonly password?: string | undefined;
  /**
   * Access token of the user, a JWT of ClickHouse Cloud. It takes the place of `username` and `password`, and cannot be combined with
   * them. Default: none. Variable: `CLICKHOUSE_ACCESS_TOKEN`.
   */
  readonly accessToken?: string | undefined;
  /**
   * Role of the statements that name none. Several roles are a list, or are separated by commas. Default: the default roles of the user.
   * Variable: `CLICKHOUSE_ROLE`.
   */
  readonly role?: string | readonly string[] | undefined;
  /**
   * Database of statements that name none, not empty. Default: `default`. Variables: `CLICKHOUSE_DATABASE`, `CLICKHOUSE_DB`.
   */
  readonly database?: string | undefined;
  /**
   * Whether the connection uses TLS. As text: `true`, `1`, `yes`, `on` or `false`, `0`, `no`, `off`, in any case.
   * Default: `false`, or as the scheme of the URL says. Variables: `CLICKHOUSE_SECURE`, `CLICKHOUSE_SSL`, `CLICKHOUSE_TLS`, and
   * `CLICKHOUSE_PROTOCOL` with `http` or `https`.
   */
  readonly secure?: boolean | undefined;
  /**
   * Path of a PEM file with the certificates of trusted authorities. They replace those of Node.js. Needs TLS. The file is read for each new
   * client. Default: none. Variable: `CLICKHOUSE_CA_FILE`.
   */
  readonly caFile?: string | undefined;
  /**
   * Path of a PEM file with the certificate of this client. Needs TLS and `keyFile`. The file is read for each new client.
   * Default: none. Variable: `CLICKHOUSE_CERT_FILE`.
   */
  readonly certFile?: string | undefined;
  /**
   * Path of a PEM file with the private key of `certFile`. Needs TLS and `certFile`. The file is read for each new client.
   * Default: none. Variable: `CLICKHOUSE_KEY_FILE`.
   */
  readonly keyFile?: string | undefined;
  /** Whether request bodies are compressed. Text as for `secure`. Default: `false`. Variable: `CLICKHOUSE_COMPRESS_REQUESTS`. */
  readonly compressRequests?: boolean | undefined;
  /** Whether the server compresses its responses. Text as for `secure`. Default: `false`. Variable: `CLICKHOUSE_COMPRESS_RESPONSES`. */
  readonly compressResponses?: boolean | undefined;
  /**
   * Data folder of the embedded engine. `:memory:` keeps the data in memory until the process ends. Cannot be combined with a server.
   * Default: `:memory:`. Variable: `CLICKHOUSE_DATA_PATH`.
   */
  readonly dataPath?: string | undefined;
  /**
   * Maximum number of statements that run at the same time, 1 to 1,000,000. A statement runs until its result is read to the end or closed.
   * Default: 10. Variables: `CLICKHOUSE_MAX_CONCURRENT_STATEMENTS`, `CLICKHOUSE_MAX_OPEN_CONNECTIONS`.
   */
  readonly maxConcurrentStatements?: number | undefined;
  /**
   * Maximum number of statements in the queue for a permit, 0 to 1,000,000. A further statement fails with QueueFullError. With 0, no
   * statement waits. Default: 1,000. Variable: `CLICKHOUSE_MAX_WAITING_STATEMENTS`.
   */
  readonly maxWaitingStatements?: number | undefined;
  /**
   * Maximum time in the queue for a permit, in milliseconds, 1 to 86,400,000. After it a statement fails with AcquireTimeoutError.
   * Default: 10,000. Variable: `CLICKHOUSE_ACQUIRE_TIMEOUT_MS`.
   */
  readonly acquireTimeoutMs?: number | undefined;
  /**
   * Maximum time to connect, TLS included, in milliseconds, 1 to 86,400,000. `requestTimeoutMs` limits it as well. After it a statement fails
   * with ConnectError. Default: 5,000. Variable: `CLICKHOUSE_CONNECT_TIMEOUT_MS`.
   */
  readonly connectTimeoutMs?: number | undefined;
  /**
   * Maximum time without a byte from the server, in milliseconds, 1 to 86,400,000. After it a statement fails with TimeoutError.
   * Default: 30,000. Variable: `CLICKHOUSE_REQUEST_TIMEOUT_MS`.
   */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * Maximum time of a statement from its call to the end of its result, in milliseconds, 1 to 86,400,000. After it the statement fails with
   * DeadlineExceededError. Default: no limit. Variable: `CLICKHOUSE_DEADLINE_MS`.
   */
  readonly deadlineMs?: number | undefined;
  /**
   * Maximum age of a client, in milliseconds, 1 to 86,400,000. The manager replaces it at 90 to 100 % of this age, so that host names are
   * resolved again and PEM files are read again. Default: no limit. Variable: `CLICKHOUSE_MAX_LIFETIME_MS`.
   */
  readonly maxLifetimeMs?: number | undefined;
  /**
   * Age at which a permit in use is reported as a leak, with the call that acquired it, in milliseconds, 1 to 86,400,000.
   * Default: no reports, since each captured call costs microseconds. Variable: `CLICKHOUSE_LEAK_DETECTION_THRESHOLD_MS`.
   */
  readonly leakDetectionThresholdMs?: number | undefined;
  /** Name of the application, Latin characters. The server logs it as the user agent. Default: none. Variable: `CLICKHOUSE_APPLICATION`. */
  readonly application?: string | undefined;
}

/**
 * The configuration in code. A key that is absent or undefined comes from `url`, else from its environment variable, else from the URL in the
 * environment, else it has its default. Only own properties are read.
 */
export interface ClickHouseConfigInput extends ConfigKeys {
  /**
   * Name of a connection with environment variables of its own: `analytics` reads `CLICKHOUSE_ANALYTICS_URL`. Lower-case letters, digits and
   * single underscores. Default: none, the unnamed connection.
   */
  readonly connection?: string | undefined;
  /**
   * Environment of the process: `development`, `test`, `staging` or `production`. The last two need a server. Default: from
   * `CLICKHOUSE_ENV`, `APP_ENV` or `NODE_ENV`; `development` if no environment is read.
   */
  readonly environment?: Environment | undefined;
  /** ClickHouse settings of every statement, by name. The settings of a statement override them. Default: none. */
  readonly settings?: Readonly<ClickHouseSettings> | undefined;
  /** Options of the official client that have no key of their own, such as `json` and `http_headers`. Default: none. */
  readonly client?: ClickHouseClientOptions | undefined;
}
