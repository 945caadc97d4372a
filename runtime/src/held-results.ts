import type { DataFormat, QueryResult } from '@clickhouse/client';
import { Readable } from 'node:stream';

/**
 * The result set, of which `onEnd` is told once when its body has been read to the end, was closed or has failed.
 * Until then the statement occupies the server and a socket, whoever holds the rows.
 */
export function heldResult<Format extends DataFormat>(result: QueryResult<Format>, onEnd: () => void): QueryResult<Format> {
  // Only the body tells of its death when nobody reads it. The client declares it private, so we look and do not rely on it.
  const body: unknown = Reflect.get(result, '_stream');
  if (!(body instanceof Readable)) return watchedMethods(result, onEnd);
  watchBody(body, onEnd);
  return result;
}

/** Without a listener for `error`: having one would hide failures that nobody else listens to. `close` follows each of them. */
export function watchBody(body: Readable, onEnd: () => void): void {
  if (body.closed) return onEnd();
  const end = once(onEnd);
  body.once('end', end).once('close', end);
}

function watchedMethods<Format extends DataFormat>(result: QueryResult<Format>, onEnd: () => void): QueryResult<Format> {
  const end = once(onEnd);
  return new Proxy(result, {
    get(target, property) {
      const member: unknown = Reflect.get(target, property, target);
      if (!isMethod(member)) return member;
      return (...args: unknown[]) => {
        const outcome = member.apply(target, args);
        if (outcome instanceof Readable) watchBody(outcome, end);
        else if (property === 'close' || property === Symbol.dispose) end();
        else if (outcome instanceof Promise) return outcome.finally(end);
        return outcome;
      };
    },
  });
}

function isMethod(member: unknown): member is (...args: unknown[]) => unknown {
  return typeof member === 'function';
}

export function once(run: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    run();
  };
}
