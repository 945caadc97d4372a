import { existsSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import { toPosix } from '../project/paths.js';

/** Where answers are kept: in the default folder, in a folder that the user named, or nowhere. */
export type CachePlace =
  { readonly kind: 'default' } | { readonly kind: 'folder'; readonly folder: string } | { readonly kind: 'off'; readonly reason: string };

/** The place that the command line or the environment names. `settings`: neither names one, so the settings decide. */
export type CacheChoice = CachePlace | { readonly kind: 'settings' };

/** The choice of programs that did not ask for a cache. */
export const noCache: CacheChoice = { kind: 'off', reason: 'no host asked for it' };

/** Name of the environment variable that turns the cache off or names its folder. */
export const cacheVariable = 'CLICKHOUSE_SSOT_CACHE';

/** Returns what the variable `CLICKHOUSE_SSOT_CACHE` asks for. A folder starts from the working folder. */
export function cacheChoiceOf(variable: string | undefined): CacheChoice {
  if (variable === undefined || variable === '') return { kind: 'settings' };
  if (/^(?:0|off|no|false)$/i.test(variable)) return { kind: 'off', reason: `${cacheVariable} is ${variable}` };
  return /^(?:1|on|yes|true)$/i.test(variable) ? { kind: 'default' } : { kind: 'folder', folder: toPosix(resolve(variable)) };
}

/** Returns what the setting `cache` asks for. A folder starts from the root. */
export function cachePlaceOf(setting: boolean | string, root: string): CachePlace {
  if (typeof setting === 'string') return { kind: 'folder', folder: posix.resolve(root, toPosix(setting)) };
  return setting ? { kind: 'default' } : { kind: 'off', reason: 'the settings turn it off' };
}

/**
 * Returns the folder of the cache of a project; undefined if there is none. The default is `node_modules/.cache/clickhouse-ssot` of the
 * nearest folder, up to the one with `.git`, that has a `node_modules` or a `package.json`.
 */
export function cacheFolder(root: string, place: CachePlace): string | undefined {
  if (place.kind === 'off') return undefined;
  if (place.kind === 'folder') return place.folder;
  for (let folder = root; ; folder = posix.dirname(folder)) {
    const holds = (name: string): boolean => existsSync(posix.join(folder, name));
    if (holds('node_modules') || holds('package.json')) return posix.join(folder, 'node_modules/.cache/clickhouse-ssot');
    if (holds('.git') || posix.dirname(folder) === folder) return undefined;
  }
}
