/** Two programs that differ in the texts `«with→without»`: one requests a connection in a cycle, the other does not. */
export interface Pair {
  /** The syntax or the situation under test. */
  readonly name: string;
  /** Why the difference decides. */
  readonly why: string;
  /** Names of the callables on the cycle, from the accessor back to it. Each is a regular expression. */
  readonly path: readonly string[];
  /** The text of each file, by its path. */
  readonly files: Readonly<Record<string, string>>;
  /** The contents of the settings file, if there is one. */
  readonly settings?: object;
}

/** Which of the two programs. */
export type Verdict = 'with' | 'without';

/** Returns the files of one program of the pair, with the settings file. */
export function filesOf({ files, settings }: Pair, verdict: Verdict): Record<string, string> {
  const texts = Object.entries(files).map(([file, template]) => [file, textOf(template, verdict)] as const);
  return Object.fromEntries(settings ? [...texts, ['clickhouse-ssot.config.json', JSON.stringify(settings)]] : texts);
}

function textOf(template: string, verdict: Verdict): string {
  return template.replace(/«([^→]*)→([^»]*)»/g, verdict === 'with' ? '$1' : '$2');
}
