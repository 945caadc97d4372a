import type { ts as TS } from 'ts-morph';
import { hasBody, isFunction, isStatic, memberAccess, callableOf, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isCall } from './normalize-call.js';
import type { CallLinker } from './call-linker.js';
import { type ImplicitCalls, visitProtocols } from './protocols.js';
import { mayContainCallable } from './literal-data.js';
import type { ValueFlow } from './value-flow.js';

/** Adds the constraints of all declarations, assignments, returns and calls of a file to the flow. Called by `analyzeFlow`. */
export function generateConstraints(file: TS.SourceFile, flow: ValueFlow, linker: CallLinker, implicit: ImplicitCalls): void {
  const { nodes } = flow;
  const { getters, readsAllMembers } = implicit;

  function visit(node: TS.Node): void {
    if (isFunction(node)) declareFunction(node);
    else if (ts.isClassLike(node)) declareClass(node);
    else if (ts.isVariableDeclaration(node)) {
      flow.write(node.initializer, nodes.at(node));
      flow.destructure(node.name, node.initializer && flow.read(node.initializer));
    } else if (ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node) || ts.isEnumMember(node))
      flow.write(node.initializer, nodes.at(node));
    else if (ts.isShorthandPropertyAssignment(node)) writeShorthand(node);
    else if (ts.isExportAssignment(node)) flow.write(node.expression, nodes.at(node));
    else if (ts.isBinaryExpression(node)) writeAssignment(node);
    else if (ts.isReturnStatement(node) || ts.isYieldExpression(node)) flow.write(node.expression, nodes.returnsOf(callableOf(node)));
    else if (ts.isForOfStatement(node)) loadElements(node);
    else if (isCall(node)) linker.visitCall(node);
    else if (ts.isTaggedTemplateExpression(node)) linker.visitTaggedTemplate(node);
    else if (ts.isObjectLiteralExpression(node)) linkToContextualType(node);
    visitProtocols(node, flow, linker, implicit);
    if (getters.size > 0) visitGetterAccess(node);
    ts.forEachChild(node, visit);
  }

  function declareFunction(node: TS.FunctionLikeDeclaration): void {
    for (const parameter of node.parameters) {
      flow.write(parameter.initializer, nodes.at(parameter));
      flow.destructure(parameter.name, nodes.at(parameter));
    }
    if (!hasBody(node) || ts.isConstructorDeclaration(node)) return;
    if (ts.isGetAccessor(node)) nodes.graph.addEdge(nodes.returnsOf(node), nodes.at(node));
    else if (!ts.isSetAccessor(node)) nodes.graph.addValue(nodes.value('function', node), nodes.at(node));
    if (ts.isArrowFunction(node) && !ts.isBlock(node.body)) flow.write(node.body, nodes.returnsOf(node));
  }

  /** Links members to the interface and base members that they implement: a call of these may run each implementation. */
  function declareClass(node: TS.ClassLikeDeclaration): void {
    nodes.graph.addValue(nodes.value('class', node), nodes.at(node));
    linker.visitClass(node);
    for (const clause of node.heritageClauses ?? [])
      for (const heritage of clause.types)
        for (const member of node.members) {
          const name = staticName(member.name);
          if (name === undefined || isStatic(member)) continue;
          for (const declaration of nodes.memberDeclarations(heritage, name))
            if (declaration !== member) nodes.graph.addEdge(nodes.at(member), nodes.at(declaration));
        }
  }

  function writeShorthand(node: TS.ShorthandPropertyAssignment): void {
    flow.loadName(node.name, flow.typeInfo.checker.getShorthandAssignmentValueSymbol(node), nodes.at(node));
  }

  function writeAssignment(node: TS.BinaryExpression): void {
    const operator = node.operatorToken.kind;
    if (operator < ts.SyntaxKind.FirstAssignment || operator > ts.SyntaxKind.LastAssignment) return;
    const access = memberAccess(node.left);
    if (access && access.name === undefined) {
      const key = ts.isElementAccessExpression(access.key.parent) ? access.key.parent.argumentExpression : undefined;
      return flow.members.storeContents(flow.read(access.object), flow.contents.keyOf(key), node.right);
    }
    const declarations = nodes.declarationsOf(access?.key ?? node.left);
    // A record or an `any` declares no such member.
    if (access && declarations.length === 0)
      flow.members.storeContents(flow.read(access.object), { constant: access.name, part: undefined }, node.right);
    for (const declaration of declarations) {
      flow.write(node.right, nodes.at(declaration));
      // Code may run all members of the object.
      if (access && readsAllMembers && ts.isPropertySignature(declaration))
        flow.members.storeContents(flow.read(access.object), { constant: access.name, part: undefined }, node.right);
      if (ts.isSetAccessor(declaration)) linker.visitSetter(node, declaration);
    }
  }

  function loadElements(node: TS.ForOfStatement): void {
    if (!ts.isVariableDeclarationList(node.initializer)) return;
    for (const declaration of node.initializer.declarations) {
      flow.members.loadIterated(flow.read(node.expression), nodes.at(declaration));
      flow.destructure(declaration.name, nodes.at(declaration));
    }
  }

  /**
   * Links the members of a literal to the interface that it implements. The contextual type is expensive, so it is computed only when
   * the first member has a value.
   */
  function linkToContextualType(node: TS.ObjectLiteralExpression): void {
    if (!mayContainCallable(node)) return;
    const contextualType = once(() => flow.typeInfo.contextualTypeOf(node));
    for (const property of node.properties) {
      const name = staticName(property.name);
      if (name === undefined) continue;
      const linkMember = once(() => {
        for (const declaration of contextualType()?.getProperty(name)?.declarations ?? [])
          if (declaration !== property) nodes.graph.addEdge(nodes.at(property), nodes.at(declaration));
      });
      nodes.graph.addListener(nodes.at(property), linkMember);
    }
  }

  function visitGetterAccess(node: TS.Node): void {
    if (ts.isBindingElement(node)) return visitDestructuredGetter(node);
    const access = memberAccess(node);
    if (!access?.name || !getters.has(access.name)) return;
    for (const declaration of nodes.declarationsOf(access.key)) if (ts.isGetAccessor(declaration)) linker.visitGetter(node, declaration);
  }

  function visitDestructuredGetter(node: TS.BindingElement): void {
    const name = staticName(node.propertyName ?? node.name);
    if (name === undefined || !getters.has(name)) return;
    for (const declaration of nodes.propertyDeclarations(node.parent, name))
      if (ts.isGetAccessor(declaration)) linker.visitGetter(node, declaration);
  }

  visit(file);
}

/** Returns the names of all getters of a file. Only an access by such a name can run code. */
export function getterNames(file: TS.SourceFile): string[] {
  const names: string[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isGetAccessor(node)) names.push(staticName(node.name) ?? '');
    ts.forEachChild(node, visit);
  };
  if (/\bget\s/.test(file.text)) visit(file);
  return names;
}

function once<Result>(compute: () => Result): () => Result {
  let cached: { readonly result: Result } | undefined;
  return () => (cached ??= { result: compute() }).result;
}
