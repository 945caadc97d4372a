import type { ts as TS } from 'ts-morph';
import { isClientType, isStubbed } from '../clients/constructor-types.js';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { execInterface, resultInterface, streamInterface } from './statement-stubs.js';

/** A call of a method of a client that sends a statement. */
export interface ClientCall {
  readonly node: TS.CallExpression;
  /** The name of the method: `query`. */
  readonly method: string;
  /** The text of the statement, up to the first part that is not known; undefined if the code does not show it. */
  readonly sql: string | undefined;
}

/** The kind of a value whose content is to be read: a result, what `exec` gives, or a stream of one of them. */
export type ResultKind = 'result' | 'exec' | 'stream';

const methods: ReadonlySet<string> = new Set(['query', 'exec', 'insert', 'command', 'ping', 'querying', 'select']);

/** Tells which calls of a program send statements, and which values are results, by types. Created by `StatementCode`. */
export class ClientCalls {
  readonly #calls = new Map<TS.CallExpression, ClientCall | undefined>();

  constructor(private readonly checker: TS.TypeChecker) {}

  /** Returns the call of a client that the node is; undefined for any other node. */
  of(node: TS.Node): ClientCall | undefined {
    if (!ts.isCallExpression(node)) return undefined;
    if (!this.#calls.has(node)) this.#calls.set(node, this.#find(node));
    return this.#calls.get(node);
  }

  #find(node: TS.CallExpression): ClientCall | undefined {
    const callee = unwrap(node.expression);
    const member = memberAccess(callee);
    const method = member ? member.name : ts.isIdentifier(callee) ? callee.text : undefined;
    if (method === undefined || !methods.has(method)) return undefined;
    const isOfClient = member ? this.isClient(member.object) : this.#isMethodOfClient(node);
    return isOfClient ? { node, method, sql: sqlOf(node.arguments[0], this.checker) } : undefined;
  }

  /** Whether the value is a client or a service, or may be one beside `undefined`. */
  isClient(node: TS.Expression): boolean {
    return partsOf(this.checker.getTypeAtLocation(node)).some(
      (part) => isClientType(part) || part.getBaseTypes()?.some(isClientType) === true,
    );
  }

  /** Whether a function of such a name was taken from a client: `const { query } = client`. */
  #isMethodOfClient(node: TS.CallExpression): boolean {
    const declaration = this.checker.getResolvedSignature(node)?.declaration;
    return declaration !== undefined && isStubbed(declaration) && ts.isMethodSignature(declaration);
  }

  /** Returns the kind of a value, also if it is promised; undefined for a value that is no result. */
  kindOf(node: TS.Expression): ResultKind | undefined {
    const type = this.checker.getTypeAtLocation(node);
    const awaited = this.checker.getAwaitedType(type) ?? type;
    for (const part of partsOf(awaited)) {
      const symbol = part.getSymbol();
      if (!symbol?.declarations?.some(isStubbed)) continue;
      if (symbol.name === resultInterface) return 'result';
      if (symbol.name === execInterface) return 'exec';
      if (symbol.name === streamInterface) return 'stream';
    }
    return undefined;
  }
}

function partsOf(type: TS.Type): readonly TS.Type[] {
  return type.isUnionOrIntersection() ? type.types.flatMap(partsOf) : [type];
}

/** Returns the start of the statement that the options of a call, or its first argument, show. */
function sqlOf(options: TS.Expression | undefined, checker: TS.TypeChecker): string | undefined {
  if (!options) return undefined;
  const value = unwrap(options);
  if (!ts.isObjectLiteralExpression(value)) return textOf(value, checker);
  for (const property of value.properties) {
    if (property.name === undefined || staticName(property.name) !== 'query') continue;
    if (ts.isPropertyAssignment(property)) return textOf(property.initializer, checker);
    if (ts.isShorthandPropertyAssignment(property)) return constantText(checker.getShorthandAssignmentValueSymbol(property), checker);
  }
  return undefined;
}

function textOf(node: TS.Expression, checker: TS.TypeChecker): string | undefined {
  const value = unwrap(node);
  if (ts.isStringLiteralLike(value)) return value.text;
  if (ts.isTemplateExpression(value)) return value.head.text;
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.PlusToken) return textOf(value.left, checker);
  // `'…'.trim()`
  const member = ts.isCallExpression(value) ? memberAccess(value.expression) : undefined;
  if (member?.name === 'trim') return textOf(member.object, checker);
  return ts.isIdentifier(value) ? constantText(checker.getSymbolAtLocation(value), checker) : undefined;
}

function constantText(symbol: TS.Symbol | undefined, checker: TS.TypeChecker): string | undefined {
  const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const declaration = target?.valueDeclaration;
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined;
  const isConstant = (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  const { initializer } = declaration;
  return isConstant && !ts.isIdentifier(unwrap(initializer)) ? textOf(initializer, checker) : undefined;
}

/** The purpose of a statement, by its first words. */
export type StatementKind = 'insert' | 'command' | 'probe' | 'read' | 'unknown';

/** Returns what a statement is for; `unknown` if its text does not show it. */
export function statementKind(sql: string | undefined): StatementKind {
  const text = (sql ?? '').replace(/^(?:\s+|--[^\n]*\n|\/\*[^]*?\*\/)+/, '');
  if (/^select\s+1\s*;?\s*$/i.test(text)) return 'probe';
  const [word] = /^[a-z]+/i.exec(text) ?? [];
  if (word === undefined) return 'unknown';
  if (/^insert$/i.test(word)) return 'insert';
  if (commands.test(word)) return 'command';
  return /^(?:select|with|show|describe|desc|explain|exists)$/i.test(word) ? 'read' : 'unknown';
}

const commands =
  /^(?:create|alter|drop|truncate|rename|optimize|grant|revoke|system|kill|attach|detach|exchange|delete|update|undrop|use|set)$/i;
