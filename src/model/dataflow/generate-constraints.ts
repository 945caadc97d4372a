import type { ts as TS } from 'ts-morph';
import { hasBody, isFunction, isStatic, memberAccess, callableOf, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isCall } from './normalize-call.js';
import type { Calls } from './call-sites.js';
import { type ValueFlow, mayHoldCallable } from './value-flow.js';

/** Feeds every declaration, assignment, return and call of a file into the flow. */
export function generateConstraints(file: TS.SourceFile, flow: ValueFlow, calls: Calls, getters: ReadonlySet<string>): void {
  const { nodes } = flow;

  function visit(node: TS.Node): void {
    if (isFunction(node)) declareFunction(node);
    else if (ts.isClassLike(node)) declareClass(node);
    else if (ts.isVariableDeclaration(node)) {
      flow.write(node.initializer, nodes.at(node));
      flow.bind(node.name, node.initializer && flow.read(node.initializer));
    } else if (ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node) || ts.isEnumMember(node))
      flow.write(node.initializer, nodes.at(node));
    else if (ts.isShorthandPropertyAssignment(node)) shorthand(node);
    else if (ts.isExportAssignment(node)) flow.write(node.expression, nodes.at(node));
    else if (ts.isBinaryExpression(node)) assign(node);
    else if (ts.isReturnStatement(node) || ts.isYieldExpression(node)) flow.write(node.expression, nodes.returnsOf(callableOf(node)));
    else if (ts.isForOfStatement(node)) iterate(node);
    else if (isCall(node)) calls.visit(node);
    else if (ts.isObjectLiteralExpression(node)) meetContextualType(node);
    if (getters.size > 0) readGetter(node);
    ts.forEachChild(node, visit);
  }

  function declareFunction(node: TS.FunctionLikeDeclaration): void {
    for (const parameter of node.parameters) {
      flow.write(parameter.initializer, nodes.at(parameter));
      flow.bind(parameter.name, nodes.at(parameter));
    }
    if (!hasBody(node) || ts.isConstructorDeclaration(node)) return;
    if (ts.isGetAccessor(node)) nodes.graph.flow(nodes.returnsOf(node), nodes.at(node));
    else if (!ts.isSetAccessor(node)) nodes.graph.add(nodes.value('function', node), nodes.at(node));
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) flow.write(node.body, nodes.returnsOf(node));
  }

  /** Calling a method of an interface or a base class may run each implementation in sight. */
  function declareClass(node: TS.ClassLikeDeclaration): void {
    nodes.graph.add(nodes.value('class', node), nodes.at(node));
    calls.visitClass(node);
    for (const clause of node.heritageClauses ?? [])
      for (const heritage of clause.types)
        for (const member of node.members) {
          const name = staticName(member.name);
          if (name === undefined || isStatic(member)) continue;
          for (const declaration of nodes.memberDeclarations(heritage, name))
            if (declaration !== member) nodes.graph.flow(nodes.at(member), nodes.at(declaration));
        }
  }

  function shorthand(node: TS.ShorthandPropertyAssignment): void {
    flow.name(node.name, flow.typeInfo.checker.getShorthandAssignmentValueSymbol(node), nodes.at(node));
  }

  function assign(node: TS.BinaryExpression): void {
    const operator = node.operatorToken.kind;
    if (operator < ts.SyntaxKind.FirstAssignment || operator > ts.SyntaxKind.LastAssignment) return;
    const target = memberAccess(node.left)?.key ?? node.left;
    for (const declaration of nodes.declarationsOf(target)) flow.write(node.right, nodes.at(declaration));
  }

  function iterate(node: TS.ForOfStatement): void {
    if (!ts.isVariableDeclarationList(node.initializer)) return;
    for (const declaration of node.initializer.declarations) {
      flow.loadContents(flow.read(node.expression), nodes.at(declaration));
      flow.bind(declaration.name, nodes.at(declaration));
    }
  }

  /**
   * A literal that stands for an interface implements it: its members are what a call through the interface may run. What is
   * expected of a literal is a dear question, so it is asked when the first of its members turns out to hold something.
   */
  function meetContextualType(node: TS.ObjectLiteralExpression): void {
    if (!mayHoldCallable(node)) return;
    const expected = once(() => flow.typeInfo.expectedOf(node));
    for (const property of node.properties) {
      const name = staticName(property.name);
      if (name === undefined) continue;
      const implement = once(() => {
        for (const declaration of expected()?.getProperty(name)?.declarations ?? [])
          if (declaration !== property) nodes.graph.flow(nodes.at(property), nodes.at(declaration));
      });
      nodes.graph.listen(nodes.at(property), implement);
    }
  }

  function readGetter(node: TS.Node): void {
    const access = memberAccess(node);
    if (!access?.name || !getters.has(access.name)) return;
    for (const declaration of nodes.declarationsOf(access.key)) if (ts.isGetAccessor(declaration)) calls.visitGetter(node, declaration);
  }

  visit(file);
}

/** The names of all getters of a file: only accesses by such a name can run code. */
export function getterNames(file: TS.SourceFile): string[] {
  const names: string[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isGetAccessor(node)) names.push(staticName(node.name) ?? '');
    ts.forEachChild(node, visit);
  };
  if (/\bget\s/.test(file.text)) visit(file);
  return names;
}

function once<Answer>(ask: () => Answer): () => Answer {
  let known: { readonly answer: Answer } | undefined;
  return () => (known ??= { answer: ask() }).answer;
}
