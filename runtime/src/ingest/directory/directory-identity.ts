import { join } from 'node:path';
import { isObject } from '../../config/validate-options.js';
import { ConfigError, IngestStoreError } from '../../errors/index.js';
import type { IngestEnvironment } from '../batch/environment.js';
import { type Disk, isMissing, onDisk, replaceFile } from './disk.js';
import { formatRun, parseSegmentName, runNumberOf } from './segment-name.js';

/** What a directory says about itself. */
export interface DirectoryIdentity {
  /** Begins the tokens of all batches of the directory. */
  readonly id: string;
  /** Identifies this start of the ingest: a number that grows, and a random part in case the directory was copied. */
  readonly run: string;
}

/** Version of the layout of the directory. */
const format = 1;

interface IdentityFile {
  readonly format: number;
  readonly table: string;
  readonly id: string;
  /** Number of starts so far. No two batches of a directory ever have the same token, also if all files between them are gone. */
  readonly runs: number;
}

/**
 * Reads the identity of a directory, creates it in a new one, and counts the start. Call it under the lock.
 * @throws ConfigError if the directory is that of another table or of a newer version; IngestStoreError
 */
export async function beginRun(
  directory: string,
  table: string,
  { disk, environment }: { readonly disk: Disk; readonly environment: Pick<IngestEnvironment, 'newId'> },
): Promise<DirectoryIdentity> {
  const path = join(directory, 'ingest.json');
  const known = await readIdentity(path, disk);
  if (known && known.format !== format)
    throw wrongDirectory(`the format ${known.format} in ${path}`, `the format ${format}, or a newer version of this package`);
  if (known && known.table !== table)
    throw wrongDirectory(`a directory with rows of ${known.table}`, `a directory of its own for ${table}`);
  const runs = Math.max(known?.runs ?? 0, await lastRunIn(directory, disk)) + 1;
  const next: IdentityFile = { format, table, id: known?.id ?? environment.newId(), runs };
  try {
    await onDisk('write', path, () => replaceFile(disk, directory, path, `${JSON.stringify(next)}\n`));
  } catch (error) {
    // On a full disk, the rows in the directory may be what fills it. The names of the files have the last number, too.
    if (!known || !(error instanceof IngestStoreError && error.retryable)) throw error;
  }
  return { id: next.id, run: formatRun(next.runs, randomHex(environment)) };
}

/** Returns the highest number of a run among the files. 0 if there is none. */
async function lastRunIn(directory: string, disk: Disk): Promise<number> {
  const names = await onDisk('list', directory, () => disk.list(directory));
  const segments = names.map((name) => parseSegmentName(name)).filter((name) => name !== undefined);
  return segments.reduce((highest, { run }) => Math.max(highest, runNumberOf(run)), 0);
}

async function readIdentity(path: string, disk: Disk): Promise<IdentityFile | undefined> {
  let text: string;
  try {
    text = (await onDisk('read', path, () => disk.read(path))).toString();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  const identity = parseIdentity(text);
  if (!identity)
    throw wrongDirectory(
      `an unreadable ${path}`,
      'the file that the ingest has written. Delete it to go on: rows in the directory are delivered, and those of a batch that was sent before may be inserted twice',
    );
  return identity;
}

function parseIdentity(text: string): IdentityFile | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value)) return undefined;
    const [version, table, id, runs] = ['format', 'table', 'id', 'runs'].map((key): unknown => Reflect.get(value, key));
    const isIdentity = typeof version === 'number' && typeof table === 'string' && typeof id === 'string' && typeof runs === 'number';
    return isIdentity ? { format: version, table, id, runs } : undefined;
  } catch {
    return undefined;
  }
}

function randomHex({ newId }: Pick<IngestEnvironment, 'newId'>): string {
  return newId()
    .replace(/[^0-9a-f]/g, '')
    .padStart(8, '0')
    .slice(0, 8);
}

function wrongDirectory(found: string, expected: string): ConfigError {
  return new ConfigError([{ key: 'directory', found, expected }]);
}
