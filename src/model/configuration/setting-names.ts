import { unknownPart } from '../environment/static-texts.js';

/** Words behind the name of ClickHouse that mean a connection. */
const connectionWords = new Set(
  'URL URI URLS HOST HOSTS HOSTNAME PORT USER USERNAME PASSWORD PASS PASSWD PWD AUTH DB DATABASE DSN SECURE SSL TLS PROTO PROTOCOL SCHEME TIMEOUT ENDPOINT ADDR ADDRESS SERVER SERVERS TOKEN CONNECTIONS CONNECTION'.split(
    ' ',
  ),
);

/** Words behind `MAX` that mean a limit of a connection or of its statements. */
const limitedWords = new Set('OPEN CONNECTIONS SOCKETS EXECUTION MEMORY THREADS'.split(' '));

/** Words of switches in front of the name of ClickHouse. */
const switchWords = new Set('AUTH USE SKIP KEEP REUSE IS HAS WITH ALLOW FORCE ENABLE DISABLE'.split(' '));

/** Words of switches, builds, versions and control interfaces: such a variable configures no connection. */
const otherWords = new Set(
  'ENABLED ENABLE DISABLED DISABLE BUILD MODE VERSION IMAGE TAG FLAG LEVEL API ISSUER CONTAINER BATCH SAMPLE EXPORTER BACKUP TABLE DOCS DOC GRAFANA UI KEEPER PROMETHEUS METRICS DASHBOARD CONSOLE WEBHOOK MCP OPERATOR STATUS'.split(
    ' ',
  ),
);

/**
 * Whether the name of a variable says that it is a setting of a connection to ClickHouse: `CLICKHOUSE_URL`, `VITE_CLICKHOUSE_HOST`,
 * `clickhousePassword`. `CLICKHOUSE_ENABLED`, `CLICKHOUSE_VERSION` and `AUTH_CLICKHOUSE_CLOUD_ISSUER` are none.
 */
export function isConnectionSetting(name: string): boolean {
  const words = wordsOf(name);
  const index = words.indexOf('CLICKHOUSE');
  if (index < 0) return false;
  const before = words.slice(0, index);
  const behind = words.slice(index + 1);
  if (before.some((word) => switchWords.has(word)) || words.some((word) => otherWords.has(word))) return false;
  if (behind.join() === 'KEY' || (behind[0] === 'MAX' && behind.some((word) => limitedWords.has(word)))) return true;
  return behind.some((word) => connectionWords.has(word) || word.includes(unknownPart));
}

function wordsOf(name: string): string[] {
  return name
    .replace(/click_?house/gi, (match, offset: number) => `${offset > 0 ? '_' : ''}CLICKHOUSE_`)
    .split(/[_\-.]+|(?<=[a-z0-9])(?=[A-Z])/)
    .filter((word) => word !== '')
    .map((word) => word.toUpperCase());
}

/** Names that mean a connection to any database, or something else in most programs. */
const commonName =
  /^(?:(?:APP|DATABASE|DB|POSTGRES\w*|PG|MYSQL|REDIS|SQL|SERVER|DATA)_?)?(?:URL|URI|HOST|HOSTNAME|PORT|USER|USERNAME|PASSWORD|NAME|SECRET|TOKEN|KEY|ENV)$|^NODE_ENV$|^DATABASE$|^DB$/i;

/** Whether a variable that reaches a client is known by its name wherever it is read. */
export function isDistinctName(name: string): boolean {
  return !commonName.test(name) && !name.includes(unknownPart);
}
