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

const repeatableKeywords = new Set(['TRUNCATE', 'OPTIMIZE', 'GRANT', 'REVOKE', 'SELECT', 'SHOW', 'DESCRIBE', 'DESC', 'EXISTS', 'CHECK']);
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

function effectOfCreate(words: readonly string[]): StatementEffect {
  const isDefinition = words.some((word) => definedByQuery.has(word));
  const writesRows = words.includes('POPULATE') || (words.includes('SELECT') && !isDefinition);
  if (hasSequence(words, 'OR', 'REPLACE')) return { writesRows, isRepeatable: true, isParallel: false };
  return { writesRows, isRepeatable: !writesRows && hasSequence(words, 'IF', 'NOT', 'EXISTS'), isParallel: false };
}

/** Words of an ALTER that move or change rows. A column with such a name counts as well, which is the safe mistake. */
const rowWords = new Set(['UPDATE', 'DELETE', 'MATERIALIZE', 'PARTITION', 'PART', 'CLEAR']);

function effectOfAlter(tokens: readonly SqlToken[]): StatementEffect {
  const commands = splitAtCommas(tokens).map((command) => command.map(wordOf));
  if (commands.flat().some((word) => rowWords.has(word))) return unsafe;
  // The first command follows `ALTER TABLE name`.
  const isHarmless = (command: readonly string[], index: number): boolean => {
    const verbs = index === 0 ? command.slice(2) : command;
    return (
      (verbs.includes('ADD') && hasSequence(verbs, 'IF', 'NOT', 'EXISTS')) ||
      (verbs.includes('DROP') && hasSequence(verbs, 'IF', 'EXISTS')) ||
      (verbs.includes('MODIFY') && !verbs.includes('REMOVE')) ||
      verbs.includes('COMMENT')
    );
  };
  return commands.every(isHarmless) ? repeatable : schemaOnly;
}

/** Splits at the commas that are in no parentheses. */
function splitAtCommas(tokens: readonly SqlToken[]): readonly (readonly SqlToken[])[] {
  const parts: SqlToken[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
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
