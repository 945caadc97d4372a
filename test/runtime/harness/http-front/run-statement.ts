import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identifier, literal, type EngineConnection, type StatementNumbers } from './engine.js';
import { ServerException } from './exceptions.js';
import type { ResultPipe } from './pipes.js';
import type { FrontRequest } from './request.js';
import { hasQueryId, labelling, type Statement } from './statement.js';

/** What the front gives a statement. */
export interface StatementRun {
  readonly connection: EngineConnection;
  readonly queryId: string;
  readonly statement: Statement;
  readonly request: FrontRequest;
  /** The format of a result, if the statement names none. */
  readonly defaultFormat: string;
  /** A connection for statements of the front. */
  readonly control: EngineConnection;
  readonly openPipe: () => ResultPipe;
  /** Folder for the body of an insert. */
  readonly folder: string;
  readonly write: (chunk: Buffer) => Promise<void>;
}

let files = 0;

/** Runs a statement, and passes its result on as it comes. @throws ServerException; the error of `write` */
export async function runStatement(run: StatementRun): Promise<StatementNumbers> {
  const { connection, statement, request, folder } = run;
  switch (statement.kind) {
    case 'command':
      return connection.run(statement.original);
    case 'insert': {
      const file = join(folder, `body-${files++}`);
      writeFileSync(file, Buffer.from(request.source.slice(statement.dataStart), 'latin1'));
      try {
        return await connection.run(statement.toSql(file));
      } finally {
        rmSync(file, { force: true });
      }
    }
    case 'text': {
      const text = await connection.read(statement.original, statement.format ?? run.defaultFormat);
      await run.write(Buffer.from(text));
      return { resultRows: 0, resultBytes: text.length, elapsedNs: 0 };
    }
    case 'rows':
      return runWithResult(run, statement);
  }
}

async function runWithResult(
  { connection, control, queryId, openPipe, write, defaultFormat }: StatementRun,
  statement: Extract<Statement, { kind: 'rows' }>,
): Promise<StatementNumbers> {
  const pipe = openPipe();
  const stop = (): void => void killUntilEnded(control, `KILL QUERY WHERE ${hasQueryId(queryId)} ASYNC`);
  const format = statement.format ?? defaultFormat;
  const ended = connection.run(statement.toSql(pipe.path, format)).finally(() => pipe.finish());
  try {
    // The reader ends when the statement has ended: both are awaited, whichever fails.
    const [outcome] = await Promise.allSettled([ended, passOn(pipe, write, stop)]).then(([first, second]) => {
      if (second.status === 'rejected') throw second.reason;
      return [first];
    });
    if (outcome === undefined) throw new Error('unreachable');
    if (outcome.status === 'rejected') throw outcome.reason;
    const killed = statement.kill === undefined ? undefined : killUntilEnded(control, statement.kill.sql);
    if (statement.kill?.isSync === true) await killed;
    return outcome.value;
  } catch (error) {
    if (!(error instanceof ServerException) || error.code !== 62) throw error;
    // The error may be about the words that the front has added. The statement itself has not run.
    await write(Buffer.from(await connection.read(statement.original, format)));
    return { resultRows: 0, resultBytes: 0, elapsedNs: 0 };
  }
}

const killIntervalMs = 50;

/** Repeats a kill until it finds no statement, or fails as the first one would have. */
async function killUntilEnded(control: EngineConnection, sql: string): Promise<void> {
  try {
    while ((await control.run(sql)).resultRows > 0) await sleep(killIntervalMs);
  } catch {
    // The engine ends.
  }
}

async function passOn(pipe: ResultPipe, write: (chunk: Buffer) => Promise<void>, stop: () => void): Promise<void> {
  try {
    for await (const chunk of pipe.reader) if (Buffer.isBuffer(chunk)) await write(chunk);
  } catch (error) {
    // The engine would go on, and discard the rest of the result.
    stop();
    throw error;
  } finally {
    pipe.reader.destroy();
  }
}

/** Applies the request to its connection. Returns the function that restores the settings for the session. @throws ServerException */
export async function applyRequest(
  connection: EngineConnection,
  user: string,
  queryId: string,
  { parameters, settings, values }: FrontRequest,
  isKept: boolean,
): Promise<() => Promise<void>> {
  const database = parameters.get('database') ?? '';
  const roles = parameters.getAll('role');
  const changes = [...settings].map(([name, value]) => {
    if (!/^[\w.]+$/.test(name))
      throw new ServerException(
        115,
        'UNKNOWN_SETTING',
        `Setting ${name} is neither a builtin setting nor started with the prefix 'SQL_' registered for user-defined settings`,
      );
    return `${name} = ${literal(value)}`;
  });
  const earlier =
    isKept && changes.length > 0
      ? await connection.read(
          `SELECT name, value, changed FROM system.settings WHERE name IN (${[...settings.keys()].map(literal).join(', ')})`,
          'JSONCompactEachRow',
        )
      : '';
  await connection.run(labelling(user, queryId));
  if (database !== '') await connection.run(`USE ${identifier(database)}`);
  if (roles.length > 0) await connection.run(`SET ROLE ${roles.map(identifier).join(', ')}`);
  if (values.size > 0) await connection.run(`SET ${[...values].map(([name, value]) => `param_${name} = ${literal(value)}`).join(', ')}`);
  if (changes.length > 0) await connection.run(`SET ${changes.join(', ')}`);
  return async () => {
    for (const line of earlier.split('\n').filter((text) => text !== '')) await connection.run(`SET ${restored(JSON.parse(line))}`);
  };
}

function restored(row: unknown): string {
  const [name, value, changed]: unknown[] = Array.isArray(row) ? row : [];
  return `${String(name)} = ${changed === 1 ? literal(String(value)) : 'DEFAULT'}`;
}
