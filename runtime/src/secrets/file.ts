import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseSecret, type SecretSource } from './source.js';

/**
 * Returns a source for a file, such as a secret of Docker or Kubernetes. Each `get` reads the file. `onChange` watches its folder.
 *
 * `get` rejects with the error of the file system if the file cannot be read, and with ConfigError if it holds no password. `onChange`
 * throws the error of the file system if the folder does not exist.
 * @param path of the file. It holds a password, or JSON with `password` and optionally `username`.
 */
export function fileSecret(path: string): SecretSource {
  return {
    get: async () => parseSecret(await readFile(path), path),
    onChange: (listener) => {
      let latest: Promise<string | undefined> = readIfPresent(path);
      // Kubernetes does not change the file: it replaces the symbolic link `..data` in the folder.
      const watcher = watch(dirname(path), { persistent: false }, () => {
        latest = latest.then(async (before) => {
          const now = await readIfPresent(path);
          if (now !== undefined && now !== before) listener();
          return now ?? before;
        });
      });
      // A deleted folder has no further events. The next `get` reports the error.
      watcher.on('error', () => watcher.close());
      return () => watcher.close();
    },
    describe: () => path,
  };
}

/** Resolves with undefined if the file cannot be read, as between the removal of an old file and the creation of its successor. */
function readIfPresent(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
