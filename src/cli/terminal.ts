/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Whether to write ANSI colours to a stream. `FORCE_COLOR` decides if it is set, as in Node.js: `0` and `false` mean no. Otherwise colours
 * need a terminal that can show them and no `NO_COLOR`.
 */
export function showsColors(isTerminal: boolean, { FORCE_COLOR, NO_COLOR, TERM }: Environment): boolean {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTerminal && (NO_COLOR ?? '') === '' && TERM !== 'dumb';
}

/** Whether to show progress: on a terminal that can move its cursor, and not in CI, whose logs keep each frame. */
export function showsProgress(isTerminal: boolean, { CI, TERM }: Environment): boolean {
  return isTerminal && TERM !== 'dumb' && CI === undefined;
}

/** Returns whether a process runs in CI, from the variable `CI`, which all of them set. */
export function isCi(variable: string | undefined): boolean {
  return variable !== undefined && variable !== '' && variable !== '0' && variable !== 'false';
}
