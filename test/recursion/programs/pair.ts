/** Two programs that differ by what stands in `«with→without»`: one asks for a connection in a circle, the other does not. */
export interface Pair {
  readonly name: string;
  /** Why the change decides. */
  readonly why: string;
  /** Who calls, from the accessor back to it, in the program with the circle. */
  readonly path: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly settings?: object;
}

export type Verdict = 'with' | 'without';

export function filesOf({ files, settings }: Pair, verdict: Verdict): Record<string, string> {
  const texts = Object.entries(files).map(([file, marked]) => [file, chosen(marked, verdict)] as const);
  return Object.fromEntries(settings ? [...texts, ['clickhouse-ssot.config.json', JSON.stringify(settings)]] : texts);
}

function chosen(marked: string, verdict: Verdict): string {
  return marked.replace(/«([^→]*)→([^»]*)»/g, verdict === 'with' ? '$1' : '$2');
}
