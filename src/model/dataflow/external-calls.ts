import type { ts as TS } from 'ts-morph';
import type { ClientConstructor } from '../clients/client-packages.js';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type Call, calledName, normalizeCall, isCall, withoutSpread } from './normalize-call.js';
import type { CallLinker } from './call-linker.js';
import { addTarget, type CallSite } from './call-sites.js';
import { loadResolved } from './containers.js';
import { type AccessKey, isMap } from './keyed-contents.js';
import { dependsOn, isMadeUnderKey, tagOf } from './keyed-values.js';
import { ExternalCallbacks } from './external-callbacks.js';
import { callbackTime } from './library-calls.js';
import type { TypeInfo } from './type-info.js';
import type { FlowNode } from './flow-nodes.js';
import type { AbstractObject } from './abstract-object.js';

/** A client constructor that is passed to external code. */
export interface EscapedConstructor {
  /** The argument or property that passes the constructor. */
  readonly node: TS.Node;
  /** The constructor that is passed. */
  readonly constructor: ClientConstructor;
}

/** Callees that compare a function with stack frames and never call it. */
const stackNames = /^captureStackTrace$/;

/** Assertions, test doubles and logs: they inspect a constructor and do not call it. */
const assertionNames = /^(?:expect|expectTypeOf|assert|assertType|vi|jest|mock|sinon|console)$/;

/** Helpers of TypeScript, Babel and esbuild that return the module that they are given. */
const moduleHelperNames = /^_*(?:importStar|importDefault|interopRequire(?:Default|Wildcard)|toESM)$/;

const anyKey: AccessKey = { constant: undefined, part: undefined };

/** Methods of arrays that call a function with each element and do not keep it. */
const iterationNames = /^(?:map|flatMap|filter|forEach|find|findIndex|findLast|some|every|reduce|reduceRight|sort|toSorted)$/;

/** Functions of `Object` that return their argument. */
const freezingNames = /^(?:freeze|seal|preventExtensions)$/;

/** Built-ins that read the members of an object without calling them. */
const builtinNames = /^(?:Object|Array|JSON|Map|Set|WeakMap|WeakSet|String|Number|Boolean|structuredClone)$/;

/**
 * Links the calls whose callee is external. Such a callee may call its callbacks with the contents of the receiver, and return the
 * results of the callbacks or, if its type allows, its arguments. Created by `analyzeFlow`.
 */
export class ExternalCalls {
  readonly #escaped = new Map<TS.Node, EscapedConstructor>();

  constructor(private readonly linker: CallLinker) {}

  /** Links all calls without a target. Requires that all calls inside the slice are linked. */
  link(): void {
    const callbacks = new ExternalCallbacks(this.linker.flow);
    const { graph } = this.linker.flow.nodes;
    for (const site of this.linker.sites)
      if (site.targets.size === 0 && site.constructors.size === 0 && isCall(site.node)) {
        this.#link(site, site.node);
        callbacks.store(site.node);
      }
    graph.solve();
    for (const site of this.linker.sites) if (ts.isCallExpression(site.node)) callbacks.link(site, site.node);
    graph.solve();
  }

  /** Returns the constructors passed to external calls, except those whose result is called inside the slice. */
  escaped(): EscapedConstructor[] {
    const calledInSlice = new Set(this.linker.sites.flatMap(({ node }) => (isCall(node) ? this.#escapesReturnedTo(node) : [])));
    return [...this.#escaped.values()].filter(({ node }) => !calledInSlice.has(node));
  }

  #link(site: CallSite, node: Call): void {
    const { flow, parameters } = this.linker;
    const { nodes } = flow;
    const callee = unwrap(node.expression);
    const receiver = receiverOf(callee, (object) => flow.read(object));
    const name = calledName(callee);
    const isDeferred = (name !== undefined && stackNames.test(name)) || callbackTime(node, flow.names) !== 'during';
    const result = nodes.at(node);
    const root = rootName(callee);
    const isInspected = assertionNames.test(root) || (root === 'Object' && name !== undefined && freezingNames.test(name));
    let canReturnCallable: boolean | undefined;
    const contents = ts.isNewExpression(node) ? nodes.contentsOf(node) : nodes.graph.createNode();
    if (ts.isNewExpression(node)) nodes.graph.addValue(nodes.value('collection', node), result);
    else nodes.graph.addEdge(contents, result);
    const key = receiver && (name === 'get' || name === 'set') ? flow.contents.keyOf(node.arguments?.[0]) : anyKey;
    if (receiver && name === 'get' && key !== anyKey) this.#loadKey(receiver, key, contents);
    else flow.members.loadContents(receiver, contents);
    if (receiver && isPromiseMethod(name)) nodes.graph.addEdge(receiver, contents);

    if (root === 'Object' || root === '_') this.#loadProperties(node, name, result);
    loadResolved(node, flow);
    for (const argument of node.arguments ?? []) {
      if (!isDeferred) parameters.notePassedToExternal(argument);
      const isForwarded = parameters.partOf(argument) !== undefined;
      const argumentNode = flow.read(withoutSpread(argument));
      if (!argumentNode) continue;
      if (name !== undefined && moduleHelperNames.test(name)) nodes.graph.addEdge(argumentNode, result);
      if (ts.isNewExpression(node)) this.#loadEntries(node, argument, argumentNode, contents);
      nodes.graph.addListener(argumentNode, (value) => {
        // A promise does not keep the callbacks of `then`, nor a list those of `map`.
        const isCallback = isPromiseMethod(name) || (value.kind === 'function' && iterationNames.test(name ?? ''));
        if (receiver && !isCallback) this.#addToCollections(receiver, value, key);
        if (value.kind === 'function') {
          if (!isDeferred && !isForwarded) {
            addTarget(site, value);
            site.callbacks.add(value.node);
          }
          for (const parameter of value.node.parameters) nodes.graph.addEdge(contents, nodes.at(parameter));
          nodes.graph.addEdge(nodes.returnsOf(value.node), result);
        }
        if (value.kind === 'object' && !isDeferred && !builtinNames.test(root)) this.#addMemberCallbacks(value.node, site);
        if (value.kind === 'constructor' || value.kind === 'object') this.#recordEscape(value, argument, result, isInspected);
        else if ((value.kind === 'function' || value.kind === 'class') && (canReturnCallable ??= mayReturnCallable(node, flow.typeInfo)))
          nodes.graph.addValue(value, result);
      });
    }
  }

  /** Adds the properties of an object to the array that `Object.values` and `Object.entries` return. */
  #loadProperties(node: Call, name: string | undefined, result: FlowNode): void {
    const { flow } = this.linker;
    const { graph } = flow.nodes;
    const object = node.arguments?.[0] && flow.read(node.arguments[0]);
    if (!object || (name !== 'values' && name !== 'entries' && name !== 'toPairs')) return;
    const array = flow.nodes.value('collection', node);
    // The callee stands for the pairs in the array of `Object.entries`.
    const pair = flow.nodes.value('collection', node.expression);
    const values = name === 'values' ? flow.nodes.contentsOf(node) : flow.nodes.contentsOf(node.expression);
    flow.members.load(object, undefined, values);
    if (name !== 'values') graph.addValue(pair, flow.nodes.contentsOf(node));
    graph.addValue(array, result);
  }

  /** Adds the functions of an options object to the callbacks: `run({ task() { … } })` may call `task`. The `cause` of an error is data. */
  #addMemberCallbacks(object: TS.ObjectLiteralExpression, site: CallSite): void {
    const { nodes } = this.linker.flow;
    for (const property of object.properties.filter(({ name }) => staticName(name) !== 'cause'))
      nodes.graph.addListener(nodes.at(property), (member) => {
        if (member.kind !== 'function') return;
        addTarget(site, member);
        site.callbacks.add(member.node);
      });
  }

  /** Adds what the maps in `receiver` hold under a key to `target`; of other objects all contents. */
  #loadKey(receiver: FlowNode, key: AccessKey, target: FlowNode): void {
    const { flow } = this.linker;
    const { graph } = flow.nodes;
    const others = graph.createNode();
    flow.members.loadContents(others, target);
    graph.addListener(receiver, (value) => {
      if (value.kind === 'collection' && isMap(value.node)) flow.contents.load(value.node, key, target);
      else graph.addValue(value, others);
    });
  }

  /** Adds the entries of `new Set([value])` and `new Map([[key, value]])` to the contents. */
  #loadEntries(node: Call, argument: TS.Expression, argumentNode: FlowNode, contents: FlowNode): void {
    const { flow } = this.linker;
    const entries = flow.nodes.graph.createNode();
    flow.members.loadContents(argumentNode, entries);
    flow.nodes.graph.addEdge(entries, contents);
    flow.members.loadContents(entries, contents);
    if (isMap(node)) {
      flow.members.loadContents(entries, entries);
      flow.contents.loadEntries(node, argument, entries, (value, cell) => flow.write(value, cell));
    }
  }

  #addToCollections(receiver: FlowNode, value: AbstractObject, key: AccessKey): void {
    const { nodes, contents } = this.linker.flow;
    nodes.graph.addListener(receiver, (container) => {
      if (container.kind !== 'collection') return;
      const isKept = !isMap(container.node) && isListUnderKeyOf(value, container);
      nodes.graph.addValue(isKept ? value : nodes.keyed.plain(value), nodes.contentsOf(container.node));
      if (isMap(container.node)) contents.store(container.node, key, value);
    });
  }

  #recordEscape(value: AbstractObject, argument: TS.Node, result: FlowNode, isInspected: boolean): void {
    const { nodes } = this.linker.flow;
    if (value.kind === 'object')
      for (const property of value.node.properties)
        nodes.graph.addListener(nodes.at(property), (member) => {
          if (member.kind === 'constructor')
            this.#recordEscape(member, ts.isPropertyAssignment(property) ? property.initializer : property, result, isInspected);
        });
    else if (value.kind === 'constructor' && value.escapedAt === undefined && !this.#escaped.has(argument)) {
      if (!isInspected) this.#escaped.set(argument, { node: argument, constructor: value.constructor });
      nodes.graph.addValue({ ...value, escapedAt: argument }, result);
    }
  }

  #escapesReturnedTo(node: Call): TS.Node[] {
    const { flow } = this.linker;
    const callee = flow.read(normalizeCall(node, (name) => flow.nodes.isProjectDeclared(name)).callee);
    return [...(callee?.values ?? [])]
      .map((value) => (value.kind === 'constructor' ? value.escapedAt : undefined))
      .filter((at) => at !== undefined);
  }
}

/** Whether the list is the one under the key on which the value depends: found under this key, or made by the function that has the key. */
function isListUnderKeyOf(value: AbstractObject, list: AbstractObject & { readonly kind: 'collection' }): boolean {
  const tag = tagOf(value);
  return list.under ? tag?.part !== undefined && dependsOn(list, tag.part) : isMadeUnderKey(list.node, tag);
}

function receiverOf(callee: TS.Expression, read: (object: TS.Expression) => FlowNode | undefined): FlowNode | undefined {
  const access = memberAccess(callee);
  return access && read(access.object);
}

/** Returns the name at the start of an expression: `expect` of `expect(a).not.toBe(b)`. */
function rootName(expression: TS.Expression): string {
  let node = unwrap(expression);
  while (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) node = unwrap(node.expression);
  return ts.isIdentifier(node) ? node.text : '';
}

function isPromiseMethod(name: string | undefined): boolean {
  return name === 'then' || name === 'catch' || name === 'finally';
}

/** Whether the result of a call may be callable: its type has a call signature or is unknown. */
function mayReturnCallable(node: TS.Expression, typeInfo: TypeInfo): boolean {
  if (ts.isExpressionStatement(node.parent)) return false;
  const type = typeInfo.typeAt(node);
  if (!type) return true;
  const isOpenType = (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) !== 0;
  return isOpenType || type.getCallSignatures().length > 0;
}
