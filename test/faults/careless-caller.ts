// A process whose callers start failing statements and stop waiting for them after 20 ms. It prints each unhandled error.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ClickHouseConfigInput,
  type FactoryOptions,
  loadClickHouseConfig,
  type ManagerOptions,
} from '../../runtime/src/index.js';
import { fakeServer } from '../runtime/harness/fake-server.js';

const unhandled: string[] = [];
for (const event of ['unhandledRejection', 'uncaughtException', 'warning'] as const)
  process.on(event, (error: unknown) => {
    const isExpected = error instanceof Error && error.name === 'ClickHouseSsotWarning';
    if (!isExpected) unhandled.push(`${event}: ${String(error)}`);
  });

const selectOne = { query: 'SELECT 1', format: 'JSONEachRow' } as const;
const insertOne = { table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' } as const;
const nothing = (): undefined => undefined;

/** Waits for the statements for 20 ms at most, and ignores their failures. */
const carelessly = (...statements: readonly Promise<unknown>[]): Promise<unknown> =>
  Promise.all(statements.map((statement) => Promise.race([statement, sleep(20)]).catch(nothing)));

function managerOf(
  url: string,
  input: ClickHouseConfigInput = {},
  options: Partial<ManagerOptions> = {},
  factory: FactoryOptions = {},
): ClickHouseConnectionManager {
  return new ClickHouseConnectionManager({
    config: loadClickHouseConfig({ url, ...input }, {}),
    factory: new ClickHouseConnectionFactory(factory),
    ...options,
  });
}

const silent = await fakeServer(nothing);
const broken = await fakeServer((response) => void response.destroy());
const halfway = await fakeServer((response) => void response.write('{"n":1}\n', () => setTimeout(() => response.destroy(), 10)));
const endless = await fakeServer((response) => {
  const more = (): void => {
    while (!response.destroyed && response.write('{"n":1}\n'.repeat(1_000)));
  };
  response.on('drain', more);
  more();
});
const rejecting = await fakeServer(
  (response) =>
    void response.writeHead(403, { 'x-clickhouse-exception-code': '516' }).end('Code: 516. DB::Exception: no. (AUTHENTICATION_FAILED)'),
);
const closed = await fakeServer(nothing);
await closed[Symbol.asyncDispose]();

const scenarios: Readonly<Record<string, () => Promise<void>>> = {
  async 'lost connections'() {
    const manager = managerOf(broken.url);
    await carelessly(
      manager.service.query(selectOne),
      manager.service.insert(insertOne),
      manager.service.command(selectOne),
      manager.service.exec(selectOne),
      manager.service.ping(),
    );
    await manager.close();
  },
  async 'results that are not read, and that break off or are terminated'() {
    for (const { url } of [halfway, endless]) {
      const manager = managerOf(url);
      await manager.service.query(selectOne).catch(nothing);
      await manager.service.exec(selectOne).catch(nothing);
      (await manager.service.query(selectOne)).stream();
      (await manager.service.query(selectOne)).close();
      await carelessly((await manager.service.query(selectOne)).json());
      await carelessly((await manager.service.query(selectOne)).text());
      await sleep(50);
      await manager.drain({ timeoutMs: 10 });
    }
  },
  async 'aborts before, during and after'() {
    const manager = managerOf(endless.url);
    const controller = new AbortController();
    await carelessly(manager.service.query({ ...selectOne, abort_signal: AbortSignal.abort() }));
    const result = await manager.service.query({ ...selectOne, abort_signal: controller.signal });
    const reading = result.text();
    controller.abort();
    controller.abort();
    await carelessly(reading);
    const other = managerOf(silent.url);
    const late = new AbortController();
    const statement = other.service.query({ ...selectOne, abort_signal: late.signal });
    await carelessly(statement);
    late.abort();
    await Promise.all([manager.close(), other.close()]);
  },
  async 'queues that are full, slow and closed'() {
    const manager = managerOf(silent.url, { maxConcurrentStatements: 1, maxWaitingStatements: 2, acquireTimeoutMs: 30 });
    const statements = Array.from({ length: 5 }, () => manager.service.query(selectOne));
    await carelessly(...statements);
    await sleep(50);
    const waiting = [manager.service.query(selectOne), manager.service.query(selectOne)];
    await carelessly(manager.drain({ timeoutMs: 0 }), manager.drain(), manager.close(), ...waiting, manager.service.query(selectOne));
  },
  async deadlines() {
    const manager = managerOf(silent.url, { deadlineMs: 30, maxConcurrentStatements: 1 });
    await carelessly(manager.service.query(selectOne), manager.service.insert(insertOne), manager.service.query(selectOne));
    await sleep(60);
    await manager.close();
  },
  async 'creations that fail, hang and outlive the manager'() {
    const failing = managerOf(silent.url, {}, {}, { onCreate: () => Promise.reject(new Error('no')) });
    await carelessly(failing.service.query(selectOne), failing.service.query(selectOne), failing.warmUp());
    const hanging = managerOf(silent.url, {}, {}, { onCreate: () => sleep(100) });
    await carelessly(hanging.service.query(selectOne), hanging.warmUp());
    await Promise.all([failing.close(), hanging.close()]);
    await sleep(150);
  },
  async 'rotations that fail'() {
    const manager = managerOf(silent.url, { requestTimeoutMs: 50 });
    await carelessly(
      manager.service.query(selectOne),
      manager.rotate(loadClickHouseConfig({ url: closed.url }, {})),
      manager.rotate(),
      manager.rotate(loadClickHouseConfig({ url: broken.url }, {})),
    );
    await manager.close();
    await carelessly(manager.rotate());
  },
  async 'breakers that open, and recovery pings that fail'() {
    const manager = managerOf(closed.url, {}, { breaker: { minimumCalls: 2 }, retry: { maxAttempts: 2, initialDelayMs: 1 } });
    for (let i = 0; i < 4; i++) await carelessly(manager.service.query(selectOne), manager.service.insert(insertOne));
    await sleep(600);
    await manager.close();
  },
  async 'sessions that are lost, abandoned and used after their release'() {
    const manager = managerOf(silent.url, { requestTimeoutMs: 50 });
    const controller = new AbortController();
    const session = await manager.session();
    const statement = session.query({ ...selectOne, abort_signal: controller.signal });
    await carelessly(statement, session.query(selectOne));
    controller.abort();
    await carelessly(session[Symbol.asyncDispose]());
    await carelessly(session.query(selectOne));
    await manager.session();
    await manager.close();
  },
  async 'credentials that cannot be renewed'() {
    const manager = managerOf(rejecting.url);
    const renewal = manager.onAuthenticationFailure(() => Promise.reject(new Error('the source is down')));
    const controller = new AbortController();
    await carelessly(
      manager.service.query(selectOne),
      manager.service.insert(insertOne),
      manager.service.query({ ...selectOne, abort_signal: controller.signal }),
    );
    controller.abort();
    renewal[Symbol.dispose]();
    await manager.close();
  },
};

for (const [name, run] of Object.entries(scenarios)) {
  await run().catch((error: unknown) => unhandled.push(`the scenario failed: ${String(error)}`));
  // Node reports an unhandled rejection one turn later.
  await sleep(10);
  if (unhandled.length > 0) console.log(`${name}:\n${unhandled.splice(0).join('\n')}`);
}
await Promise.all([silent, broken, halfway, endless, rejecting].map((server) => server[Symbol.asyncDispose]()));
console.log(`${Object.keys(scenarios).length} scenarios`);
