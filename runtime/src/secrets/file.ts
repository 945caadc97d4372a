import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readSecret, type SecretSource } from './source.js';

/** A secret that Docker or Kubernetes puts into a file. Each `get` reads it anew. */
export function fileSecret(path: string): SecretSource {
  return {
    get: async () => readSecret(await readFile(path), path),
    onChange: (listener) => {
      let known: Promise<string | undefined> = content(path);
      // The folder, since Kubernetes leaves the file alone: it swaps the symbolic link `..data` that the file's own leads through.
      const watcher = watch(dirname(path), { persistent: false }, () => {
        known = known.then(async (before) => {
          const now = await content(path);
          if (now !== undefined && now !== before) listener();
          return now ?? before;
        });
      });
      // A folder that goes away tells of nothing more; `get` says what is wrong with it.
      watcher.on('error', () => watcher.close());
      return () => watcher.close();
    },
    describe: () => path,
  };
}

/** Undefined for the moment in which one is gone and the next is not there. */
function content(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}
