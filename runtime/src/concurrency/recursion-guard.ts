import { AsyncLocalStorage } from 'node:async_hooks';
import { ConnectionRecursionError } from '../errors/index.js';
import { processWideValue } from '../process/process-wide-value.js';
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

/** The running creations of the process. All copies of this package share them, since a creation in one may request a connection of another. */
interface Creations {
  readonly context: AsyncLocalStorage<Creation>;
  /** Number of creations that have not ended. */
  running: number;
}

const isCreations = (value: object): value is Creations => 'context' in value && 'running' in value;

const creations = processWideValue('creations@1', isCreations, () => ({ context: new AsyncLocalStorage<Creation>(), running: 0 }));

/**
 * Throws if the creation of a connection requests the same connection, directly or through other calls. A request from outside the creation
 * does not throw: it waits for the connection.
 * @param key returns the key of the requested connection
 * @param step names the request in the path of the error
 * @throws ConnectionRecursionError
 */
export function assertNotRecursive(key: () => string, step: string, entryPoints: EntryPoints): void {
  const { context, running } = creations();
  // If no creation is running, a call costs only this comparison.
  if (running === 0) return;
  const steps: string[] = [];
  for (let creation = context.getStore(); creation; creation = creation.outer) {
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
  const all = creations();
  const creation: Creation = { key, step: `${step}${externalCaller(entryPoints)}`, outer: all.context.getStore(), isOver: false };
  all.running++;
  try {
    return await all.context.run(creation, create);
  } finally {
    creation.isOver = true;
    // While the storage is enabled, every `await` of the process is slower.
    if (--all.running === 0) all.context.disable();
  }
}
