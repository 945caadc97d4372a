import { AsyncLocalStorage } from 'node:async_hooks';
import { ConnectionRecursionError } from './errors.js';

/** A creation that is going on, and who asked for it. */
interface Creation {
  readonly key: string;
  readonly steps: readonly string[];
  readonly outer: Creation | undefined;
}

const creations = new AsyncLocalStorage<Creation>();
let running = 0;

/**
 * Throws if the code that asks was called, however indirectly, by the creation of the very connection it asks for. Who asks
 * at the same time from elsewhere is no part of the creation and waits for it in peace.
 * @throws ConnectionRecursionError
 */
export function forbidRecursion(key: string, step: string): void {
  const steps: string[] = [];
  // Without a creation there is nothing to ask: the ordinary call pays for this comparison alone.
  for (let creation = running > 0 ? creations.getStore() : undefined; creation; creation = creation.outer) {
    steps.unshift(...creation.steps);
    if (creation.key === key) throw new ConnectionRecursionError([...steps, `${step}${callSite()}`]);
  }
}

/** Runs a creation so that whatever it calls, now or later, is known to be part of it. */
export async function insideCreation<Result>(key: string, step: string, create: () => Promise<Result>): Promise<Result> {
  running++;
  try {
    return await creations.run({ key, steps: [step], outer: creations.getStore() }, create);
  } finally {
    // While it is on, every await of the process pays for it.
    if (--running === 0) creations.disable();
  }
}

/** The first caller outside this package, as in a stack: ` (/app/src/hooks.ts:12:3)`. */
function callSite(): string {
  const own = new URL('.', import.meta.url).href;
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const frame = frames.map((line) => line.trim()).find((line) => !line.includes(own) && !line.includes(own.replace('file://', '')) && !line.includes('node:'));
  return frame === undefined ? '' : ` ${frame}`;
}
