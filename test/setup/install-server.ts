import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { serverBinary } from '../runtime/harness/server-binary.js';

/** Installs the ClickHouse server before all tests, if the process is root on a Debian system. */
export default function installServer(): void {
  if (serverBinary() !== undefined || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return;
  const options = { stdio: 'ignore', timeout: 100_000, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  spawnSync('apt-get', ['update', '-qq'], options);
  spawnSync('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'clickhouse-server'], options);
}
