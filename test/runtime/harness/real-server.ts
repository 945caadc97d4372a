import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freezeProcess } from './freeze-process.js';
import { serverBinary } from './server-binary.js';

/** A ClickHouse server process of the test. */
export interface RealServer extends AsyncDisposable {
  readonly url: string;
  /** Starts the server again on the same ports and data. Resolves when it responds. */
  start(): Promise<void>;
  /** Kills the server with SIGKILL, as a power failure does. Resolves when the process has exited. */
  kill(): Promise<void>;
  /** Stops the server, which keeps its connections and sends nothing until `thaw`. Resolves when all threads have stopped. */
  freeze(): Promise<void>;
  /** Continues a frozen server. */
  thaw(): void;
}

/** The user `guarded` has this password; `default` has none. */
export const guardedPassword = 'right';

const startTimeoutMs = 20_000;

/** Further content of the users file, in XML. */
export interface AccessXml {
  readonly profiles: string;
  readonly quotas: string;
  readonly users: string;
}

const noAccess: AccessXml = { profiles: '', quotas: '', users: '' };

/** Starts the installed ClickHouse server as a child process, on free loopback ports, in a temporary folder. */
export async function realServer(access: AccessXml = noAccess): Promise<RealServer> {
  const binary = serverBinary();
  if (binary === undefined)
    throw new Error('clickhouse-server is not installed. Install it with: apt-get install --no-install-recommends clickhouse-server');
  const folder = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-server-'));
  const [http, tcp, interserver] = await freePorts(3);
  const url = `http://127.0.0.1:${http}`;
  const config = configure(folder, { http_port: http, tcp_port: tcp, interserver_http_port: interserver }, access);
  let child: ChildProcess | undefined;
  const killNow = () => child?.kill('SIGKILL');
  // If the test process exits early, the server must not survive it.
  process.once('exit', killNow);

  async function start(): Promise<void> {
    child = spawn(binary ?? '', [`--config-file=${config}`], { cwd: folder, stdio: 'ignore' });
    const deadline = performance.now() + startTimeoutMs;
    while (!(await isResponding(url))) {
      if (child.exitCode !== null || performance.now() > deadline)
        throw new Error(`${binary} did not start within ${startTimeoutMs} ms. Its log was ${join(folder, 'error.log')}.`);
      await sleep(10);
    }
  }

  async function kill(): Promise<void> {
    const killed = child;
    child = undefined;
    if (killed?.exitCode !== null || killed.signalCode !== null) return;
    const exited = once(killed, 'exit');
    killed.kill('SIGKILL');
    await exited;
  }

  await start();
  return {
    url,
    start,
    kill,
    freeze: () => freezeProcess(child),
    thaw: () => child?.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      process.off('exit', killNow);
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function isResponding(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/ping`, { signal: AbortSignal.timeout(1_000) });
    return (await response.text()) === 'Ok.\n';
  } catch {
    return false;
  }
}

/** Returns free ports. Opens all of them before it closes the first: otherwise the system could return one twice. */
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

function configure(folder: string, ports: Record<string, number | undefined>, access: AccessXml): string {
  const folders = { path: 'data', tmp_path: 'tmp', format_schema_path: 'schemas' };
  for (const each of Object.values(folders)) mkdirSync(join(folder, each));
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
      element('profiles', `<default/>${access.profiles}`) +
        element('quotas', `<default/>${access.quotas}`) +
        element('users', Object.entries(users).map(user).join('') + access.users),
    ),
  );
  const file = join(folder, 'config.xml');
  const settings = {
    ...ports,
    ...Object.fromEntries(Object.entries(folders).map(([key, name]) => [key, join(folder, name, '/')])),
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
