import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { freezeProcess } from '../harness/freeze-process.js';
import type { ProducerOptions } from './producer-options.js';
import { parseRecord, type ProducerRecord } from './records.js';

/** A running producer. */
export interface ProducerProcess {
  readonly pid: number;
  /** Resolves when the directories are open, with the message of the error if one could not be opened. */
  readonly opened: Promise<{ readonly failure: string | undefined }>;
  /** Number of statements that it has started. */
  readonly statements: number;
  /** Kills the process with SIGKILL. Resolves when it has exited and all its records were read. */
  kill(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): void;
  /** Limits the size of the files that it writes: larger ones fail with EFBIG. */
  limitFileSize(bytes: number | 'unlimited'): void;
  /** Lets it deliver all its rows. Resolves when it has exited. @throws Error if it delivers nothing for 90 seconds */
  finish(): Promise<void>;
}

/** Time without progress after which a delivery has failed, in milliseconds. */
const progressTimeoutMs = 90_000;

/** Starts a producer. `program` is the bundled program, `onRecord` receives each record. */
export function startProducer(program: string, options: ProducerOptions, onRecord: (record: ProducerRecord) => void): ProducerProcess {
  const child = spawn(process.execPath, ['--enable-source-maps', program, JSON.stringify(options)], {
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'test', NODE_OPTIONS: '' },
  });
  const lastWords: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => lastWords.push(text));
  let isClosed = false;
  let statements = 0;
  const events = new EventEmitter<{ opened: [failure: string | undefined]; progress: [] }>();
  const buffered = new Map<string, number>();
  const opened = once(events, 'opened').then(([failure]: unknown[]) => ({ failure: typeof failure === 'string' ? failure : undefined }));
  const receive = (record: ProducerRecord) => {
    onRecord(record);
    if (record.kind === 'open') events.emit('opened', undefined);
    if (record.kind === 'not-open') events.emit('opened', record.message);
    if (record.kind === 'closed') isClosed = true;
    if (record.kind === 'memory') statements++;
    if (record.kind === 'stats' && record.stats.bufferedRows !== buffered.get(record.table)) {
      buffered.set(record.table, record.stats.bufferedRows);
      events.emit('progress');
    }
  };
  const ended = Promise.all([once(child, 'close'), readRecords(child, receive)]);
  void ended.then(() => events.emit('opened', `The producer has ended. ${lastWords.join('')}`));

  return {
    pid: child.pid ?? 0,
    opened,
    get statements() {
      return statements;
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    freeze: () => freezeProcess(child),
    thaw: () => void child.kill('SIGCONT'),
    limitFileSize: (bytes) => {
      execFileSync('prlimit', [`--pid=${child.pid ?? 0}`, `--fsize=${bytes}:`]);
    },
    async finish() {
      const timer = setTimeout(() => child.kill('SIGKILL'), progressTimeoutMs);
      events.on('progress', () => timer.refresh());
      child.stdin?.write('finish\n');
      await ended;
      clearTimeout(timer);
      if (!isClosed)
        throw new Error(`The producer delivered nothing for ${progressTimeoutMs} ms, and has rows left. ${lastWords.join('')}`);
    },
  };
}

async function readRecords(child: ChildProcess, receive: (record: ProducerRecord) => void): Promise<void> {
  const source = child.stdio[3];
  if (!(source instanceof Readable)) throw new TypeError('Expected a readable pipe as file descriptor 3 of the producer.');
  for await (const line of createInterface({ input: source })) receive(parseRecord(line));
}
