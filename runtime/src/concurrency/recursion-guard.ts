import { AsyncLocalStorage } from 'node:async_hooks';
import { ConnectionRecursionError } from '../errors/index.js';

/** A creation, and who asked for it. What it started may outlive it: then it is over, and nobody is inside it any more. */
interface Creation {
  readonly key: string;
  readonly step: string;
  readonly outer: Creation | undefined;
  isOver: boolean;
}

const creations = new AsyncLocalStorage<Creation>();
let running = 0;

/**
 * Throws if the code that asks was called, however indirectly, by the creation of the very connection it asks for. Who asks
 * at the same time from elsewhere is no part of the creation and waits for it in peace.
 * @throws ConnectionRecursionError
 */
export function assertNotRecursive(key: () => string, step: string): void {
  // Without a creation there is nothing to ask: the ordinary call pays for this comparison alone.
  if (running === 0) return;
  const steps: string[] = [];
  for (let creation = creations.getStore(); creation; creation = creation.outer) {
    if (creation.isOver) continue;
    steps.unshift(creation.step);
    if (creation.key === key()) throw new ConnectionRecursionError([...steps, `${step}${externalCaller()}`]);
  }
}

/** Runs a creation so that whatever it calls, now or later, is known to be part of it. */
export async function runAsCreation<Result>(key: string, step: string, create: () => Promise<Result>): Promise<Result> {
  const creation: Creation = { key, step: `${step}${externalCaller()}`, outer: creations.getStore(), isOver: false };
  running++;
  try {
    return await creations.run(creation, create);
  } finally {
    creation.isOver = true;
    // While it is on, every await of the process pays for it.
    if (--running === 0) creations.disable();
  }
}

/** The first caller outside this package, as in a stack: ` at main (/app/src/hooks.ts:12:3)`. */
export function externalCaller(): string {
  const own = new URL(import.meta.url.endsWith('/concurrency/recursion-guard.ts') ? '..' : '.', import.meta.url);
  const limit = Error.stackTraceLimit;
  // Ten frames, the default, may all be ours.
  Error.stackTraceLimit = 50;
  const { stack = '' } = new Error();
  Error.stackTraceLimit = limit;
  const frame = stack
    .split('\n')
    .slice(1)
    .find((line) => ![own.href, own.pathname, 'node:', '<anonymous>'].some((part) => line.includes(part)));
  return frame === undefined ? '' : ` ${frame.trim()}`;
}
