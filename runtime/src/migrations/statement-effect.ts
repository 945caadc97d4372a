import { type SqlToken, tokensOf } from '../embedded/sql-tokens.js';

/** What is known about a statement of a migration from its text. Both properties are conservative: an unknown form counts as unsafe. */
export interface StatementEffect {
  /** Whether it may have changed rows although the server answered with an error. */
  readonly writesRows: boolean;
  /** Whether a second run has no effect after a complete or a partial first one. */
  readonly isRepeatable: boolean;
  /** Whether it consists of several statements, joined by `PARALLEL WITH`. One of them may run although another one is rejected. */
  readonly isParallel: boolean;
}

const schemaOnly = { writesRows: false, isRepeatable: false, isParallel: false } as const;
const repeatable = { writesRows: false, isRepeatable: true, isParallel: false } as const;
const unsafe = { writesRows: true, isRepeatable: false, isParallel: false } as const;

// Of the statements with `SET`, only `SET DEFAULT ROLE` may be in a file.
const repeatableKeywords = new Set([
  'TRUNCATE',
  'OPTIMIZE',
  'GRANT',
  'REVOKE',
  'SET',
  'SELECT',
  'SHOW',
  'DESCRIBE',
  'DESC',
  'EXISTS',
  'CHECK',
]);
/** Statements of a schema that fail if they have run before. */
const schemaKeywords = new Set(['RENAME', 'EXCHANGE', 'ATTACH', 'DETACH']);
/** Objects whose query is stored and not run. */
const definedByQuery = new Set(['VIEW', 'FUNCTION', 'DICTIONARY', 'POLICY']);

/** Returns what a statement does, from its text. */
export function effectOfStatement(sql: string): StatementEffect {
  const tokens = [...tokensOf(sql)];
  const words = tokens.map(wordOf);
  if (hasSequence(words, 'PARALLEL', 'WITH')) return { ...unsafe, isParallel: true };
  const [keyword = ''] = words;
  if (repeatableKeywords.has(keyword)) return repeatable;
  if (schemaKeywords.has(keyword)) return schemaOnly;
  switch (keyword) {
    case 'CREATE':
      return effectOfCreate(words);
    case 'DROP':
      return hasSequence(words, 'IF', 'EXISTS') ? repeatable : schemaOnly;
    case 'ALTER':
      return effectOfAlter(tokens);
    default:
      return unsafe;
  }
}

/** Words between `CREATE` and the kind of the object. */
const createModifiers = new Set(['OR', 'REPLACE', 'TEMPORARY', 'MATERIALIZED', 'LIVE', 'WINDOW', 'ROW', 'MASKING']);

function effectOfCreate(words: readonly string[]): StatementEffect {
  const kind = words.slice(1).find((word) => !createModifiers.has(word)) ?? '';
  const writesRows = words.includes('POPULATE') || words.includes('CLONE') || (words.includes('SELECT') && !definedByQuery.has(kind));
  if (hasSequence(words.slice(0, 3), 'OR', 'REPLACE')) return { ...repeatable, writesRows };
  return { ...schemaOnly, writesRows, isRepeatable: !writesRows && hasSequence(words, 'IF', 'NOT', 'EXISTS') };
}

/** Words of an ALTER that move or change rows. A column with such a name counts as well, which is the safe mistake. */
const rowWords = new Set(['UPDATE', 'DELETE', 'MATERIALIZE', 'PARTITION', 'PART', 'CLEAR']);

function effectOfAlter(tokens: readonly SqlToken[]): StatementEffect {
  if (tokens.some((token) => rowWords.has(wordOf(token)))) return unsafe;
  const commands = splitAtCommas(tokens.slice(lengthOfAlterHead(tokens)));
  return commands.every((command) => isHarmless(command.map(wordOf))) ? repeatable : schemaOnly;
}

/** Returns the number of tokens in `ALTER TABLE [IF EXISTS] [database.]table [ON CLUSTER cluster]`. For another object: of all tokens. */
function lengthOfAlterHead(tokens: readonly SqlToken[]): number {
  const words = tokens.map(wordOf);
  if (words[1] !== 'TABLE') return tokens.length;
  let length = hasSequence(words.slice(2, 4), 'IF', 'EXISTS') ? 5 : 3;
  if (tokens[length]?.text === '.') length += 2;
  return hasSequence(words.slice(length, length + 2), 'ON', 'CLUSTER') ? length + 3 : length;
}

/** Whether a command of `ALTER TABLE` has no effect after an earlier run of it. */
function isHarmless(command: readonly string[]): boolean {
  switch (command[0]) {
    case 'ADD':
      return hasSequence(command.slice(2, 5), 'IF', 'NOT', 'EXISTS');
    case 'DROP':
      return hasSequence(command.slice(2, 4), 'IF', 'EXISTS');
    case 'MODIFY':
      return !command.includes('REMOVE');
    case 'COMMENT':
      return true;
    default:
      return false;
  }
}

/** Splits at the commas that are in no parentheses and no brackets. */
function splitAtCommas(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(' || token.text === '[') depth++;
    if (token.text === ')' || token.text === ']') depth--;
    if (token.text === ',' && depth === 0) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts;
}

/** Returns a keyword in upper case. A quoted name and a symbol are no keywords. */
function wordOf({ kind, text }: SqlToken): string {
  return kind === 'word' ? text.toUpperCase() : '';
}

function hasSequence(words: readonly string[], ...sequence: readonly string[]): boolean {
  return words.some((_, start) => sequence.every((word, offset) => words[start + offset] === word));
}
