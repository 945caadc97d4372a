import type { ts as TS } from 'ts-morph';
import type { ClientConstructor } from '../clients/client-packages.js';
import { isStubbed } from '../clients/constructor-types.js';
import type { Stubs } from '../clients/stubs.js';
import { hasBody, isFunction, isStatic, memberAccess, membersNamed, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { calledName, isCall } from './normalize-call.js';
import { TypeInfo } from './type-info.js';
import { type FlowNode, FlowNodes, propertyOf } from './flow-nodes.js';
import type { Value } from './abstract-object.js';

/** What a bare specifier or path means in a file, for the `require` calls that TypeScript does not follow in `.ts` files. */
export type ModuleOf = (from: TS.SourceFile, specifier: string) => TS.SourceFile | undefined;

/**
 * Follows callable values through assignments, arguments, returns, properties and collections.
 * The type checker says what a name means; this says what it may hold, also where the type is `any` or only an interface.
 */
export class ValueFlow {
  readonly typeInfo: TypeInfo;
  readonly nodes: FlowNodes;
  readonly #read = new Set<TS.Node>();
  readonly #members = new Map<FlowNode, Map<string | undefined, FlowNode>>();
  readonly #constructors = new Map<ClientConstructor, Value>();

  constructor(
    checker: TS.TypeChecker,
    stubs: Stubs,
    private readonly moduleOf: ModuleOf,
  ) {
    this.typeInfo = new TypeInfo(checker, stubs);
    this.nodes = new FlowNodes(this.typeInfo);
  }

  /** What an expression may evaluate to; undefined for literals and arithmetic, which nobody can call. */
  read(expression: TS.Expression): FlowNode | undefined {
    const node = unwrap(expression);
    const isFollowed =
      (ts.isIdentifier(node) && !this.typeInfo.isExternal(node)) ||
      memberAccess(node) !== undefined ||
      isCall(node) ||
      isFunction(node) ||
      ts.isClassExpression(node) ||
      ts.isObjectLiteralExpression(node) ||
      ts.isArrayLiteralExpression(node) ||
      ts.isConditionalExpression(node) ||
      ts.isBinaryExpression(node) ||
      node.kind === ts.SyntaxKind.ThisKeyword;
    if (!isFollowed) return undefined;
    const place = this.nodes.at(node);
    if (!this.#read.has(node)) {
      this.#read.add(node);
      this.#define(node, place);
    }
    return place;
  }

  write(source: TS.Expression | undefined, target: FlowNode): void {
    const place = source && this.read(source);
    if (place) this.nodes.graph.flow(place, target);
  }

  #define(node: TS.Expression, place: FlowNode): void {
    const { graph } = this.nodes;
    if (isFunction(node)) graph.add(this.nodes.value('function', node), place);
    else if (ts.isClassExpression(node)) graph.add(this.nodes.value('class', node), place);
    else if (ts.isObjectLiteralExpression(node)) this.#defineObject(node, place);
    else if (ts.isArrayLiteralExpression(node)) this.#defineArray(node, place);
    else if (ts.isConditionalExpression(node)) for (const branch of [node.whenTrue, node.whenFalse]) this.write(branch, place);
    else if (ts.isBinaryExpression(node)) this.#defineBinary(node, place);
    else if (ts.isIdentifier(node)) this.name(node, this.typeInfo.symbolAt(node), place);
    else if (node.kind === ts.SyntaxKind.ThisKeyword) this.#defineThis(node, place);
    else this.#defineMember(node, place);
  }

  #defineObject(node: TS.ObjectLiteralExpression, place: FlowNode): void {
    if (mayHoldCallable(node)) this.nodes.graph.add(this.nodes.value('object', node), place);
  }

  #defineArray(node: TS.ArrayLiteralExpression, place: FlowNode): void {
    if (!mayHoldCallable(node) && node.elements.length > 0) return;
    this.nodes.graph.add(this.nodes.value('collection', node), place);
    for (const element of node.elements) {
      if (ts.isSpreadElement(element)) this.loadContents(this.read(element.expression), this.nodes.contentsOf(node));
      else this.write(element, this.nodes.contentsOf(node));
    }
  }

  #defineBinary(node: TS.BinaryExpression, place: FlowNode): void {
    const operator = node.operatorToken.kind;
    const isAssignment = operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
    const isChoice =
      operator === ts.SyntaxKind.BarBarToken ||
      operator === ts.SyntaxKind.QuestionQuestionToken ||
      operator === ts.SyntaxKind.AmpersandAmpersandToken;
    if (isChoice || (isAssignment && operator !== ts.SyntaxKind.EqualsToken)) this.write(node.left, place);
    if (isChoice || isAssignment) this.write(node.right, place);
  }

  #defineThis(node: TS.Node, place: FlowNode): void {
    const owner = ts.findAncestor(node.parent, bindsThis);
    const parent = owner?.parent;
    if (!owner || !parent) return;
    if (ts.isClassElement(owner) && ts.isClassLike(parent))
      this.nodes.graph.add(this.nodes.value(isStatic(owner) ? 'class' : 'instance', parent), place);
    else if (ts.isObjectLiteralExpression(parent)) this.nodes.graph.add(this.nodes.value('object', parent), place);
    else if (ts.isPropertyAssignment(parent)) this.nodes.graph.add(this.nodes.value('object', parent.parent), place);
  }

  /** The client constructor that a callee is by its type. */
  constructorOf(callee: TS.Expression): ClientConstructor | undefined {
    if (calledName(callee) === undefined) return this.typeInfo.constructorAt(callee);
    const symbol = this.typeInfo.symbolAt(memberAccess(callee)?.key ?? callee);
    return symbol && this.typeInfo.constructorOf(symbol);
  }

  /** What a name may hold: a client constructor, as its type says, or what was written to its declarations. */
  name(node: TS.Node, symbol: TS.Symbol | undefined, place: FlowNode): void {
    const constructor = symbol ? this.typeInfo.constructorOf(symbol) : this.typeInfo.constructorAt(node);
    if (constructor) this.nodes.graph.add(this.#constructorValue(constructor), place);
    for (const declaration of this.nodes.declarations(symbol)) this.#loadDeclaration(declaration, place);
  }

  #loadDeclaration(declaration: TS.Declaration, place: FlowNode): void {
    const constructor = isStubbed(declaration) ? this.typeInfo.constructorAt(declaration) : undefined;
    if (constructor) this.nodes.graph.add(this.#constructorValue(constructor), place);
    else if (ts.isSourceFile(declaration)) this.nodes.graph.add(this.nodes.value('module', declaration), place);
    else this.nodes.graph.flow(this.nodes.at(declaration), place);
  }

  #defineMember(node: TS.Expression, place: FlowNode): void {
    const access = memberAccess(node);
    if (!access) return;
    const { object, key, name } = access;
    if (object.kind === ts.SyntaxKind.SuperKeyword) {
      // Exactly the base's method: an override that calls super does not call itself.
      for (const declaration of this.nodes.declarationsOf(key))
        if (isFunction(declaration)) this.nodes.graph.add(this.nodes.value('function', declaration), place);
      return;
    }
    if (name !== undefined) this.name(node, this.typeInfo.symbolAt(key), place);
    this.loadMember(this.read(object), name, place);
  }

  /** Reads a property off whatever values the object may be; undefined name means any of them. */
  loadMember(object: FlowNode | undefined, name: string | undefined, target: FlowNode): void {
    if (object) this.nodes.graph.flow(this.member(object, name), target);
  }

  /** Reads what the arrays, maps and sets among the values contain. */
  loadContents(container: FlowNode | undefined, target: FlowNode): void {
    if (container) this.nodes.graph.flow(this.member(container, '0'), target);
  }

  /** One place per object and name, made before it is filled: an object that spreads itself ends there. */
  member(object: FlowNode, name: string | undefined): FlowNode {
    const members = this.#members.get(object) ?? new Map<string | undefined, FlowNode>();
    this.#members.set(object, members);
    const known = members.get(name);
    if (known) return known;
    const place = this.nodes.graph.node();
    members.set(name, place);
    this.nodes.graph.listen(object, (value) => this.#loadFrom(value, name, place));
    return place;
  }

  #loadFrom(value: Value, name: string | undefined, target: FlowNode): void {
    if (value.kind === 'object') {
      const { own, spread } = propertyOf(value.node, name);
      for (const property of own) this.nodes.graph.flow(this.nodes.at(property), target);
      for (const source of spread) this.loadMember(this.read(source), name, target);
    } else if (value.kind === 'collection' && (name === undefined || /^\d+$/.test(name)))
      this.nodes.graph.flow(this.nodes.contentsOf(value.node), target);
    else if (value.kind === 'module' && name !== undefined)
      for (const declaration of this.nodes.exportDeclarations(value.node, name)) this.#loadDeclaration(declaration, target);
    else if ((value.kind === 'class' || value.kind === 'instance') && name !== undefined)
      for (const member of this.memberOfClass(value.node, name, value.kind === 'class'))
        this.nodes.graph.flow(this.nodes.at(member), target);
    else if (value.kind === 'constructor' && name === 'default') this.nodes.graph.add(value, target);
  }

  /** The nearest declaration of a member, walking up the base classes. */
  memberOfClass(node: TS.ClassLikeDeclaration, name: string, statics: boolean, seen = new Set<TS.Node>()): TS.Node[] {
    if (seen.has(node)) return [];
    seen.add(node);
    const own = membersNamed(node, name, statics).filter((member) => !isFunction(member) || hasBody(member));
    const parameters = statics ? [] : parameterProperties(node).filter((parameter) => staticName(parameter.name) === name);
    if (own.length + parameters.length > 0) return [...own, ...parameters];
    return this.baseClassesOf(node).flatMap((base) => this.memberOfClass(base, name, statics, seen));
  }

  baseClassesOf(node: TS.ClassLikeDeclaration): TS.ClassLikeDeclaration[] {
    const clause = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword);
    const base = clause?.types[0]?.expression;
    return base && ts.isIdentifier(base) ? this.nodes.declarationsOf(base).filter(ts.isClassLike) : [];
  }

  /** Takes apart `{ a, b: c = d }` and `[a, b]` on the left of a value. */
  bind(name: TS.BindingName, source: FlowNode | undefined): void {
    if (ts.isIdentifier(name)) return;
    for (const element of name.elements) {
      if (ts.isOmittedExpression(element)) continue;
      const target = this.nodes.at(element);
      if (ts.isArrayBindingPattern(name)) this.loadContents(source, target);
      else if (element.dotDotDotToken) {
        if (source) this.nodes.graph.flow(source, target);
      } else {
        const property = staticName(element.propertyName ?? element.name);
        if (property !== undefined) {
          for (const declaration of this.nodes.propertyDeclarations(name, property)) this.#loadDeclaration(declaration, target);
          this.loadMember(source, property, target);
        }
      }
      this.write(element.initializer, target);
      this.bind(element.name, target);
    }
  }

  /** What `require('…')` and `import('…')` give, also where TypeScript does not look. */
  importModule(call: TS.Node, specifier: string): void {
    const module = this.moduleOf(call.getSourceFile(), specifier);
    if (module) this.nodes.graph.add(this.nodes.value('module', module), this.nodes.at(call));
  }

  #constructorValue(constructor: ClientConstructor): Value {
    const known = this.#constructors.get(constructor) ?? { kind: 'constructor', constructor };
    this.#constructors.set(constructor, known);
    return known;
  }
}

function parameterProperties(node: TS.ClassLikeDeclaration): TS.ParameterDeclaration[] {
  const constructor = node.members.find(ts.isConstructorDeclaration);
  return constructor?.parameters.filter((parameter) => ts.isParameterPropertyDeclaration(parameter, constructor)) ?? [];
}

function bindsThis(node: TS.Node): boolean {
  return (isFunction(node) && !ts.isArrowFunction(node)) || ts.isPropertyDeclaration(node) || ts.isClassStaticBlockDeclaration(node);
}

/** Text, numbers and structures of nothing else are data: nobody calls anything in them, so nobody needs to follow them. */
export function mayHoldCallable(node: TS.Expression): boolean {
  const inner = unwrap(node);
  if (ts.isObjectLiteralExpression(inner))
    return inner.properties.some((property) => !ts.isPropertyAssignment(property) || mayHoldCallable(property.initializer));
  if (ts.isArrayLiteralExpression(inner)) return inner.elements.some((element) => ts.isSpreadElement(element) || mayHoldCallable(element));
  const isData =
    ts.isLiteralExpression(inner) ||
    ts.isTemplateExpression(inner) ||
    ts.isPrefixUnaryExpression(inner) ||
    inner.kind === ts.SyntaxKind.TrueKeyword ||
    inner.kind === ts.SyntaxKind.FalseKeyword ||
    inner.kind === ts.SyntaxKind.NullKeyword;
  return !isData;
}
