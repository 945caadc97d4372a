import type { ts as TS } from 'ts-morph';
import { isFunction, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { AbstractObject } from './abstract-object.js';
import { membersOfClass } from './class-members.js';
import type { CommonJsModules } from './unresolved-imports.js';
import { type FlowNode, type FlowNodes, propertyOf } from './flow-nodes.js';
import type { AccessKey, KeyedContents } from './keyed-contents.js';
import { isSamePart, type ParameterPart } from './parameter-parts.js';

/** The values of expressions and declarations, which `ValueFlow` follows. */
export interface ValueSource {
  /** Returns the node for the values of an expression; undefined if it has no callable value. */
  read(expression: TS.Expression): FlowNode | undefined;
  /** Adds the values of `source` to `target`. */
  write(source: TS.Expression | undefined, target: FlowNode): void;
  /** Adds the values of a declaration to a node. */
  loadDeclaration(declaration: TS.Declaration, flowNode: FlowNode): void;
}

/** Follows values into and out of the members of objects: properties, the contents of collections, exports of modules. Created by `ValueFlow`. */
export class MemberFlow {
  readonly #members = new Map<FlowNode, Map<string | undefined, FlowNode>>();
  readonly #underKeys = new Map<FlowNode, { readonly part: ParameterPart; readonly found: FlowNode }[]>();

  constructor(
    private readonly source: ValueSource,
    private readonly nodes: FlowNodes,
    private readonly contents: KeyedContents,
    private readonly commonJs: CommonJsModules,
  ) {}

  /** Adds the values of a property of all objects in `object` to `target`. An undefined name stands for all properties. */
  load(object: FlowNode | undefined, name: string | undefined, target: FlowNode): void {
    if (object) this.nodes.graph.addEdge(this.node(object, name), target);
  }

  /** Returns the node of a property, one per object and name. It is cached before it is filled, because an object may spread itself. */
  node(object: FlowNode, name: string | undefined): FlowNode {
    const members = this.#members.get(object) ?? new Map<string | undefined, FlowNode>();
    this.#members.set(object, members);
    const cached = members.get(name);
    if (cached) return cached;
    const flowNode = this.nodes.graph.createNode();
    members.set(name, flowNode);
    this.nodes.graph.addListener(object, (value) => this.#loadFrom(value, name, flowNode));
    return flowNode;
  }

  #loadFrom(value: AbstractObject, name: string | undefined, target: FlowNode): void {
    if (value.kind === 'object') {
      const { own, spread } = propertyOf(value.node, name);
      for (const property of own) this.#loadPart(property, value, target);
      for (const source of spread) this.load(this.source.read(source), name, target);
      if (name === undefined) this.nodes.graph.addEdge(this.nodes.contentsOf(value.node), target);
      else this.contents.load(value.node, { constant: name, part: undefined }, target);
    } else if (value.kind === 'collection' && (name === undefined || /^\d+$/.test(name)))
      this.nodes.graph.addMappedEdge(this.nodes.contentsOf(value.node), target, this.nodes.keyed.elementOf(value));
    else if (value.kind === 'module' && name !== undefined) this.#loadExport(value, name, target);
    else if ((value.kind === 'class' || value.kind === 'instance') && name !== undefined)
      for (const member of membersOfClass(value.node, name, value.kind === 'class', this.nodes)) this.#loadPart(member, value, target);
    else if (value.kind === 'constructor' && name === 'default') this.nodes.graph.addValue(value, target);
  }

  #loadExport(module: AbstractObject & { readonly kind: 'module' }, name: string, target: FlowNode): void {
    const declarations = this.nodes.exportDeclarations(module.node, name);
    for (const declaration of declarations) this.source.loadDeclaration(declaration, target);
    const further = declarations.length > 0 ? undefined : this.commonJs.exportsOf(module.node);
    for (const copied of [...(further?.whole ?? []), ...(further?.copied ?? [])]) this.load(this.source.read(copied), name, target);
    for (const { name: written, value, isGetter } of further?.named ?? []) {
      if (written !== name) continue;
      if (isGetter && isFunction(value)) this.nodes.graph.addEdge(this.nodes.returnsOf(value), target);
      else if (!ts.isMethodDeclaration(value)) this.source.write(value, target);
    }
    // Compilers and bundlers give a module without a default export as its own default export.
    if (declarations.length === 0 && name === 'default') this.source.loadDeclaration(module.node, target);
    this.contents.load(module.node, { constant: name, part: undefined }, target);
  }

  /** Adds the values of the property that `Object.defineProperty(object, key, descriptor)` declares. */
  loadDefined({ arguments: [, , descriptor] }: TS.CallExpression, target: FlowNode): void {
    const object = descriptor && this.source.read(descriptor);
    if (!object) return;
    const { graph } = this.nodes;
    this.load(object, 'value', target);
    graph.addListener(this.node(object, 'get'), (getter) => {
      if (getter.kind === 'function') graph.addEdge(this.nodes.returnsOf(getter.node), target);
    });
  }

  /** Adds the values of a member to `target`. They depend on the key on which the object depends. */
  #loadPart(member: TS.Node, owner: AbstractObject, target: FlowNode): void {
    const { graph, keyed } = this.nodes;
    const map = keyed.memberOf(owner);
    if (map) graph.addMappedEdge(this.nodes.at(member), target, map);
    else graph.addEdge(this.nodes.at(member), target);
  }

  /** Returns the node for what the objects in `object` hold under the key in a parameter. It is cached for the same reason as `node`. */
  underKey(object: FlowNode, part: ParameterPart): FlowNode {
    const parts = this.#underKeys.get(object) ?? [];
    this.#underKeys.set(object, parts);
    const cached = parts.find((known) => isSamePart(known.part, part));
    if (cached) return cached.found;
    const { graph, keyed } = this.nodes;
    const found = graph.createNode();
    parts.push({ part, found });
    graph.addListener(object, (value) => {
      if (value.kind !== 'object') return this.#loadFrom(value, undefined, found);
      const { own, spread } = propertyOf(value.node, undefined);
      for (const property of own)
        graph.addMappedEdge(this.nodes.at(property), found, (member) => keyed.under(member, { part, key: staticName(property.name) }));
      for (const source of spread) {
        const spreadNode = this.source.read(source);
        if (spreadNode) graph.addEdge(this.underKey(spreadNode, part), found);
      }
      this.contents.load(value.node, { constant: undefined, part }, found);
    });
    return found;
  }

  /** Adds the contents of all arrays, maps and sets in `container` to `target`. */
  loadContents(container: FlowNode | undefined, target: FlowNode): void {
    if (container) this.nodes.graph.addEdge(this.node(container, '0'), target);
  }

  /**
   * Adds what an iteration gives to `target`. A map gives pairs, and `map.values()` an iterator; the flow has the values themselves in
   * their place.
   */
  loadIterated(iterated: FlowNode | undefined, target: FlowNode): void {
    this.loadContents(iterated, target);
    if (iterated)
      this.nodes.graph.addListener(iterated, (value) => {
        if (value.kind === 'function' || value.kind === 'class' || value.kind === 'instance' || value.kind === 'constructor')
          this.nodes.graph.addValue(value, target);
      });
  }

  /** Adds a value that is assigned under a computed key, or one that no type declares, to the contents of what is in `object`. */
  storeContents(object: FlowNode | undefined, key: AccessKey, source: TS.Expression): void {
    const stored = object && this.source.read(source);
    if (!stored) return;
    const { graph, keyed } = this.nodes;
    graph.addListener(object, (owner) => {
      // A test replaces the exports of other modules.
      const isOwnModule = owner.kind === 'module' && owner.node === source.getSourceFile();
      if (owner.kind !== 'object' && owner.kind !== 'collection' && !isOwnModule) return;
      graph.addMappedEdge(stored, this.nodes.contentsOf(owner.node), keyed.plain);
      graph.addListener(stored, (value) => this.contents.store(owner.node, key, value));
    });
  }
}
