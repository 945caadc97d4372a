import { describe, expect, it } from 'vitest';
import { type ClickHouseConfigInput, ConfigError, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { loadClickHouseConfigWithSecrets } from '../../../runtime/src/secrets.js';

type Env = Record<string, string>;

function serverOf(input: ClickHouseConfigInput, env: Env | false) {
  const { engine, database } = loadClickHouseConfig(input, env);
  if (engine.kind === 'embedded') return 'embedded';
  return [engine.url, engine.pathname ?? '/', engine.username, engine.password.reveal(), database].join(' ');
}

function problemsOf(input: object, env: Env | false = {}) {
  try {
    loadClickHouseConfig(input, env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the variables of a deployment are understood', () => {
  it.each<[string, Env, string]>([
    [
      'a URL as the host, and another name of the database',
      { CLICKHOUSE_HOST: 'http://clickhouse:8123', CLICKHOUSE_DB: 'analytics', CLICKHOUSE_PASSWORD: 'frog' },
      'http://clickhouse:8123 / default frog analytics',
    ],
    [
      'host and port in one, and other names of user and TLS',
      { CLICKHOUSE_HOST: 'ch:8443', CLICKHOUSE_SSL: 'true', CLICKHOUSE_USERNAME: 'u', CLICKHOUSE_PASS: 'p', CLICKHOUSE_CLUSTER: 'c' },
      'https://ch:8443 / u p default',
    ],
    ['a URL as the host, and the port', { CLICKHOUSE_HOST: 'http://ch', CLICKHOUSE_PORT: '8124' }, 'http://ch:8124 / default  default'],
    [
      'a protocol',
      { CLICKHOUSE_HOSTNAME: 'ch', CLICKHOUSE_PROTOCOL: 'https', CLICKHOUSE_HTTP_PORT: '9' },
      'https://ch:9 / default  default',
    ],
    ['an IPv6 address with a port', { CLICKHOUSE_HOST: '[::1]:9' }, 'http://[::1]:9 / default  default'],
    [
      'the port of the native protocol beside the HTTP port',
      { CLICKHOUSE_HOST: 'ch', CLICKHOUSE_PORT: '9000', CLICKHOUSE_HTTP_PORT: '8124' },
      'http://ch:8124 / default  default',
    ],
    [
      'a port of TLS with a word about TLS',
      { CLICKHOUSE_HOST: 'ch', CLICKHOUSE_PORT: '8443', CLICKHOUSE_SECURE: 'false' },
      'http://ch:8443 / default  default',
    ],
    [
      'an empty variable of another tool',
      { CLICKHOUSE_HOST: 'ch', CLICKHOUSE_HTTPS: '', CLICKHOUSE_CONNECT_TIMEOUT: '' },
      'http://ch:8123 / default  default',
    ],
    [
      'two URLs, of which one completes the other',
      { CLICKHOUSE_URL: 'http://u:p@ch:1/proxy/db', CLICKHOUSE_HOST: 'http://ch:1' },
      'http://ch:1 /proxy u p db',
    ],
    [
      'the same value under two names',
      { CLICKHOUSE_HOST: 'ch', CLICKHOUSE_SECURE: '1', CLICKHOUSE_TLS: 'yes' },
      'https://ch:8443 / default  default',
    ],
  ])('%s', (_, env, server) => {
    expect(serverOf({}, env)).toBe(server);
  });

  it('and the provenance is the variable that was read', () => {
    const { provenance, maxConcurrentStatements } = loadClickHouseConfig(
      {},
      { CLICKHOUSE_HOST: 'http://ch', CLICKHOUSE_DB: 'a', CLICKHOUSE_MAX_OPEN_CONNECTIONS: '30' },
    );
    expect(maxConcurrentStatements).toBe(30);
    expect(provenance).toMatchObject({
      host: 'CLICKHOUSE_HOST',
      database: 'CLICKHOUSE_DB',
      maxConcurrentStatements: 'CLICKHOUSE_MAX_OPEN_CONNECTIONS',
    });
  });

  it('in code, a host may be a URL or have a port as well', () => {
    expect(serverOf({ host: 'https://u:p@ch/db' }, {})).toBe('https://ch:8443 / u p db');
    expect(serverOf({ host: 'ch:9' }, {})).toBe('http://ch:9 / default  default');
  });

  it.each<[Env, string, string]>([
    [{ CLICKHOUSE_HOST: 'h', CLICKHOUSE_USER: 'a', CLICKHOUSE_USERNAME: 'b' }, 'CLICKHOUSE_USERNAME', 'CLICKHOUSE_USER'],
    [{ CLICKHOUSE_HOST: 'h', CLICKHOUSE_PASSWORD: 'hunter2', CLICKHOUSE_PASS: 'hunter3' }, 'CLICKHOUSE_PASS', 'CLICKHOUSE_PASSWORD'],
    [{ CLICKHOUSE_HOST: 'h:1', CLICKHOUSE_PORT: '2' }, 'CLICKHOUSE_PORT', 'CLICKHOUSE_HOST'],
    [{ CLICKHOUSE_URL: 'http://h/a', CLICKHOUSE_DB: 'b' }, 'CLICKHOUSE_DB', 'CLICKHOUSE_URL'],
    [{ CLICKHOUSE_URL: 'http://one', CLICKHOUSE_HOST: 'http://two' }, 'CLICKHOUSE_HOST', 'CLICKHOUSE_URL'],
    [{ CLICKHOUSE_URL: 'http://bob:hunter2@h', CLICKHOUSE_HOST: 'http://ann@h' }, 'CLICKHOUSE_HOST', 'CLICKHOUSE_URL'],
    [{ CLICKHOUSE_URL: 'http://u:hunter2@h', CLICKHOUSE_HOST: 'http://u:hunter3@h' }, 'CLICKHOUSE_HOST', 'CLICKHOUSE_URL'],
    [{ CLICKHOUSE_URL: 'http://u:hunter2@h/x/db', CLICKHOUSE_HOST: 'http://h/y/db' }, 'CLICKHOUSE_HOST', 'CLICKHOUSE_URL'],
    [{ CLICKHOUSE_URL: 'http://u:hunter2@h', CLICKHOUSE_HOST: 'http://h/y/db' }, 'CLICKHOUSE_HOST', 'CLICKHOUSE_URL'],
    [{ CLICKHOUSE_URL: 'http://h/x/db', CLICKHOUSE_HOST: 'http://u:hunter2@h' }, 'CLICKHOUSE_HOST', 'CLICKHOUSE_URL'],
  ])('two variables that contradict each other are rejected with both names: %j', (env, key, other) => {
    const problems = problemsOf({}, env);
    expect(problems).toEqual([
      { key, found: expect.stringContaining(`in ${other}`) as string, expected: 'the same in both, or only one of the two' },
    ]);
    expect(JSON.stringify(problems)).not.toContain('hunter');
  });

  it('variables of other tools do not stop the start', () => {
    const others = [
      'MIGRATIONS_DIR',
      'LOG_LEVEL',
      'CLUSTER',
      'NATIVE_PORT',
      'TCP_PORT',
      'NODE',
      'TEST',
      'TTL',
      'SETTINGS',
      'SKIP_USER_SETUP',
    ];
    const env = Object.fromEntries(others.map((name) => [`CLICKHOUSE_${name}`, '9000']));
    expect(problemsOf({}, { ...env, CLICKHOUSE_HOST: 'h', CLICKHOUSE_DSN: 'tcp://h:9000' })).toEqual([]);
    expect(problemsOf({}, { CLICKHOUSE_HSOT: 'h' })).toMatchObject([{ key: 'CLICKHOUSE_HSOT', expected: '"CLICKHOUSE_HOST"' }]);
  });
});

it.each<[Env]>([
  [{ CLICKHOUSE_HOST: 'h', CLICKHOUSE_PORT: '8443' }],
  [{ CLICKHOUSE_HOST: 'h:443' }],
  [{ CLICKHOUSE_URL: 'clickhouse://u:hunter2@h:8443' }],
])('a port that is usual with TLS needs a word about TLS, since the password would go there in clear text: %j', (env) => {
  expect(problemsOf({}, env)).toEqual([
    {
      key: Object.keys(env).at(-1),
      found: expect.stringMatching(/^port \d+, which is usual with TLS, and nothing that says whether the server has TLS$/) as string,
      expected: 'https:// or http:// in the URL, or CLICKHOUSE_SECURE=true or false',
    },
  ]);
  expect(serverOf({ secure: true }, env)).toMatch(/^https:/);
});

it.each(['ENDPOINT', 'ADDR', 'SERVER', 'DSN'])('CLICKHOUSE_%s without a server does not start the embedded engine', (name) => {
  expect(problemsOf({}, { [`CLICKHOUSE_${name}`]: 'http://h:8123' })).toMatchObject([{ key: `CLICKHOUSE_${name}` }]);
  expect(problemsOf({}, { [`CLICKHOUSE_${name}`]: 'h:9000', CLICKHOUSE_HOST: 'h', CLICKHOUSE_URL: 'http://h' })).toEqual([]);
});

describe('a variable that is not read is not judged', () => {
  const invalid = {
    CLICKHOUSE_URL: 'nonsense',
    CLICKHOUSE_HOST: 'a|b',
    CLICKHOUSE_PORT: 'tcp://10.1.2.3:8123',
    CLICKHOUSE_USER: '"quoted"',
    CLICKHOUSE_DATABASE: '${DATABASE}',
    CLICKHOUSE_SECURE: 'maybe',
    CLICKHOUSE_PATHNAME: '?',
  };

  it('since code has the values', () => {
    expect(serverOf({ url: 'http://u:p@ch', database: 'shop' }, invalid)).toBe('http://ch:8123 / u p shop');
    expect(serverOf({ host: 'ch', port: 1, secure: false, pathname: '/', username: 'u', database: 'shop' }, invalid)).toBe(
      'http://ch:1 / u  shop',
    );
  });

  it('since a named connection has its own values', () => {
    const env = { ...invalid, CLICKHOUSE_TEAM_URL: 'http://u:p@ch/shop' };
    expect(serverOf({ connection: 'team' }, env)).toBe('http://ch:8123 / u p shop');
  });

  it('and is judged where its value is used', () => {
    expect(problemsOf({ url: 'http://ch' }, invalid).map(({ key }) => key)).toEqual(['CLICKHOUSE_DATABASE']);
  });
});

describe('no environment', () => {
  const before = { ...process.env };

  it('is read with `false`, NODE_ENV included', async () => {
    try {
      Object.assign(process.env, {
        NODE_ENV: 'production',
        CLICKHOUSE_URL: 'http://own',
        CLICKHOUSE_PASSWORD: 'OWN-SECRET',
        CLICKHOUSE_HSOT: 'x',
      });
      expect(loadClickHouseConfig({}, false)).toMatchObject({ environment: 'development', engine: { kind: 'embedded' } });
      expect(serverOf({ url: 'http://tenant' }, false)).toBe('http://tenant:8123 / default  default');
      const passwordFrom = { get: () => Promise.resolve('p'), describe: () => 'source' };
      const { engine } = await loadClickHouseConfigWithSecrets({ url: 'http://tenant', passwordFrom }, false);
      expect(engine.kind === 'server' && engine.password.reveal()).toBe('p');
    } finally {
      for (const name of ['NODE_ENV', 'CLICKHOUSE_URL', 'CLICKHOUSE_PASSWORD', 'CLICKHOUSE_HSOT']) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
    }
  });

  it('is needed if code names the environment of the process', () => {
    expect(loadClickHouseConfig({ environment: 'staging', url: 'http://h' }, { NODE_ENV: 'test' })).toMatchObject({
      environment: 'staging',
      provenance: { environment: 'code' },
    });
    expect(problemsOf({ environment: 'production' }, false)).toMatchObject([{ key: 'url', found: 'nothing' }]);
    expect(problemsOf({ environment: 'prod', url: 'http://h' }, false)).toMatchObject([{ key: 'environment', found: '"prod"' }]);
  });
});

it('inherited properties of input and environment are not read', () => {
  const names = ['host', 'url', 'password', 'connection', 'environment', 'settings', 'CLICKHOUSE_HOST', 'CLICKHOUSE_PASSWORD', 'NODE_ENV'];
  try {
    for (const name of names) Object.defineProperty(Object.prototype, name, { value: 'evil', configurable: true, writable: true });
    expect(serverOf({}, {})).toBe('embedded');
    expect(serverOf({ port: 9, url: 'http://h' }, {})).toBe('http://h:9 / default  default');
  } finally {
    for (const name of names) Reflect.deleteProperty(Object.prototype, name);
  }
  const [input, env] = [Object.create(null) as object, Object.create(null) as Env];
  expect(serverOf(Object.assign(input, { url: 'http://h' }), Object.assign(env, { CLICKHOUSE_PASSWORD: 'p' }))).toBe(
    'http://h:8123 / default p default',
  );
});

describe('the path of a URL', () => {
  it.each([
    ['http://ch:8123/', 'http://ch:8123 / default  default'],
    ['http://ch:8123/db/', 'http://ch:8123 / default  db'],
    ['https://proxy/clickhouse/db', 'https://proxy:8443 /clickhouse default  db'],
    ['https://proxy/a/b/db/', 'https://proxy:8443 /a/b default  db'],
    ['https://proxy/db?pathname=/clickhouse', 'https://proxy:8443 /clickhouse default  db'],
    ['https://proxy?pathname=clickhouse/', 'https://proxy:8443 /clickhouse default  default'],
  ])('of %s is read', (url, server) => {
    expect(serverOf({ url }, {})).toBe(server);
  });

  it('that contradicts the parameter is rejected', () => {
    expect(problemsOf({ url: 'https://proxy/a/db?pathname=/b' })).toMatchObject([{ key: 'url', expected: 'only one of the two' }]);
  });
});

describe('the parameters of a URL', () => {
  it('of the official client are understood', () => {
    const parameters = 'request_timeout=5&max_open_connections=3&compression_request=1&compression_response=1&application=shop&role=a,b';
    const config = loadClickHouseConfig(
      { settings: { max_threads: 2 } },
      { CLICKHOUSE_URL: `http://h?${parameters}&ch_max_threads=4&clickhouse_setting_max_block_size=9` },
    );
    expect(config).toMatchObject({
      requestTimeoutMs: 5,
      maxConcurrentStatements: 3,
      application: 'shop',
      engine: { compressRequests: true, compressResponses: true, role: ['a', 'b'] },
      settings: { max_threads: 2, max_block_size: '9' },
      provenance: { requestTimeoutMs: 'CLICKHOUSE_URL?request_timeout' },
    });
  });

  it.each([
    ['compression=1', 'compression_response=1'],
    ['session_id=x', 'manager.session()'],
    ['http_header_x=y', 'client.http_headers'],
    ['keep_alive_enabled=1', 'client.keep_alive'],
    ['keep_alive_idle_socket_ttl=1', 'client.keep_alive'],
    ['log_level=OFF', 'client.log'],
    ['user=u', 'before the host'],
    ['request_timout=1', '"request_timeout"'],
  ])('without a key are rejected with what to write: %s', (parameter, expected) => {
    expect(problemsOf({ url: `http://h?${parameter}` })).toEqual([
      { key: 'url', found: expect.any(String) as string, expected: expect.stringContaining(expected) as string },
    ]);
  });
});

describe('a value that cannot work is rejected at load, by its shape', () => {
  it.each<[object, string]>([
    [{ host: 'fe80::1%eth0' }, 'an IPv6 address with a zone'],
    [{ host: '999.1.1.1' }, '"999.1.1.1"'],
    [{ host: 'h%' }, '"h%"'],
    [{ host: 'a|b' }, '"a|b"'],
    [{ host: '\0h' }, 'text with a control character'],
    [{ host: '"db.example.com"' }, 'text in quotes'],
    [{ host: '${CLICKHOUSE_HOST}' }, 'an unexpanded ${CLICKHOUSE_HOST}'],
    [{ host: '<host>' }, 'a placeholder that was not replaced'],
    [{ host: 'user:hunter2@h' }, 'text with "@", as in user:password@host'],
    [{ url: 'user:hunter2@h' }, 'text without http:// or https://'],
    [{ url: 'h:8123' }, 'host:port'],
    [{ url: "'http://u:hunter2@h'" }, 'text in quotes'],
    [{ url: 'http://u:${PASSWORD:-hunter2}@h' }, 'an unexpanded ${PASSWORD}'],
    [{ url: 'http://u:hunter2@h:99999' }, 'a URL whose port is not a number up to 65,535'],
    [{ url: 'http://u:hunter2@a,b:1/db' }, 'several hosts in one URL'],
    [{ host: 'h', username: '"u"' }, 'text in quotes'],
    [{ host: 'h', username: 'u:v' }, 'a user name with ":"'],
    [{ host: 'h', database: '{{ database }}' }, 'a placeholder that was not replaced'],
    [{ host: 'h', application: 'a\nb' }, 'a value of several lines'],
    [{ host: 'h', application: '日本' }, '"日本", which no HTTP header can hold'],
    [{ host: 'h', accessToken: 'hunter2 hunter2' }, 'text with a space in it'],
    [{ host: 'h', pathname: '/a/../b' }, 'the path "/a/../b"'],
    [{ host: 'h', role: [] }, 'an empty list'],
    [{ host: 'h', password: 5 }, 'a number'],
  ])('%j', (input, found) => {
    const problems = problemsOf(input);
    expect(problems.map((problem) => problem.found)).toEqual([found]);
    expect(JSON.stringify(problems)).not.toContain('hunter2');
  });

  it('but not a password, which may have any form', () => {
    expect(serverOf({ host: 'h', password: '"${x}" ' }, {})).toBe('http://h:8123 / default "${x}"  default');
  });
});
