/** The name of a segment. Names sort in the order in which their rows were accepted. */
export interface SegmentName {
  /** Number and random part of the run of the process that wrote it. */
  readonly run: string;
  /** Number within the run. */
  readonly number: number;
  /** `open`: is being written. `batch`: is closed. `sent`: is closed, and an insert of it may have begun. */
  readonly state: 'open' | 'batch' | 'sent';
  /** Undefined while it is open. */
  readonly rows: number | undefined;
}

const pattern = /^(\d{6}[0-9a-f]{8})-(\d{9})(?:\.open|-(\d+)\.(batch|sent))$/;

/** Returns the file name: `000007a3f9c2d1-000000042-50000.batch`. */
export function formatSegmentName({ run, number, state, rows }: SegmentName): string {
  const base = `${run}-${String(number).padStart(9, '0')}`;
  return state === 'open' ? `${base}.open` : `${base}-${rows ?? 0}.${state}`;
}

/** Returns the parts of a file name. Undefined for other files. */
export function parseSegmentName(name: string): SegmentName | undefined {
  const [, run, number, rows, state] = pattern.exec(name) ?? [];
  if (run === undefined) return undefined;
  if (state === 'batch' || state === 'sent') return { run, number: Number(number), state, rows: Number(rows) };
  return { run, number: Number(number), state: 'open', rows: undefined };
}
