import type { ts as TS } from 'ts-morph';
import { isFunction, isStatic, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { CallLinker } from './call-linker.js';
import type { FlowNode } from './flow-nodes.js';
import { type Call, isCall } from './normalize-call.js';
import type { ValueFlow } from './value-flow.js';

/** Declarations of the program that code can run without a call. */
export interface ImplicitCalls {
  /** Names of getters. */
  readonly getters: ReadonlySet<string>;
  /** Whether an object of the program has a member `then`, which `await` calls. */
  readonly hasThenMembers: boolean;
  /** Whether an object of the program has a member that a conversion to a text or number calls. */
  readonly hasConversions: boolean;
  /** Whether code reads the members of an object without their names. */
  readonly readsAllMembers: boolean;
}

/** Adds the sites of a node at which the language calls a member without a call expression. Called by `generateConstraints`. */
export function visitProtocols(node: TS.Node, flow: ValueFlow, linker: CallLinker, implicit: ImplicitCalls): void {
  if (implicit.hasConversions) visitConversion(node, flow, linker);
  if (ts.isVariableDeclaration(node)) visitVariable(node, flow, linker);
  else if (ts.isParameter(node)) visitPattern(node, node.name, flow.nodes.at(node), flow, linker);
  else if (ts.isBinaryExpression(node) && isArrayAssignment(node)) visitIteration(node, node.right, false, flow, linker);
  else if (isCall(node)) visitReaderOfIterable(node, flow, linker);
  else if (ts.isForOfStatement(node)) visitIteration(node, node.expression, node.awaitModifier !== undefined, flow, linker);
  else if (ts.isSpreadElement(node)) visitIteration(node, node.expression, false, flow, linker);
  else if (ts.isYieldExpression(node) && node.asteriskToken && node.expression) visitIteration(node, node.expression, false, flow, linker);
  else if (ts.isAwaitExpression(node) && implicit.hasThenMembers) {
    const awaited = flow.read(node.expression);
    if (awaited) linker.visitProtocol(node, awaited, 'then');
  } else if (ts.isDecorator(node)) visitDecorator(node, flow, linker);
}

function visitVariable(node: TS.VariableDeclaration, flow: ValueFlow, linker: CallLinker): void {
  visitUsing(node, flow, linker);
  if (node.initializer) visitPattern(node, node.name, flow.read(node.initializer), flow, linker);
}

/** A template and the operator `+` call the members that convert an object, and so do `String` and `JSON.stringify`. */
function visitConversion(node: TS.Node, flow: ValueFlow, linker: CallLinker): void {
  const convert = (expression: TS.Expression, members: readonly string[]): void => {
    const operand = unwrap(expression);
    // Texts and numbers are the rule: only a name can stand for an object of the program.
    const value = ts.isIdentifier(operand) && !flow.typeInfo.isExternal(operand) ? flow.read(operand) : undefined;
    if (value) for (const member of members) linker.visitProtocol(node, value, member);
  };
  if (ts.isTemplateExpression(node)) for (const { expression } of node.templateSpans) convert(expression, ['@@toPrimitive', 'toString']);
  else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
    for (const operand of [node.left, node.right]) convert(operand, ['@@toPrimitive', 'valueOf', 'toString']);
  else if (ts.isCallExpression(node) && node.arguments[0]) {
    const { expression } = node;
    const isJson = ts.isPropertyAccessExpression(expression) && expression.name.text === 'stringify';
    if (ts.isIdentifier(expression) && /^(?:String|Number)$/.test(expression.text))
      convert(node.arguments[0], ['@@toPrimitive', 'valueOf', 'toString']);
    else if (isJson) for (const value of serialised(node.arguments[0])) convert(value, ['toJSON']);
  }
}

/** The value that is serialised, and the values of an object literal. */
function serialised(value: TS.Expression): readonly TS.Expression[] {
  const object = unwrap(value);
  if (!ts.isObjectLiteralExpression(object)) return [value];
  return object.properties.flatMap((property) =>
    ts.isPropertyAssignment(property) ? [property.initializer] : ts.isShorthandPropertyAssignment(property) ? [property.name] : [],
  );
}

/** Whether a file declares a member that a conversion calls. */
export function declaresConversion(file: TS.SourceFile): boolean {
  return /(?<![.\w])(?:toString|toJSON|valueOf)\s*(?:\(\)\s*[{:]|[:=]\s*(?:async\s*)?\()|\[Symbol\.toPrimitive\]/.test(file.text);
}

/** Whether a file reads the members of an object without their names. */
export function readsAllMembers(file: TS.SourceFile): boolean {
  return /\bObject\.(?:values|entries)\(/.test(file.text);
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
