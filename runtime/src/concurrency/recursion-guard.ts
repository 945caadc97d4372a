import { AsyncLocalStorage } from 'node:async_hooks';
import { ConnectionRecursionError } from '../errors/index.js';
import { type EntryPoints, externalCaller } from './call-site.js';

/** A creation of a connection. Code that it started may run longer than the creation itself. */
interface Creation {
  readonly key: string;
  /** The call that started the creation, for the path of an error. */
  readonly step: string;
  /** The creation that started this one. */
  readonly outer: Creation | undefined;
  isOver: boolean;
}

const creations = new AsyncLocalStorage<Creation>();
let running = 0;

/**
 * Throws if the creation of a connection requests the same connection, directly or through other calls. A request from outside the creation
 * does not throw: it waits for the connection.
 * @param key returns the key of the requested connection
 * @param step names the request in the path of the error
 * @throws ConnectionRecursionError
 */
export function assertNotRecursive(key: () => string, step: string, entryPoints: EntryPoints): void {
  // If no creation is running, a call costs only this comparison.
  if (running === 0) return;
  const steps: string[] = [];
  for (let creation = creations.getStore(); creation; creation = creation.outer) {
    if (creation.isOver) continue;
    steps.unshift(creation.step);
    if (creation.key === key()) throw new ConnectionRecursionError([...steps, `${step}${externalCaller(entryPoints)}`]);
  }
}

/**
 * Runs `create` as the creation of a connection: `assertNotRecursive` recognises every call that it makes, also after an `await`.
 * @throws the error of `create`
 */
export async function runAsCreation<Result>(
  key: string,
  step: string,
  entryPoints: EntryPoints,
  create: () => Promise<Result>,
): Promise<Result> {
  const creation: Creation = { key, step: `${step}${externalCaller(entryPoints)}`, outer: creations.getStore(), isOver: false };
  running++;
  try {
    return await creations.run(creation, create);
  } finally {
    creation.isOver = true;
    // While the storage is enabled, every `await` of the process is slower.
    if (--running === 0) creations.disable();
  }
}
