import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Part of the name of each test that needs the binary. The report of skipped tests counts them by it. */
export const onRealServer = 'on a real server';

/** Returns the path of the installed ClickHouse server. Debian installs it in /usr/sbin, which is only in the PATH of root. */
export function serverBinary(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, 'clickhouse-server')).find((file) => existsSync(file));
}
