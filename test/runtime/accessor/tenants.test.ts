import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ClickHouseTenants,
  closeClickHouse,
  ConfigError,
  ManagerClosedError,
  outcomeOf,
  TenantLimitError,
  type TenantsOptions,
} from '../../../runtime/src/index.js';
import { fakeServer, type FakeServer } from '../harness/fake-server.js';

afterEach(async () => {
  vi.unstubAllEnvs();
  await closeClickHouse({ timeoutMs: 0 });
});

/** A server that records the user and the password of each request. It answers at once, or when `respond` is called. */
async function tenantServer(
  answer: 'at once' | 'later' = 'at once',
): Promise<FakeServer & { readonly logins: readonly string[]; readonly respond: () => void }> {
  const logins: string[] = [];
  const responses: (() => void)[] = [];
  const server = await fakeServer((response, { headers: { authorization = '' } }) => {
    logins.push(Buffer.from(authorization.slice('Basic '.length), 'base64').toString());
    if (answer === 'at once') response.end('Ok.\n');
    else responses.push(() => response.end('Ok.\n'));
  });
  const respond = (): void => {
    for (const end of responses.splice(0)) end();
  };
  return { ...server, logins, respond };
}

const command = { query: 'SELECT 1' };

describe('a tenant', () => {
  it('gets its own credentials, and none of the process', async () => {
    await using server = await tenantServer();
    vi.stubEnv('CLICKHOUSE_USER', 'own');
    vi.stubEnv('CLICKHOUSE_PASSWORD', 'OWN-SECRET');
    vi.stubEnv('CLICKHOUSE_URL', `http://own:OWN-SECRET@${new URL(server.url).host}`);
    await using tenants = new ClickHouseTenants();
    await tenants.for({ url: server.url, username: 'a', password: 'secret-a' }).command(command);
    await tenants.for({ url: server.url, username: 'b' }).command(command);
    await tenants.for({ url: server.url, username: 'c', password: undefined }).command(command);
    await tenants.for({ url: server.url }).command(command);
    expect(server.logins).toEqual(['a:secret-a', 'b:', 'c:', 'default:']);
  });

  it('has one manager for each configuration, password included', async () => {
    await using server = await tenantServer();
    await using tenants = new ClickHouseTenants({ maxConcurrentStatements: 3, settings: { max_threads: 2 } });
    const managerFor = (password: string) => tenants.for({ url: server.url, username: 'a', password }).manager;
    expect(managerFor('one')).toBe(managerFor('one'));
    expect(managerFor('one')).not.toBe(managerFor('other'));
    expect(managerFor('one').config).toMatchObject({ maxConcurrentStatements: 3, settings: { max_threads: 2 } });
    expect(tenants.for({ url: server.url, settings: { max_threads: 4 } }).manager.config.settings).toEqual({ max_threads: 4 });
  });

  it('with an invalid configuration fails alone, and is not opened', async () => {
    await using server = await tenantServer();
    await using tenants = new ClickHouseTenants({ max: 1 });
    const [valid, invalid] = [tenants.for({ url: server.url }), tenants.for({ url: server.url, port: 9000 })];
    await valid.command(command);
    await expect(invalid.command(command)).rejects.toThrow(ConfigError);
    await valid.command(command);
    expect(tenants.stats).toMatchObject({ open: 1, opened: 1, evicted: 0 });
  });

  it('must name its server, so that no tenant runs on the embedded engine by accident', async () => {
    await using tenants = new ClickHouseTenants();
    const url: string | undefined = process.env['URL_OF_NO_TENANT'];
    await expect(tenants.for({ url }).command(command)).rejects.toThrow('the server of the tenant');
    await expect(tenants.for({ username: 'a' }).command(command)).rejects.toThrow(ConfigError);
  });

  it('is closed by its service, and opened again by the next statement', async () => {
    await using server = await tenantServer();
    await using tenants = new ClickHouseTenants();
    const identity = { url: server.url, username: 'a' };
    await tenants.for(identity).command(command);
    await tenants.for(identity).close();
    expect(tenants.stats.open).toBe(0);
    await tenants.for(identity).command(command);
    expect(tenants.stats).toMatchObject({ open: 1, opened: 2 });
  });
});

describe('at the maximum of open tenants', () => {
  it('the tenant that is idle for longest is drained, and works again later', async () => {
    await using server = await tenantServer();
    await using tenants = new ClickHouseTenants({ max: 2 });
    const [a, b, c] = ['a', 'b', 'c'].map((username) => tenants.for({ url: server.url, username }));
    for (const service of [a, b, a, c]) await service?.command(command);
    expect(tenants.stats).toMatchObject({ max: 2, open: 2, evicted: 1 });
    expect(a?.manager.stats.granted).toBe(2);
    await b?.command(command);
    expect(tenants.stats).toMatchObject({ open: 2, opened: 4, evicted: 2 });
    expect(server.logins).toEqual(['a:', 'b:', 'a:', 'c:', 'b:']);
  });

  it('a running tenant is never drained: the statement fails, and was not sent', async () => {
    await using server = await tenantServer('later');
    await using tenants = new ClickHouseTenants({ max: 1 });
    const running = tenants.for({ url: server.url, username: 'a' }).command(command);
    await server.received(1);
    const failure: unknown = await tenants
      .for({ url: server.url, username: 'b' })
      .command(command)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(TenantLimitError);
    expect(failure).toMatchObject({ code: 'TENANT_LIMIT', max: 1, retryable: true });
    expect(failure instanceof TenantLimitError && outcomeOf(failure)).toBe('never-sent');
    expect(tenants.stats).toMatchObject({ open: 1, busy: 1 });
    server.respond();
    await running;
    const next = tenants.for({ url: server.url, username: 'b' }).command(command);
    await server.received(2);
    server.respond();
    await next;
    expect(server.logins).toEqual(['a:', 'b:']);
  });

  it('an unread result, a session and a statement of the manager keep their tenant open', async () => {
    await using server = await tenantServer();
    await using tenants = new ClickHouseTenants({ max: 3 });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((username) => tenants.for({ url: server.url, username }));
    const result = await a?.query({ query: 'SELECT 1', format: 'JSONEachRow' });
    const session = await b?.manager.session();
    const other = await c?.manager.service.query({ query: 'SELECT 1', format: 'JSONEachRow' });
    await expect(d?.command(command)).rejects.toThrow(TenantLimitError);
    result?.close();
    await d?.command(command);
    session?.release();
    other?.close();
  });
});

it('a tenant is drained after idleMs', async () => {
  await using server = await tenantServer();
  await using tenants = new ClickHouseTenants({ idleMs: 1 });
  const service = tenants.for({ url: server.url });
  await service.command(command);
  await expect.poll(() => tenants.stats).toMatchObject({ open: 0, expired: 1 });
  await service.command(command);
  expect(tenants.stats.opened).toBe(2);
});

it('a tenant is not drained while a statement runs for longer than idleMs', async () => {
  await using server = await tenantServer('later');
  await using tenants = new ClickHouseTenants({ idleMs: 1 });
  const running = tenants.for({ url: server.url, username: 'a' }).command(command);
  const short = tenants.for({ url: server.url, username: 'b' });
  await server.received(1);
  expect(short.manager.state).toBe('open');
  await expect.poll(() => tenants.stats).toMatchObject({ open: 1, busy: 1, expired: 1 });
  server.respond();
  await running;
  await expect.poll(() => tenants.stats.open).toBe(0);
});

describe('the end of all tenants', () => {
  it.each<[string, (tenants: ClickHouseTenants) => Promise<void>]>([
    ['drain()', (tenants) => tenants.drain()],
    ['await using', (tenants) => tenants[Symbol.asyncDispose]()],
    ['closeClickHouse()', () => closeClickHouse()],
  ])('by %s lets running statements finish, rejects others, and allows later ones', async (_, end) => {
    await using server = await tenantServer('later');
    const tenants = new ClickHouseTenants();
    const [used, unused] = ['a', 'b'].map((username) => tenants.for({ url: server.url, username }));
    const running = used?.command(command);
    await server.received(1);
    const ended = end(tenants);
    await expect(used?.command(command)).rejects.toThrow(ManagerClosedError);
    await expect(unused?.command(command)).rejects.toThrow(ManagerClosedError);
    server.respond();
    await Promise.all([running, ended]);
    expect(tenants.stats).toMatchObject({ open: 0, opened: 1 });
    const later = used?.command(command);
    await server.received(2);
    server.respond();
    await later;
  });

  it('by close() terminates running statements', async () => {
    await using server = await tenantServer('later');
    const tenants = new ClickHouseTenants();
    const running = expect(tenants.for({ url: server.url }).command(command)).rejects.toMatchObject({ code: 'STATEMENT_TERMINATED' });
    await server.received(1);
    await tenants.close();
    await running;
  });
});

describe('the options of all tenants are rejected', () => {
  it.each<[string, object, string]>([
    ['if a limit is invalid', { max: 0, idleMs: Number.NaN }, 'tenants.idleMs: found NaN'],
    ['if they name a server', { url: 'http://ch:8123' }, 'tenants.url: found a default for all tenants'],
    ['if they have a password', { password: 'OWN-SECRET' }, 'tenants.password'],
    ['if they name the environment', { env: {} }, 'tenants read no environment variables'],
  ])('%s', (_, options: TenantsOptions, text) => {
    const construct = (): ClickHouseTenants => new ClickHouseTenants(options);
    expect(construct).toThrow(ConfigError);
    expect(construct).toThrow(text);
    expect(construct).not.toThrow('OWN-SECRET');
  });

  it('in the parameter of for()', async () => {
    await using tenants = new ClickHouseTenants();
    const input: object = { url: 'http://127.0.0.1:9', retry: false };
    await expect(tenants.for(input).command(command)).rejects.toThrow('retry: found an option in the parameter of for()');
  });
});
