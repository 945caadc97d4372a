import { closestMatch } from '../settings/suggest-similar.js';

/** Options without mistakes, or the mistakes, one sentence each. */
export type Checked<Value> = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problems: readonly string[] };

/** Returns the problem of a value that is none of the known names. */
export function unknownName(option: string, found: string, names: readonly string[]): string {
  const expected = names.length > 1 ? `${names.slice(0, -1).join(', ')} or ${names.at(-1) ?? ''}` : names.join('');
  const suggestion = closestMatch(found, names);
  return `${option}: found "${found}", expected ${expected}.${suggestion === undefined ? ' Use one of these.' : ` Did you mean "${suggestion}"?`}`;
}
