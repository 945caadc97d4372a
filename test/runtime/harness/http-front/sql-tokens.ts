/** A token of a statement. Comments and whitespace are no tokens. */
export interface Token {
  readonly kind: 'word' | 'quoted' | 'number' | 'symbol';
  readonly text: string;
  /** The text, in upper case for words. */
  readonly keyword: string;
  readonly start: number;
  readonly end: number;
}

const skipped = /[\s\u00a0]+|--[^\n]*|#[ !][^\n]*|\/\*[\s\S]*?(?:\*\/|$)/y;
const patterns: readonly (readonly [kind: Token['kind'], pattern: RegExp])[] = [
  ['quoted', /\$(\w*)\$[\s\S]*?\$\1\$/y],
  ['word', /[A-Za-z_$\u0080-\u00ff][\w$\u0080-\u00ff]*/y],
  ['number', /\d[\w.]*/y],
  ['quoted', /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`(?:[^`\\]|\\[\s\S]|``)*`/y],
  ['symbol', /[\s\S]/y],
];

/** Yields the tokens of a statement in latin1, one at a time: what follows the statement may be the binary data of an insert. */
export function* tokensOf(sql: string): Generator<Token, undefined> {
  let at = 0;
  while (at < sql.length) {
    skipped.lastIndex = at;
    at += skipped.exec(sql)?.[0].length ?? 0;
    const token = tokenAt(sql, at);
    if (token === undefined) {
      if (at >= sql.length) return undefined;
      continue;
    }
    at = token.end;
    yield token;
  }
}

function tokenAt(sql: string, start: number): Token | undefined {
  skipped.lastIndex = start;
  if (skipped.test(sql)) return undefined;
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    const text = pattern.exec(sql)?.[0];
    if (text !== undefined) return { kind, text, keyword: kind === 'word' ? text.toUpperCase() : text, start, end: start + text.length };
  }
  return undefined;
}
