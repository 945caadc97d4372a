import type { ts as TS } from 'ts-morph';
import type { ClientConstructor } from '../clients/client-packages.js';
import { type Callable, callableOf } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { boundFunction, type Call, normalizeCall, importedBy, spreadOrPlain } from './normalize-call.js';
import type { ValueFlow } from './value-flow.js';
import { CalledParameters, parametersOf } from './called-parameters.js';
import type { FlowNode } from './flow-nodes.js';
import type { Value } from './abstract-object.js';

/** A place in the code that runs other code. */
export interface CallSite {
  /** The call, `new`, or property access (of a getter). */
  readonly node: TS.Node;
  readonly caller: Callable;
  /** What it may run. */
  readonly targets: Set<Callable>;
  /** Functions that it hands over and that are called before it returns, with arguments of somebody else's choice. */
  readonly callbacks: Set<Callable>;
  /** The client constructors it may run. */
  readonly constructors: Set<ClientConstructor>;
  /** The arguments as the target receives them; undefined where we cannot say. */
  readonly arguments: readonly TS.Expression[] | undefined;
}

export function newSite(node: TS.Node, parts: Partial<Pick<CallSite, 'caller' | 'targets' | 'arguments'>> = {}): CallSite {
  return {
    node,
    caller: callableOf(node),
    targets: new Set(),
    callbacks: new Set(),
    constructors: new Set(),
    arguments: undefined,
    ...parts,
  };
}

/** Links every call to what it may call: arguments to parameters, returns to results. */
export class Calls {
  readonly sites: CallSite[] = [];
  readonly parameters: CalledParameters;

  constructor(readonly flow: ValueFlow) {
    this.parameters = new CalledParameters(flow.typeInfo);
  }

  visit(node: Call): void {
    const result = this.flow.nodes.at(node);
    const specifier = importedBy(node);
    if (specifier !== undefined) this.flow.importModule(node, specifier);
    const bound = boundFunction(node);
    if (bound) return this.flow.write(bound, result);

    const form = normalizeCall(node, (name) => this.flow.nodes.isOurs(name));
    const site = newSite(node, { arguments: form.arguments });
    this.sites.push(site);
    for (const [index, argument] of (form.arguments ?? node.arguments ?? []).entries()) {
      this.flow.read(spreadOrPlain(argument));
      this.parameters.notePassing(argument, index, site.targets);
    }
    // First, and so before all that flows there: one call has one answer, whatever order the files came in.
    const byType = this.flow.constructorOf(form.callee);
    if (byType) site.constructors.add(byType);
    if (form.callee.kind === ts.SyntaxKind.SuperKeyword) return this.#superCall(site);
    this.parameters.noteCall(form.callee);
    const isOfParameter = this.parameters.partOf(form.callee) !== undefined;
    const callee = this.flow.read(form.callee);
    if (callee) this.flow.nodes.graph.listen(callee, (value) => this.#link(site, value, result, isOfParameter));
  }

  /** Reading a property that is a getter runs it. */
  visitGetter(node: TS.Node, getter: TS.GetAccessorDeclaration): void {
    this.sites.push(newSite(node, { targets: new Set([getter]), arguments: [] }));
    this.flow.nodes.graph.flow(this.flow.nodes.returnsOf(getter), this.flow.nodes.at(node));
  }

  /** Once targets are known: who hands a callback to a function that calls it, calls it. */
  linkCallbacks(): void {
    this.parameters.settle();
    for (const site of this.sites)
      for (const target of [...site.targets])
        for (const [index, parameter] of parametersOf(target).entries()) {
          const argument = site.arguments?.[index];
          const members = this.parameters.membersCalled(parameter);
          if (!argument || members.size === 0 || this.parameters.partOf(argument)) continue;
          for (const member of members) this.#callback(site, argument, member);
        }
  }

  #callback(site: CallSite, argument: TS.Expression, member: string): void {
    const given = this.flow.read(argument);
    if (!given) return;
    const place = member === '' ? given : this.flow.member(given, member);
    this.flow.nodes.graph.solve();
    for (const value of place.values)
      if (value.kind === 'function') {
        site.targets.add(value.node);
        site.callbacks.add(value.node);
      }
  }

  #link(site: CallSite, value: Value, result: FlowNode, isOfParameter: boolean): void {
    const { graph } = this.flow.nodes;
    if (value.kind === 'constructor') site.constructors.add(value.constructor);
    else if (value.kind === 'function') {
      // A method is found by the type of what was passed; a callback is called by whoever passed it.
      if (!isOfParameter || ts.isClassElement(value.node)) site.targets.add(value.node);
      this.#pass(site.arguments, parametersOf(value.node));
      graph.flow(this.flow.nodes.returnsOf(value.node), result);
    } else if (value.kind === 'class') {
      site.targets.add(value.node);
      this.#pass(site.arguments, parametersOf(this.#constructing(value.node)));
      graph.add(this.flow.nodes.value('instance', value.node), result);
    }
  }

  #pass(given: readonly TS.Expression[] | undefined, parameters: readonly TS.ParameterDeclaration[]): void {
    const { nodes } = this.flow;
    given?.forEach((argument, index) => {
      if (ts.isSpreadElement(argument)) return this.#passSpread(argument, parameters.slice(index));
      const parameter = parameters[Math.min(index, parameters.length - 1)];
      if (!parameter || (index >= parameters.length && !parameter.dotDotDotToken)) return;
      if (parameter.dotDotDotToken) nodes.graph.add(nodes.value('collection', parameter), nodes.at(parameter));
      this.flow.write(argument, parameter.dotDotDotToken ? nodes.contentsOf(parameter) : nodes.at(parameter));
    });
  }

  #passSpread({ expression }: TS.SpreadElement, parameters: readonly TS.ParameterDeclaration[]): void {
    const { nodes } = this.flow;
    for (const parameter of parameters) {
      if (parameter.dotDotDotToken) nodes.graph.add(nodes.value('collection', parameter), nodes.at(parameter));
      this.flow.loadContents(this.flow.read(expression), parameter.dotDotDotToken ? nodes.contentsOf(parameter) : nodes.at(parameter));
    }
  }

  /** The class in the chain of bases whose constructor takes the arguments. */
  #constructing(node: TS.ClassLikeDeclaration, seen = new Set<TS.Node>()): TS.ClassLikeDeclaration {
    seen.add(node);
    if (node.members.some(ts.isConstructorDeclaration)) return node;
    const base = this.flow.baseClassesOf(node).find((candidate) => !seen.has(candidate));
    return base ? this.#constructing(base, seen) : node;
  }

  /** A class without a constructor runs that of its base. */
  visitClass(node: TS.ClassLikeDeclaration): void {
    const heritage = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
    if (!heritage || node.members.some(ts.isConstructorDeclaration)) return;
    const site = newSite(heritage, { caller: node });
    for (const base of this.flow.baseClassesOf(node)) site.targets.add(base);
    if (site.targets.size > 0) this.sites.push(site);
  }

  #superCall(site: CallSite): void {
    const owner = ts.findAncestor(site.node, ts.isClassLike);
    for (const base of owner ? this.flow.baseClassesOf(owner) : []) {
      site.targets.add(base);
      this.#pass(site.arguments, parametersOf(this.#constructing(base)));
    }
  }
}
