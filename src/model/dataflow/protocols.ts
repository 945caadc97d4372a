import type { ts as TS } from 'ts-morph';
import { isFunction, isStatic, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { CallLinker } from './call-linker.js';
import type { FlowNode } from './flow-nodes.js';
import { type Call, isCall } from './normalize-call.js';
import type { ValueFlow } from './value-flow.js';

/** Adds the sites of a node at which the language calls a member without a call expression. Called by `generateConstraints`. */
export function visitProtocols(node: TS.Node, flow: ValueFlow, linker: CallLinker, hasThenMembers: boolean): void {
  if (ts.isVariableDeclaration(node)) visitVariable(node, flow, linker);
  else if (ts.isParameter(node)) visitPattern(node, node.name, flow.nodes.at(node), flow, linker);
  else if (ts.isBinaryExpression(node) && isArrayAssignment(node)) visitIteration(node, node.right, false, flow, linker);
  else if (isCall(node)) visitReaderOfIterable(node, flow, linker);
  else if (ts.isForOfStatement(node)) visitIteration(node, node.expression, node.awaitModifier !== undefined, flow, linker);
  else if (ts.isSpreadElement(node)) visitIteration(node, node.expression, false, flow, linker);
  else if (ts.isYieldExpression(node) && node.asteriskToken && node.expression) visitIteration(node, node.expression, false, flow, linker);
  else if (ts.isAwaitExpression(node) && hasThenMembers) {
    const awaited = flow.read(node.expression);
    if (awaited) linker.visitProtocol(node, awaited, 'then');
  } else if (ts.isDecorator(node)) visitDecorator(node, flow, linker);
}

function visitVariable(node: TS.VariableDeclaration, flow: ValueFlow, linker: CallLinker): void {
  visitUsing(node, flow, linker);
  if (node.initializer) visitPattern(node, node.name, flow.read(node.initializer), flow, linker);
}

/** A pattern such as `[first, second]` runs the iterator of its value. */
function visitPattern(node: TS.Node, pattern: TS.BindingName, value: FlowNode | undefined, flow: ValueFlow, linker: CallLinker): void {
  if (value && ts.isArrayBindingPattern(pattern)) iterate(node, value, false, linker);
}

function isArrayAssignment({ operatorToken, left }: TS.BinaryExpression): boolean {
  return operatorToken.kind === ts.SyntaxKind.EqualsToken && ts.isArrayLiteralExpression(left);
}

/** Built-in callees that run the iterator of their first argument. */
const iterableReaders = /^(?:Array\.from(?:Async)?|Object\.fromEntries|Promise\.(?:all|allSettled|any|race)|(?:Weak)?(?:Map|Set))$/;

function visitReaderOfIterable(node: Call, flow: ValueFlow, linker: CallLinker): void {
  const [iterable] = node.arguments ?? [];
  const { expression } = node;
  if (!iterable || ts.isSpreadElement(iterable) || ts.isArrayLiteralExpression(iterable)) return;
  const isName = ts.isIdentifier(expression) || (ts.isPropertyAccessExpression(expression) && ts.isIdentifier(expression.expression));
  if (isName && iterableReaders.test(expression.getText()))
    visitIteration(node, iterable, expression.getText().endsWith('Async'), flow, linker);
}

/** `using` and `await using` call the disposer at the end of the block. */
function visitUsing(node: TS.VariableDeclaration, flow: ValueFlow, linker: CallLinker): void {
  const flags = ts.getCombinedNodeFlags(node);
  const isUsing = (flags & ts.NodeFlags.Using) !== 0;
  // `await using` has the bits of `using` and of `const`.
  const isAwait = isUsing && (flags & ts.NodeFlags.Const) !== 0;
  const value = isUsing && node.initializer ? flow.read(node.initializer) : undefined;
  if (!value) return;
  linker.visitProtocol(node, value, '@@dispose');
  if (isAwait) linker.visitProtocol(node, value, '@@asyncDispose');
}

/** A loop calls the method that makes the iterator, and then the iterator's own methods. */
function visitIteration(node: TS.Node, iterated: TS.Expression, isAwait: boolean, flow: ValueFlow, linker: CallLinker): void {
  const value = flow.read(iterated);
  if (value) iterate(node, value, isAwait, linker);
}

function iterate(node: TS.Node, value: FlowNode, isAwait: boolean, linker: CallLinker): void {
  const visit = (member: string): void => {
    const iterator = linker.visitProtocol(node, value, member);
    for (const method of ['next', 'return']) linker.visitProtocol(node, iterator, method);
  };
  visit('@@iterator');
  if (isAwait) visit('@@asyncIterator');
}

/** A decorator runs once. Calls of the decorated method then run the function by which the decorator replaces it. */
function visitDecorator(node: TS.Decorator, flow: ValueFlow, linker: CallLinker): void {
  const { graph } = flow.nodes;
  const decorated = node.parent;
  const decorator = flow.read(node.expression);
  if (!decorator) return;
  linker.visitDecoration(node, decorator);
  if (!ts.isMethodDeclaration(decorated) && !ts.isClassDeclaration(decorated)) return;
  graph.addListener(decorator, (value) => {
    if (value.kind !== 'function') return;
    graph.addEdge(flow.nodes.returnsOf(value.node), flow.nodes.at(decorated));
    for (const replacement of replacementsIn(value.node)) flow.write(replacement, flow.nodes.at(decorated));
  });
}

/** The values that a decorator assigns to the properties of the descriptor, its third parameter. */
function replacementsIn(decorator: TS.FunctionLikeDeclaration): TS.Expression[] {
  const descriptor = staticName(decorator.parameters[2]?.name);
  const found: TS.Expression[] = [];
  const visit = (node: TS.Node): void => {
    if (
      ts.isBinaryExpression(node) &&
      node.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
      ts.isPropertyAccessExpression(node.left) &&
      ts.isIdentifier(node.left.expression) &&
      node.left.expression.text === descriptor
    )
      found.push(node.right);
    ts.forEachChild(node, visit);
  };
  if (descriptor !== undefined && decorator.body) visit(decorator.body);
  return found;
}

/** Whether a file declares a member `then`. Only then `await` can run code of the project. */
export function declaresThen(file: TS.SourceFile): boolean {
  if (!/(?<![.\w])then['"]?\s*[(:=<]/.test(file.text)) return false;
  const visit = (node: TS.Node): boolean => {
    const isMember = ts.isClassElement(node) || ts.isObjectLiteralElement(node);
    if (isMember && staticName(node.name) === 'then' && !(isFunction(node) && isStatic(node))) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return visit(file);
}
