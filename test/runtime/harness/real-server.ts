import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serverBinary } from './server-binary.js';

export interface RealServer extends AsyncDisposable {
  readonly url: string;
  /** Again on the same ports and data. Settles when it answers. */
  start(): Promise<void>;
  /** As kill -9 does, or a machine that loses its power. Settles when it is gone. */
  kill(): Promise<void>;
  /** It keeps its connections and says nothing, until it is thawed. Settles when its last thread stands still. */
  freeze(): Promise<void>;
  thaw(): void;
}

/** The user `guarded` has this password; `default` has none. */
export const guardedPassword = 'right';

const startWithinMs = 20_000;

/** A ClickHouse server of this machine as an ordinary child process, on free loopback ports, in a folder that goes with it. */
export async function realServer(): Promise<RealServer> {
  const binary = serverBinary();
  if (binary === undefined)
    throw new Error(
      'There is no clickhouse-server on this machine. Get it with: apt-get install --no-install-recommends clickhouse-server',
    );
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-server-'));
  const [http, tcp, interserver] = await freePorts(3);
  const url = `http://127.0.0.1:${http}`;
  const config = configure(folder, { http_port: http, tcp_port: tcp, interserver_http_port: interserver });
  let child: ChildProcess | undefined;
  const killNow = () => child?.kill('SIGKILL');
  // Whoever is killed between its tests leaves no server behind.
  process.once('exit', killNow);

  async function start(): Promise<void> {
    child = spawn(binary ?? '', [`--config-file=${config}`], { cwd: folder, stdio: 'ignore' });
    const givesUpAt = performance.now() + startWithinMs;
    while (!(await answers(url))) {
      if (child.exitCode !== null || performance.now() > givesUpAt)
        throw new Error(`${binary} did not start within ${startWithinMs} ms. Its log was ${join(folder, 'error.log')}.`);
      await sleep(10);
    }
  }

  async function kill(): Promise<void> {
    const dying = child;
    child = undefined;
    if (dying?.exitCode !== null || dying.signalCode !== null) return;
    const gone = once(dying, 'exit');
    dying.kill('SIGKILL');
    await gone;
  }

  await start();
  return {
    url,
    start,
    kill,
    async freeze() {
      child?.kill('SIGSTOP');
      while (child?.pid !== undefined && !standsStill(child.pid)) await sleep(1);
    },
    thaw: () => child?.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      process.off('exit', killNow);
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** A signal stops one thread after the other, and each may give one more answer. */
function standsStill(pid: number): boolean {
  const tasks = `/proc/${pid}/task`;
  try {
    // The state stands behind the name, which may have any character in it.
    return readdirSync(tasks).every((task) => readFileSync(`${tasks}/${task}/stat`, 'latin1').split(') ').at(-1)?.startsWith('T'));
  } catch {
    // One of them has just ended.
    return false;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(1_000) });
    return (await answer.text()) === 'Ok.\n';
  } catch {
    return false;
  }
}

/** Held all at once, or the first might be given again. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listening()));
  const ports = servers.map((server) => server.address()).map((address) => (typeof address === 'object' && address ? address.port : 0));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listening() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function configure(folder: string, ports: Record<string, number | undefined>): string {
  const places = { path: 'data', tmp_path: 'tmp', format_schema_path: 'schemas' };
  for (const place of Object.values(places)) mkdirSync(join(folder, place));
  const users = { default: '', guarded: guardedPassword };
  const user = ([name, password]: [string, string]) =>
    element(
      name,
      `${element('password', password)}<networks><ip>127.0.0.1</ip></networks><profile>default</profile><quota>default</quota>`,
    );
  const usersFile = join(folder, 'users.xml');
  writeFileSync(
    usersFile,
    element(
      'yandex',
      `<profiles><default/></profiles><quotas><default/></quotas>${element('users', Object.entries(users).map(user).join(''))}`,
    ),
  );
  const file = join(folder, 'config.xml');
  const settings = {
    ...ports,
    ...Object.fromEntries(Object.entries(places).map(([key, place]) => [key, join(folder, place, '/')])),
    listen_host: '127.0.0.1',
    interserver_http_host: '127.0.0.1',
    users_config: usersFile,
    default_profile: 'default',
    default_database: 'default',
    mark_cache_size: 1 << 26,
    timezone: 'UTC',
    logger: `<level>warning</level>${element('log', join(folder, 'server.log'))}${element('errorlog', join(folder, 'error.log'))}`,
  };
  writeFileSync(
    file,
    element(
      'yandex',
      Object.entries(settings)
        .map(([key, value]) => element(key, String(value)))
        .join('\n'),
    ),
  );
  return file;
}

function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`;
}
