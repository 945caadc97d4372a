import type { QueryResult, DataFormat } from '@clickhouse/client';
import { Readable } from 'node:stream';

/**
 * The same result set, which calls `onEnd` once when its body has been read to the end, was closed or failed.
 * Until then the statement occupies the server and a socket, whoever holds the rows.
 */
export function heldResult<Format extends DataFormat>(result: QueryResult<Format>, onEnd: () => void): QueryResult<Format> {
  const end = once(onEnd);
  return new Proxy(result, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (!isMethod(member)) return member;
      if (property === 'json' || property === 'text') return (...args: unknown[]) => Promise.resolve(member.apply(target, args)).finally(end);
      if (property === 'stream') return (...args: unknown[]) => watchedUnknown(member.apply(target, args), end);
      if (property === 'close' || property === Symbol.dispose)
        return (...args: unknown[]) => {
          end();
          return member.apply(target, args);
        };
      return member.bind(target);
    },
  });
}

function isMethod(member: unknown): member is (...args: unknown[]) => unknown {
  return typeof member === 'function';
}

function watchedUnknown(stream: unknown, onEnd: () => void): unknown {
  return stream instanceof Readable ? watched(stream, onEnd) : stream;
}

export function watched(stream: Readable, onEnd: () => void): Readable {
  const end = once(onEnd);
  return stream.once('end', end).once('close', end).once('error', end);
}

export function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
