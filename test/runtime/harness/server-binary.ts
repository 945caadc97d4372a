import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What a test is called that needs the binary: who reports skipped tests counts them by it. */
export const onRealServer = 'on a real server';

/** The ClickHouse server of this machine. Debian installs it where only root looks. */
export function serverBinary(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin'];
  return folders.map((folder) => join(folder, 'clickhouse-server')).find((file) => existsSync(file));
}
