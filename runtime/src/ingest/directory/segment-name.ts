/** The name of a segment. `compareSegmentNames` has the order in which the rows were accepted. */
export interface SegmentName {
  /** Number and random part of the run of the process that wrote it: see `formatRun`. */
  readonly run: string;
  /** Number within the run. */
  readonly number: number;
  /**
   * - `open`: is being written.
   * - `batch`: is closed, and nothing was sent that has no answer.
   * - `sent-token`: an insert of a part may have begun. All of them had its deduplication token.
   * - `sent`: an insert of a part without a token may have begun.
   */
  readonly state: 'open' | 'batch' | 'sent-token' | 'sent';
  /** Undefined while it is open. */
  readonly rows: number | undefined;
  /** The part that is next: see `Progress`. Empty unless the batch was divided. */
  readonly path: string;
  /** The part whose insert may have begun, if it is behind the next one: refused rows before it are held back. */
  readonly sentPath?: string | undefined;
}

/** Length of the random part of a run. */
const randomLength = 8;
const pattern = /^(\d{6,}[0-9a-f]{8})-(\d{9,})(?:\.open|-(\d+)(?:-([01]+)(?:-([01]+))?)?\.(batch|sent|sent-token))$/;

/** Returns the file name: `000007a3f9c2d1-000000042-50000.batch`, or with parts `000007a3f9c2d1-000000042-50000-01-1.sent`. */
export function formatSegmentName({ run, number, state, rows, path, sentPath }: SegmentName): string {
  const base = `${run}-${String(number).padStart(9, '0')}`;
  if (state === 'open') return `${base}.open`;
  const parts = [rows ?? 0, path, sentPath].filter((part) => part !== undefined && part !== '');
  return `${base}-${parts.join('-')}.${state}`;
}

/** Returns the parts of a file name. Undefined for other files. */
export function parseSegmentName(name: string): SegmentName | undefined {
  const [, run, number, rows, path = '', sentPath, state] = pattern.exec(name) ?? [];
  if (run === undefined) return undefined;
  if (state === 'batch' || state === 'sent' || state === 'sent-token')
    return { run, number: Number(number), state, rows: Number(rows), path, sentPath };
  return { run, number: Number(number), state: 'open', rows: undefined, path };
}

/**
 * Returns the run of a start. Six digits or more have its number.
 * @param random eight hexadecimal digits
 */
export function formatRun(number: number, random: string): string {
  return `${String(number).padStart(6, '0')}${random}`;
}

/** Returns the number of a run. */
export function runNumberOf(run: string): number {
  return Number(run.slice(0, -randomLength));
}

/** Compares two names by the order in which their rows were accepted. Their texts have this order only while the numbers are equally long. */
export function compareSegmentNames(a: SegmentName, b: SegmentName): number {
  if (a.run === b.run) return a.number - b.number;
  return runNumberOf(a.run) - runNumberOf(b.run) || (a.run < b.run ? -1 : 1);
}
