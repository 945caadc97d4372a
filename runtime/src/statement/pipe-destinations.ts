import { once } from 'node:events';
import { Readable, Writable } from 'node:stream';
import { nextTurn } from '../concurrency/wait.js';

/**
 * Resolves when everything that a stream pipes to a destination is written: to a file for example, also through transforms. Never rejects.
 * A destination that its source does not end, such as `process.stdout`, counts as written when its source has ended.
 */
export async function whenWritten(source: Readable, destination: unknown): Promise<void> {
  // The caller connects a chain of streams in one go. At the end of a stream, Node forgets where it was piped to.
  await Promise.resolve();
  const chain = destinationsOf(destination);
  await whenClosed(source, 'end');
  for (const stream of chain) {
    // The end of a source ends its destination in the same turn, or in the next one.
    await nextTurn();
    if (stream.writableEnded) await whenClosed(stream, 'finish');
    if (stream instanceof Readable && stream.writableEnded) await whenClosed(stream, 'end');
  }
}

/** Returns a destination, and those that it is piped to. */
function destinationsOf(destination: unknown): readonly Writable[] {
  if (!(destination instanceof Writable)) return [];
  const state: unknown = Reflect.get(destination, '_readableState');
  const pipes: unknown = typeof state === 'object' && state !== null ? Reflect.get(state, 'pipes') : undefined;
  return [destination, ...(Array.isArray(pipes) ? pipes.flatMap(destinationsOf) : [])];
}

/** Resolves at the event, or when the stream is closed by an error. */
async function whenClosed(stream: Readable | Writable, event: 'end' | 'finish'): Promise<void> {
  const isOver =
    event === 'end' ? stream instanceof Readable && stream.readableEnded : stream instanceof Writable && stream.writableFinished;
  if (isOver || stream.destroyed) return;
  const controller = new AbortController();
  const { signal } = controller;
  await Promise.race([once(stream, event, { signal }), once(stream, 'close', { signal })]).catch(() => undefined);
  controller.abort();
}
