/** A token of an SQL text. Whitespace and comments are no tokens. */
export interface SqlToken {
  /** `word`: a keyword, a bare identifier or a number. `quoted`: a string, a quoted identifier or a heredoc. `symbol`: one other character. */
  readonly kind: 'word' | 'quoted' | 'symbol';
  /** The token as it is written. */
  readonly text: string;
  /** Index of its first character. */
  readonly index: number;
}

/**
 * Matches what the engine skips between tokens: whitespace, one comment line, or the start of a block comment. The alternatives exclude each
 * other, so a text has one reading.
 */
const skipped = /[\s\u0085\u180e\u200b-\u200d\u2060]+|(?:--|\/\/|#[ !])[^\n]*|\/\*/y;
const word = /\w[\w$]*/y;
const heredocStart = /\$\w*\$/y;

/** Opening quotes with their closing ones. Only the ASCII quotes have escape sequences. */
const closingQuotes: ReadonlyMap<string, string> = new Map([
  ["'", "'"],
  ['"', '"'],
  ['`', '`'],
  ['‘', '’'],
  ['“', '”'],
]);

/** Yields the tokens of an SQL text by the rules of the engine. A token that is not terminated ends with the text. Takes linear time. */
export function* tokensOf(sql: string): Generator<SqlToken, void> {
  for (let index = skipBlanks(sql, 0); index < sql.length;) {
    const token = tokenAt(sql, index);
    yield token;
    index = skipBlanks(sql, index + token.text.length);
  }
}

/** Returns the index of a string, a quoted name or a block comment that has no end. Undefined if all have one. */
export function unterminatedAt(sql: string): number | undefined {
  // The appended semicolon is a token of its own, unless the text before it has no end.
  const text = `${sql}\n;`;
  let end = 0;
  for (const token of tokensOf(text)) {
    if (token.index > sql.length) return undefined;
    if (token.index + token.text.length > sql.length) return token.index;
    end = token.index + token.text.length;
  }
  for (let blank = textAt(skipped, text, end); blank !== ''; blank = textAt(skipped, text, end)) {
    const next = blank === '/*' ? endOfComment(text, end) : end + blank.length;
    if (next === text.length) return end;
    end = next;
  }
  return undefined;
}

/**
 * Returns the keyword of a statement that changes its session and nothing else. `SET DEFAULT ROLE` is none of them: it changes a user, as `GRANT`
 * does.
 */
export function sessionKeyword(sql: string): 'SET' | 'USE' | undefined {
  const keyword = firstKeyword(sql);
  if (keyword === 'USE') return keyword;
  if (keyword !== 'SET') return undefined;
  const [, second, third] = tokensOf(sql);
  return second?.text.toUpperCase() === 'DEFAULT' && third?.text.toUpperCase() === 'ROLE' ? undefined : keyword;
}

/** Returns the first keyword of the statement, in upper case, or an empty text. */
function firstKeyword(sql: string): string {
  return textAt(/\w+/y, sql, skipBlanks(sql, 0)).toUpperCase();
}

/**
 * Returns the first character that is neither blank nor part of a comment, if it begins no statement. chDB runs nothing then, and reports
 * success.
 */
export function misplacedStart(sql: string): { readonly character: string; readonly index: number } | undefined {
  const index = skipBlanks(sql, 0);
  const code = sql.codePointAt(index);
  if (code === undefined || /[\w(]/.test(sql.charAt(index))) return undefined;
  return { character: String.fromCodePoint(code), index };
}

function tokenAt(sql: string, index: number): SqlToken {
  const first = sql.charAt(index);
  const end = endOfQuoted(sql, index, first);
  if (end !== undefined) return { kind: 'quoted', text: sql.slice(index, end), index };
  const text = textAt(word, sql, index);
  return text === '' ? { kind: 'symbol', text: first, index } : { kind: 'word', text, index };
}

/** Returns the index after a string, quoted identifier or heredoc that begins here, or undefined if none does. */
function endOfQuoted(sql: string, index: number, first: string): number | undefined {
  const quote = closingQuotes.get(first);
  if (quote === undefined) return first === '$' ? endOfHeredoc(sql, index) : undefined;
  if (quote !== first) return indexAfter(quote, sql, index + 1);
  const special = new RegExp(`[${quote}\\\\]`, 'g');
  for (let from = index + 1; ;) {
    special.lastIndex = from;
    const match = special.exec(sql);
    if (!match) return sql.length;
    // A backslash escapes the next character, and a doubled quote is a quote.
    const isEnd = match[0] === quote && sql.charAt(match.index + 1) !== quote;
    if (isEnd) return match.index + 1;
    from = match.index + 2;
  }
}

/** A `$` that begins no complete heredoc belongs to an identifier. */
function endOfHeredoc(sql: string, index: number): number | undefined {
  const tag = textAt(heredocStart, sql, index);
  const end = tag === '' ? -1 : sql.indexOf(tag, index + tag.length);
  return end === -1 ? undefined : end + tag.length;
}

function skipBlanks(sql: string, from: number): number {
  let index = from;
  for (let blank = textAt(skipped, sql, index); blank !== ''; blank = textAt(skipped, sql, index))
    index = blank === '/*' ? endOfComment(sql, index) : index + blank.length;
  return index;
}

/** Returns the index after a block comment. Block comments nest. */
function endOfComment(sql: string, start: number): number {
  let depth = 0;
  const delimiters = /\/\*|\*\//g;
  delimiters.lastIndex = start;
  for (let match = delimiters.exec(sql); match; match = delimiters.exec(sql)) {
    depth += match[0] === '/*' ? 1 : -1;
    if (depth === 0) return delimiters.lastIndex;
  }
  return sql.length;
}

function indexAfter(text: string, sql: string, from: number): number {
  const index = sql.indexOf(text, from);
  return index === -1 ? sql.length : index + text.length;
}

/** Returns what the sticky pattern matches at this index, or an empty string. */
function textAt(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? '';
}
