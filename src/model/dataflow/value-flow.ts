import type { ts as TS } from 'ts-morph';
import type { ClientConstructor } from '../clients/client-packages.js';
import { isStubbed } from '../clients/constructor-types.js';
import type { ImportedModules } from '../clients/imported-modules.js';
import type { Stubs } from '../clients/stubs.js';
import { isFunction, isStatic, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { CommonJsModules, UnresolvedImports } from './unresolved-imports.js';
import { KeyedContents } from './keyed-contents.js';
import type { ImportNames } from './imported-name.js';
import { mayContainCallable } from './literal-data.js';
import { MemberFlow, type ValueSource } from './member-flow.js';
import { calledName, isCall } from './normalize-call.js';
import { TypeInfo } from './type-info.js';
import type { ValueMap } from './constraint-graph.js';
import { type FlowNode, FlowNodes } from './flow-nodes.js';
import type { AbstractObject } from './abstract-object.js';

/**
 * Follows callable values through assignments, arguments, returns, properties and collections. It also finds the values of a name whose
 * type is `any` or an interface. Created by `analyzeFlow`, which fills it through `generateConstraints`, `CallLinker` and `ExternalCalls`.
 */
export class ValueFlow implements ValueSource {
  /** The symbols and types of the program. */
  readonly typeInfo: TypeInfo;
  /** The nodes of the flow, with their graph. */
  readonly nodes: FlowNodes;
  /** The values under the keys of maps and records. */
  readonly contents: KeyedContents;
  /** The members of objects. */
  readonly members: MemberFlow;
  /** The declarations of names, for the calls of packages. */
  readonly names: ImportNames = {
    importOf: (name) => this.typeInfo.symbolAt(name)?.declarations?.[0],
    declarationOf: (name) => this.nodes.declarationsOf(name)[0],
  };
  readonly #commonJs = new CommonJsModules();
  readonly #unresolved: UnresolvedImports;
  readonly #defined = new Set<TS.Node>();
  readonly #constructors = new Map<ClientConstructor, AbstractObject>();

  constructor(
    checker: TS.TypeChecker,
    stubs: Stubs,
    private readonly modules: ImportedModules,
  ) {
    this.typeInfo = new TypeInfo(checker, stubs);
    this.nodes = new FlowNodes(this.typeInfo);
    this.#unresolved = new UnresolvedImports(this.typeInfo, modules, this.#commonJs);
    this.contents = new KeyedContents(this.nodes, this.typeInfo);
    this.members = new MemberFlow(this, this.nodes, this.contents, this.#commonJs);
  }

  /** Returns the node for the values of an expression; undefined for literals, arithmetic and external names, which have no callable value. */
  read(expression: TS.Expression): FlowNode | undefined {
    const node = unwrap(expression);
    const isFollowed =
      (ts.isIdentifier(node) && (!this.typeInfo.isExternal(node) || this.#unresolved.moduleOf(node) !== undefined)) ||
      memberAccess(node) !== undefined ||
      isCall(node) ||
      ts.isTaggedTemplateExpression(node) ||
      isFunction(node) ||
      ts.isClassExpression(node) ||
      ts.isObjectLiteralExpression(node) ||
      ts.isArrayLiteralExpression(node) ||
      ts.isConditionalExpression(node) ||
      ts.isBinaryExpression(node) ||
      node.kind === ts.SyntaxKind.ThisKeyword;
    if (!isFollowed) return undefined;
    const flowNode = this.nodes.at(node);
    if (!this.#defined.has(node)) {
      this.#defined.add(node);
      this.#define(node, flowNode);
    }
    return flowNode;
  }

  /** Adds the values of `source` to `target`, as `map` changes them. */
  write(source: TS.Expression | undefined, target: FlowNode, map?: ValueMap<AbstractObject>): void {
    const flowNode = source && this.read(source);
    if (!flowNode) return;
    if (map) this.nodes.graph.addMappedEdge(flowNode, target, map);
    else this.nodes.graph.addEdge(flowNode, target);
  }

  #define(node: TS.Expression, flowNode: FlowNode): void {
    const { graph } = this.nodes;
    if (isFunction(node)) graph.addValue(this.nodes.value('function', node), flowNode);
    else if (ts.isClassExpression(node)) graph.addValue(this.nodes.value('class', node), flowNode);
    else if (ts.isObjectLiteralExpression(node)) this.#defineObject(node, flowNode);
    else if (ts.isArrayLiteralExpression(node)) this.#defineArray(node, flowNode);
    else if (ts.isConditionalExpression(node)) for (const branch of [node.whenTrue, node.whenFalse]) this.write(branch, flowNode);
    else if (ts.isBinaryExpression(node)) this.#defineBinary(node, flowNode);
    else if (ts.isIdentifier(node)) this.loadName(node, this.typeInfo.symbolAt(node), flowNode);
    else if (node.kind === ts.SyntaxKind.ThisKeyword) this.#defineThis(node, flowNode);
    else this.#defineMember(node, flowNode);
  }

  #defineObject(node: TS.ObjectLiteralExpression, flowNode: FlowNode): void {
    // Code may fill an empty object later, by computed keys.
    if (node.properties.length === 0 || mayContainCallable(node)) this.nodes.graph.addValue(this.nodes.value('object', node), flowNode);
  }

  #defineArray(node: TS.ArrayLiteralExpression, flowNode: FlowNode): void {
    if (!mayContainCallable(node) && node.elements.length > 0) return;
    this.nodes.graph.addValue(this.nodes.value('collection', node), flowNode);
    this.nodes.graph.allowExtra(this.nodes.contentsOf(node), node.elements.length);
    for (const element of node.elements) {
      if (ts.isSpreadElement(element)) this.members.loadIterated(this.read(element.expression), this.nodes.contentsOf(node));
      else this.write(element, this.nodes.contentsOf(node));
    }
  }

  #defineBinary(node: TS.BinaryExpression, flowNode: FlowNode): void {
    const operator = node.operatorToken.kind;
    const isAssignment = operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
    const isChoice =
      operator === ts.SyntaxKind.BarBarToken ||
      operator === ts.SyntaxKind.QuestionQuestionToken ||
      operator === ts.SyntaxKind.AmpersandAmpersandToken;
    if (isChoice || (isAssignment && operator !== ts.SyntaxKind.EqualsToken)) this.write(node.left, flowNode);
    if (isChoice || isAssignment) this.write(node.right, flowNode);
  }

  #defineThis(node: TS.Node, flowNode: FlowNode): void {
    const owner = ts.findAncestor(node.parent, bindsThis);
    const parent = owner?.parent;
    if (!owner || !parent) return;
    if (ts.isClassElement(owner) && ts.isClassLike(parent))
      this.nodes.graph.addValue(this.nodes.value(isStatic(owner) ? 'class' : 'instance', parent), flowNode);
    else if (ts.isObjectLiteralExpression(parent)) this.nodes.graph.addValue(this.nodes.value('object', parent), flowNode);
    else if (ts.isPropertyAssignment(parent)) this.nodes.graph.addValue(this.nodes.value('object', parent.parent), flowNode);
  }

  /** Returns the client constructor that a callee is, according to its type. */
  constructorOf(callee: TS.Expression): ClientConstructor | undefined {
    if (calledName(callee) === undefined) return this.typeInfo.constructorAt(callee);
    const symbol = this.typeInfo.symbolAt(memberAccess(callee)?.key ?? callee);
    return symbol && this.typeInfo.constructorOf(symbol);
  }

  /** Adds the values of a name to a node: a client constructor according to its type, and the values of its declarations. */
  loadName(node: TS.Node, symbol: TS.Symbol | undefined, flowNode: FlowNode): void {
    const constructor = symbol ? this.typeInfo.constructorOf(symbol) : this.typeInfo.constructorAt(node);
    if (constructor) this.nodes.graph.addValue(this.#constructorValue(constructor), flowNode);
    for (const declaration of this.nodes.declarations(symbol)) this.loadDeclaration(declaration, flowNode);
    if (ts.isIdentifier(node)) this.#loadUnresolved(node, flowNode);
  }

  /** Adds the values of an import that the checker does not resolve, because a CommonJS module exports it in a way of its own. */
  #loadUnresolved(node: TS.Identifier, flowNode: FlowNode): void {
    const imported = this.#unresolved.moduleOf(node);
    if (!imported) return;
    const module = this.nodes.graph.createNode();
    this.#loadModule(imported.module, module);
    if (imported.name === '*') this.nodes.graph.addEdge(module, flowNode);
    else this.members.load(module, imported.name, flowNode);
  }

  /** Adds the values of a declaration to a node. */
  loadDeclaration(declaration: TS.Declaration, flowNode: FlowNode): void {
    if (ts.isSourceFile(declaration)) return this.#loadModule(declaration, flowNode);
    if (ts.isCallExpression(declaration)) return this.members.loadDefined(declaration, flowNode);
    if (!isStubbed(declaration)) return this.nodes.graph.addEdge(this.nodes.at(declaration), flowNode);
    const constructor = this.typeInfo.constructorAt(declaration);
    if (constructor) this.nodes.graph.addValue(this.#constructorValue(constructor), flowNode);
    this.#loadBehind(declaration, flowNode);
  }

  #loadModule(module: TS.SourceFile, flowNode: FlowNode): void {
    this.nodes.graph.addValue(this.nodes.value('module', module), flowNode);
    if (!isStubbed(module)) {
      for (const whole of this.#commonJs.exportsOf(module)?.whole ?? []) this.write(whole, flowNode);
      const exported = module.statements.find((statement) => ts.isExportAssignment(statement) && statement.isExportEquals === true);
      if (exported) this.nodes.graph.addEdge(this.nodes.at(exported), flowNode);
      return;
    }
    const constructor = this.typeInfo.constructorOfModule(module);
    if (constructor) this.nodes.graph.addValue(this.#constructorValue(constructor), flowNode);
    const behind = this.modules.behind(module);
    if (behind) this.#loadModule(behind, flowNode);
  }

  /** Adds the values of the client module's own declaration: a construction runs its code too. */
  #loadBehind(declaration: TS.Declaration, flowNode: FlowNode): void {
    const module = this.modules.behind(declaration.getSourceFile());
    const name = staticName(ts.getNameOfDeclaration(declaration) as TS.PropertyName | undefined);
    if (!module || name === undefined) return;
    for (const own of this.nodes.exportDeclarations(module, name === 'self' ? 'default' : name)) this.loadDeclaration(own, flowNode);
  }

  #defineMember(node: TS.Expression, flowNode: FlowNode): void {
    const access = memberAccess(node);
    if (!access) return;
    const { object, key, name } = access;
    if (object.kind === ts.SyntaxKind.SuperKeyword) {
      // Only the method of the base class: an override that calls super does not call itself.
      for (const declaration of this.nodes.declarationsOf(key))
        if (isFunction(declaration)) this.nodes.graph.addValue(this.nodes.value('function', declaration), flowNode);
      return;
    }
    if (name !== undefined) this.loadName(node, this.typeInfo.symbolAt(key), flowNode);
    else
      for (const declaration of this.nodes.declarations(this.typeInfo.memberUnder(object, key)))
        this.loadDeclaration(declaration, flowNode);
    const computed = name === undefined && ts.isElementAccessExpression(node) ? this.contents.keyOf(node.argumentExpression) : undefined;
    const part = computed?.part;
    const from = part && this.read(object);
    if (part && from) this.nodes.graph.addEdge(this.members.underKey(from, part), flowNode);
    else this.members.load(this.read(object), name ?? computed?.constant, flowNode);
  }

  /** Adds the parts of `source` to the elements of a pattern such as `{ a, b: c = d }` or `[a, b]`. */
  destructure(name: TS.BindingName, source: FlowNode | undefined): void {
    if (ts.isIdentifier(name)) return;
    for (const element of name.elements) {
      if (ts.isOmittedExpression(element)) continue;
      const target = this.nodes.at(element);
      if (ts.isArrayBindingPattern(name)) this.members.loadIterated(source, target);
      else if (element.dotDotDotToken) {
        if (source) this.nodes.graph.addEdge(source, target);
      } else {
        const property = staticName(element.propertyName ?? element.name);
        if (property !== undefined) {
          for (const declaration of this.nodes.propertyDeclarations(name, property)) this.loadDeclaration(declaration, target);
          this.members.load(source, property, target);
        }
      }
      this.write(element.initializer, target);
      this.destructure(element.name, target);
    }
  }

  /** Adds the modules of `require('…')` or `import('…')` to the node of the call. */
  importModules(call: TS.Node): void {
    for (const module of this.modules.importedBy(call)) this.#loadModule(module, this.nodes.at(call));
  }

  #constructorValue(constructor: ClientConstructor): AbstractObject {
    const cached = this.#constructors.get(constructor) ?? { kind: 'constructor', constructor };
    this.#constructors.set(constructor, cached);
    return cached;
  }
}

function bindsThis(node: TS.Node): boolean {
  return (isFunction(node) && !ts.isArrowFunction(node)) || ts.isPropertyDeclaration(node) || ts.isClassStaticBlockDeclaration(node);
}
