import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { PassThrough, type Writable } from 'node:stream';
import { encoderOf } from './codings.js';
import { type ServerException, statusOf, textOf } from './exceptions.js';

/** Size of the first part of a result. Until the server has it, or the end, it can still respond with the status of an exception. */
const heldBytes = 1 << 20;

/** The parts of a response that are known when the statement starts. */
export interface ReplyOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly coding: string | undefined;
  /** Hold the whole result, as for `wait_end_of_query`. */
  readonly isHeld: boolean;
  /** Send the headers with the first byte of the result. */
  readonly isImmediate: boolean;
  readonly version: string;
  /** Identifies the exception in a body that has begun. */
  readonly exceptionTag: string;
}

/** The response to a statement. */
export interface Reply {
  /** Sends a header with the progress, unless the body has begun. */
  progress(json: string): void;
  /** Resolves when the connection takes more. @throws AbortError if the client has closed the connection */
  readonly write: (chunk: Buffer) => Promise<void>;
  /** Sends the end of a statement that succeeded. `summary` is sent if the body has not begun. */
  end(summary: string): void;
  /** Sends the end of a statement that failed: the status, or the exception at the end of the body. */
  fail(exception: ServerException): void;
}

export function replyOn(response: ServerResponse, options: ReplyOptions): Reply {
  const held: Buffer[] = [];
  let size = 0;
  let body: Writable | undefined;
  /** Node cannot send one header after the other, so the response is then written to the socket. */
  let hasOpenHeaders = false;
  const closed = new AbortController();
  response.on('close', () => closed.abort());

  function openHeaders(): void {
    hasOpenHeaders = true;
    const headers = { ...options.headers, Connection: 'Close', ...codingHeader() };
    response.socket?.write(`HTTP/1.1 200 OK\r\n${lines(headers)}`);
  }

  function codingHeader(): Record<string, string> {
    return options.coding === undefined ? {} : { 'Content-Encoding': options.coding };
  }

  function begin(status: number, headers: Record<string, string>): Writable {
    let target: Writable = response;
    if (hasOpenHeaders) {
      target = response.socket ?? response;
      target.write(`${lines(headers)}\r\n`);
    } else response.writeHead(status, { ...options.headers, ...codingHeader(), ...headers });
    body = options.coding === undefined ? new PassThrough() : encoderOf(options.coding);
    body.on('error', () => response.destroy());
    body.pipe(target);
    for (const chunk of held.splice(0)) body.write(chunk);
    return body;
  }

  return {
    progress(json) {
      if (body !== undefined || closed.signal.aborted) return;
      if (!hasOpenHeaders) openHeaders();
      response.socket?.write(lines({ 'X-ClickHouse-Progress': json }));
    },
    async write(chunk) {
      closed.signal.throwIfAborted();
      if (body === undefined) {
        held.push(chunk);
        size += chunk.length;
        if (!options.isImmediate && (options.isHeld || size < heldBytes)) return;
        begin(200, {});
      } else if (!body.write(chunk)) await once(body, 'drain', { signal: closed.signal });
    },
    end(summary) {
      (body ?? begin(200, { 'X-ClickHouse-Summary': summary })).end();
    },
    fail(exception) {
      const text = textOf(exception, options.version);
      if (body === undefined) {
        held.length = 0;
        const headers = { 'X-ClickHouse-Exception-Code': String(exception.code) };
        begin(statusOf(exception.code), hasOpenHeaders ? headers : { ...headers, 'Content-Type': 'text/plain; charset=UTF-8' }).end(text);
        return;
      }
      const tag = options.exceptionTag;
      body.end(`\r\n__exception__\r\n${tag}\r\n${text}${Buffer.byteLength(text)} ${tag}\r\n__exception__\r\n`);
    },
  };
}

function lines(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
}
