import { literal } from './engine.js';
import { type Token, tokensOf } from './sql-tokens.js';
import { notImplemented, ServerException } from './exceptions.js';

/** A statement as the front runs it. */
export type Statement =
  /** Its result is written to a pipe. */
  | {
      readonly kind: 'rows';
      readonly original: string;
      readonly format: string | undefined;
      toSql(file: string, format: string): string;
      /** Present if the statement kills others. */
      readonly kill: Kill | undefined;
    }
  /** Its result is small, and the engine cannot write it to a pipe. */
  | { readonly kind: 'text'; readonly original: string; readonly format: string | undefined }
  /** It has no result. */
  | { readonly kind: 'command'; readonly original: string }
  /** Its data, from `dataStart` on, is read from a file. */
  | { readonly kind: 'insert'; readonly original: string; readonly dataStart: number; toSql(file: string): string };

/** A kill, which must be repeated: it has no effect on a statement that has only just begun. */
export interface Kill {
  /** The kill without its result. */
  readonly sql: string;
  /** Whether the statement ends when the killed ones have ended. */
  readonly isSync: boolean;
}

const withResult = new Set(['SELECT', 'WITH', 'FROM', 'SHOW', 'DESC', 'DESCRIBE', 'EXPLAIN', 'EXISTS', 'CHECK', 'KILL', '(']);
const accessObjects = new Set(['USER', 'ROLE', 'QUOTA', 'POLICY', 'PROFILE', 'ROW', 'SETTINGS']);

/** Returns the statement of a request. `source` is the query and the body in latin1. @throws ServerException */
export function parseStatement(source: string): Statement {
  const tokens = tokensOf(source);
  const first = tokens.next().value;
  if (first === undefined || first.keyword === ';') throw new ServerException(62, 'SYNTAX_ERROR', 'Empty query');
  if (first.keyword === 'INSERT') return parseInsert(source, tokens);
  const all = [first, ...tokens];
  const last = assertOne(all);
  const end = last.end;
  const original = utf8(source.slice(0, end));
  const [, second] = all;
  if (
    first.keyword === 'GRANT' ||
    first.keyword === 'REVOKE' ||
    (['CREATE', 'ALTER', 'DROP'].includes(first.keyword) && second?.kind === 'word' && accessObjects.has(second.keyword))
  )
    throw notImplemented('Users and roles are those of its options.');
  if (!withResult.has(first.keyword)) return { kind: 'command', original };
  const clause = trailingFormat(all);
  // The engine runs them as another statement, and forgets the pipe.
  if (first.keyword === 'SHOW') return { kind: 'text', original, format: clause?.format };
  const isSync = first.keyword === 'KILL' && all.some(({ keyword }) => keyword === 'SYNC');
  const head = renamed(source, all, clause?.start ?? end);
  const isKill = first.keyword === 'KILL' && second?.keyword === 'QUERY' && all.every(({ keyword }) => keyword !== 'TEST');
  return {
    kind: 'rows',
    kill: isKill ? { sql: head, isSync } : undefined,
    original,
    format: clause?.format,
    toSql: (file, format) => `${head} INTO OUTFILE '${file}' APPEND FORMAT ${format} ${clause ? utf8(source.slice(clause.end, end)) : ''}`,
  };
}

/** Returns the last token of the statement. @throws ServerException if another statement follows */
function assertOne(tokens: readonly Token[]): Token {
  const count = tokens.findIndex(({ keyword }) => keyword === ';');
  const following = count === -1 ? undefined : tokens.slice(count).find(({ keyword }) => keyword !== ';');
  if (following !== undefined)
    throw new ServerException(
      62,
      'SYNTAX_ERROR',
      `Syntax error (Multi-statements are not allowed): failed at position ${(tokens[count]?.start ?? 0) + 1} (end of query): ;`,
    );
  const last = count === -1 ? tokens.at(-1) : tokens[count - 1];
  if (last === undefined) throw new ServerException(62, 'SYNTAX_ERROR', 'Empty query');
  return last;
}

interface FormatClause {
  readonly format: string;
  readonly start: number;
  readonly end: number;
}

/** Returns the last `FORMAT name` outside of parentheses, if nothing or only settings follow it. */
function trailingFormat(tokens: readonly Token[]): FormatClause | undefined {
  let depth = 0;
  let clause: FormatClause | undefined;
  const statement = tokens.filter(({ keyword }) => keyword !== ';');
  statement.forEach((token, index) => {
    if (token.keyword === '(') depth++;
    if (token.keyword === ')') depth--;
    const [name, next] = statement.slice(index + 1, index + 3);
    if (depth === 0 && token.keyword === 'FORMAT' && name?.kind === 'word' && (next === undefined || next.keyword === 'SETTINGS'))
      clause = { format: name.text, start: token.start, end: name.end };
  });
  return clause;
}

/** Returns the statement with the query ids of the requests in place of the engine's. They are in a setting that has no effect. */
function renamed(source: string, tokens: readonly Token[], end: number): string {
  let sql = '';
  let from = 0;
  const isKill = tokens[0]?.keyword === 'KILL';
  tokens.forEach((token, index) => {
    if (token.start < from || token.end > end) return;
    const [, dot, table] = tokens.slice(index, index + 3);
    const isProcesses = token.keyword === 'SYSTEM' && dot?.keyword === '.' && table?.keyword === 'PROCESSES';
    const replaced = isProcesses ? `(${processes})` : isKill ? killTokens.get(token.keyword) : undefined;
    if (replaced === undefined) return;
    sql += source.slice(from, token.start) + replaced;
    from = isProcesses ? table.end : token.end;
  });
  return utf8(sql + source.slice(from, end));
}

/** The setting that carries user and query id of a request. It is a label of the query cache, which is off. */
const labelSetting = 'query_cache_tag';
const partOfLabel = (part: 1 | 2): string => `splitByChar('\\t', Settings['${labelSetting}'])[${part}]`;
const [userColumn, queryId] = [partOfLabel(1), partOfLabel(2)];
/** What stands in a kill in place of these words. The front waits in place of the engine, which kills once and then waits. */
const killTokens: ReadonlyMap<string, string> = new Map([
  ['USER', userColumn],
  ['QUERY_ID', queryId],
  ['SYNC', 'ASYNC'],
]);

/** Returns the statement that labels the later statements of a connection. */
export function labelling(user: string, id: string): string {
  // The embedded engine takes an expression for a statement, and a server does not.
  return `SET implicit_select = 0, ${labelSetting} = ${literal(`${user}\t${id}`)}`;
}

/** Returns the condition for the rows of `system.processes` that have the query id. */
export function hasQueryId(id: string): string {
  return `${queryId} = ${literal(id)}`;
}

const processes = `SELECT * REPLACE (${userColumn} AS user, ${queryId} AS query_id, replaceRegexpOne(query, ' INTO OUTFILE \\'[^\\']*\\' APPEND FORMAT \\\\w+ ?', '') AS query) FROM system.processes WHERE Settings['${labelSetting}'] != ''`;

function parseInsert(source: string, tokens: Generator<Token>): Statement {
  const head: Token[] = [];
  let depth = 0;
  for (const token of tokens) {
    const previous = head.at(-1);
    head.push(token);
    if (token.keyword === '(') depth++;
    if (token.keyword === ')') depth--;
    if (depth > 0) continue;
    if (token.keyword === ';' && head.every(({ keyword }) => keyword !== 'VALUES')) break;
    if (token.keyword === 'VALUES' && head.every(({ keyword }) => keyword !== 'SELECT'))
      return insertOf(source, head, token.start, token.end, 'Values');
    if (previous?.keyword === 'FORMAT' && token.kind === 'word')
      return insertOf(source, head.slice(0, -2), previous.start, dataStart(source, token.end), source.slice(token.start, token.end));
  }
  return { kind: 'command', original: utf8(source.slice(0, head.filter(({ keyword }) => keyword !== ';').at(-1)?.end ?? source.length)) };
}

/** Returns the start of the data: after the spaces and the first line break that follow the name of the format. */
function dataStart(source: string, end: number): number {
  const gap = /[ \t]*(?:;[ \t]*)?(?:\r?\n)?/y;
  gap.lastIndex = end;
  return end + (gap.exec(source)?.[0].length ?? 0);
}

/** Returns an insert that reads a file: by `input()` if the statement selects from it, otherwise by `FROM INFILE`. */
function insertOf(source: string, head: readonly Token[], end: number, start: number, format: string): Statement {
  const original = utf8(source.slice(0, end));
  const call = head.findIndex(({ keyword }, index) => keyword === 'INPUT' && head[index + 1]?.keyword === '(');
  const structure = head[call + 2];
  const close = head[call + 3];
  if (call !== -1 && structure !== undefined && close !== undefined) {
    const name = head[call];
    const before = utf8(source.slice(0, name?.start ?? 0));
    const after = utf8(source.slice(close.end, end));
    const type = utf8(source.slice(structure.start, structure.end));
    return { kind: 'insert', original, dataStart: start, toSql: (file) => `${before}file('${file}', '${format}', ${type})${after}` };
  }
  const settings = head.find(({ keyword }, index) => keyword === 'SETTINGS' && index > 1);
  const into = utf8(source.slice(0, settings?.start ?? end));
  const rest = settings ? utf8(source.slice(settings.start, end)) : '';
  return { kind: 'insert', original, dataStart: start, toSql: (file) => `${into} FROM INFILE '${file}' ${rest} FORMAT ${format}` };
}

function utf8(latin1: string): string {
  return Buffer.from(latin1, 'latin1').toString('utf8');
}
