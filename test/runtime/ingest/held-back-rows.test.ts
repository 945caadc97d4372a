import { describe, expect, it, vi } from 'vitest';
import { ServerError } from '../../../runtime/src/errors/index.js';
import { partsLeft } from '../../../runtime/src/ingest/delivery/part.js';
import { plain, type ReceivedInsert, type SystemTables } from './fake-service.js';
import { kill, newFolder, open, rows, segmentsIn } from './open-directory.js';

function has({ rows }: ReceivedInsert, id: number): boolean {
  return rows.some((row) => typeof row === 'object' && row !== null && Reflect.get(row, 'id') === id);
}

const refused = (clickhouseCode: number) => new ServerError({ clickhouseCode, type: undefined, text: 'refused' });

/** A process is killed during the insert of row 2. Row 1 of the same batch was refused before, and is held back. */
async function killed(): Promise<string> {
  const directory = newFolder();
  const { ingest, server } = open(directory, {
    tables: plain,
    maxBatchAgeMs: Infinity,
    behaviour: (insert) => {
      if (has(insert, 1)) throw refused(117);
      return new Promise(() => undefined);
    },
  });
  await ingest.add(rows(4));
  void ingest.flush().catch(() => undefined);
  await vi.waitFor(() => expect(server.inserts.at(-1)?.rows).toEqual([{ id: 2 }]));
  kill(directory);
  return directory;
}

describe('an insert behind a refused row that is held back, in a table that keeps copies, after a kill', () => {
  const withoutLog = { 'system.query_log': refused(60) };
  /** The entries of the log for the inserts of row 2, and for those of row 1. */
  const log = {
    '-0-1:': [{ started: 1, finished: 1, marker: 1, up: 1_000_000 }],
    '-0-0:': [{ started: 1, failed: 1, marker: 1, up: 1_000_000 }],
  };
  const next = (directory: string, tables: SystemTables) =>
    open(directory, {
      tables: { ...plain, ...tables },
      onRejected: () => undefined,
      behaviour: (insert) => {
        if (has(insert, 1)) throw refused(117);
      },
    });

  it('is not repeated if the log has it', async () => {
    const directory = await killed();
    expect(segmentsIn(directory)).toEqual([expect.stringMatching(/-4-00-01\.sent$/)]);
    const { ingest, server } = next(directory, log);
    await ingest.flush();
    expect(server.stored).toEqual(rows(2, 3));
    expect(ingest.stats).toMatchObject({ rejectedRows: 1, deliveredRows: 3, possiblyDuplicatedRows: 0 });
  });

  it('is not repeated either after a restart in which the refused row has no answer', async () => {
    const directory = await killed();
    const second = open(directory, { tables: { ...plain, ...log }, behaviour: () => new Promise(() => undefined) });
    await vi.waitFor(() => expect(second.server.inserts.at(-1)?.rows).toEqual([{ id: 1 }]));
    expect(segmentsIn(directory)).toEqual([expect.stringMatching(/-4-00-01\.sent$/)]);
    await second.ingest.close({ timeoutMs: 0 });
    const { ingest, server } = next(directory, log);
    await ingest.flush();
    expect(server.stored).toEqual(rows(2, 3));
  });

  it('is repeated and counted with the refused row if no lookup can tell', async () => {
    const { ingest, server } = next(await killed(), withoutLog);
    await ingest.flush();
    expect(server.stored).toEqual(rows(3, 2));
    expect(ingest.stats).toMatchObject({ rejectedRows: 1, deliveredRows: 3, possiblyDuplicatedRows: 2 });
  });
});

it.each([
  ['01', '01', ['1', '01'], ['01']],
  ['00', '01', ['1', '01', '00'], ['01', '00']],
  ['00', '11', ['11', '10', '01', '00'], ['11', '10', '01', '00']],
  ['00', '10', ['11', '10', '01', '00'], ['10', '01', '00']],
  ['00', '1', ['1', '01', '00'], ['1', '01', '00']],
])(
  'a batch with the next part %s and inserts up to part %s has the parts %s left, and looks %s up',
  (path, sentPath, expected, lookedUp) => {
    const progress = { path, unanswered: { path: sentPath, since: 0, hadToken: false } };
    const bytes = Buffer.from(
      rows(4)
        .map((row) => `${JSON.stringify(row)}\n`)
        .join(''),
    );
    const left = partsLeft({ id: 'id', rows: 4, bytes: bytes.length, progress }, bytes);
    expect(left.map((part) => part.path)).toEqual(expected);
    expect(left.filter(({ unanswered }) => unanswered).map((part) => part.path)).toEqual(lookedUp);
  },
);
