import type { ts as TS } from 'ts-morph';
import type { Span, TextEdit } from '../../findings/finding.js';
import { calleeSpan, callableName, isFunction, isWrapped } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type ClientCall, type ResultKind, type StatementKind, statementKind } from './client-calls.js';
import { commandEdits } from './command-edits.js';
import { calleeName, callsIn } from './failing-calls.js';
import { importedAs, readMethods } from './passed-results.js';
import { hasUnreadPath } from './read-paths.js';
import { ResultReads } from './result-reads.js';
import type { StatementCode } from './statement-code.js';

/** A result of `query` or `exec` that no code reads or closes: its connection stays in use. */
export interface UnreadResult {
  /** The callee of the call that gives the result. */
  readonly span: Span;
  /** The method, or the name of the function of the project that returns the result. */
  readonly name: string;
  /** Whether the call is one of a client itself. */
  readonly isClientCall: boolean;
  readonly kind: ResultKind;
  readonly statement: StatementKind;
  /** Whether some paths through the function read it. */
  readonly isReadOnSomePaths: boolean;
  readonly isInTest: boolean;
  /** Edits that send the statement with `command`; undefined if it is not certain that the code does the same and compiles. */
  readonly asCommand: readonly TextEdit[] | undefined;
}

/** Levels of functions that return a result of the level before. */
const maxLevels = 4;

/** Returns the results that are not read, sorted by position. The model's `unreadResults` calls it. */
export function findUnreadResults({ sources, checker, calls, isTest }: StatementCode): UnreadResult[] {
  const reads = new ResultReads(checker);
  const found: UnreadResult[] = [];
  const judge = (node: TS.CallExpression, name: string, client: ClientCall | undefined): void => {
    const kind = calls.kindOf(node);
    if (kind === undefined) return;
    const isRead = reads.isRead(node, kind);
    const isReadOnSomePaths = isRead && isReadOnlyOnSomePaths(node, kind, reads);
    if (isRead && !isReadOnSomePaths) return;
    const isInTest = isTest(node.getSourceFile().fileName);
    found.push({
      span: calleeSpan(node),
      name,
      isClientCall: client !== undefined,
      kind,
      statement: client ? statementKind(client.sql) : 'unknown',
      isReadOnSomePaths,
      isInTest,
      asCommand: client && commandEdits(client),
    });
  };
  for (const node of sources.flatMap(callsIn)) {
    const call = calls.of(node);
    if (call && readMethods.has(call.method)) judge(node, call.method, call);
  }
  const judged = new Set<string>();
  for (let level = 0; level < maxLevels; level++) {
    const names = new Set([...reads.returning].map(nameOf).filter((name): name is string => name !== undefined && !judged.has(name)));
    if (names.size === 0) break;
    for (const name of names) judged.add(name);
    for (const source of sources) {
      const known = importedAs(source, names);
      for (const node of callsIn(source)) {
        const name = calleeName(node);
        if (name !== undefined && known.has(name) && !calls.of(node)) judge(node, name, undefined);
      }
    }
  }
  return found.sort((a, b) => (a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : a.span.start - b.span.start));
}

/** Only a result in a variable of its own can be read on some paths. */
function isReadOnlyOnSomePaths(node: TS.CallExpression, kind: ResultKind, reads: ResultReads): boolean {
  let value: TS.Node = node;
  while (isWrapped(value.parent)) value = value.parent;
  const { parent } = value;
  if (!ts.isVariableDeclaration(parent) || parent.initializer !== value || !ts.isIdentifier(parent.name)) return false;
  const isConstant = (ts.getCombinedNodeFlags(parent) & ts.NodeFlags.Const) !== 0;
  return isConstant && hasUnreadPath(parent, reads.readingReferences(parent.name, kind));
}

/** The name by which a function is called: of a method the name alone. */
function nameOf(callable: TS.FunctionLikeDeclaration): string | undefined {
  return isFunction(callable) ? callableName(callable).split('.').at(-1) : undefined;
}
