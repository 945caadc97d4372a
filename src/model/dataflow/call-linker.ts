import type { ts as TS } from 'ts-morph';
import { isFunction, unwrap } from '../typescript/syntax.js';
import { importedSpecifier } from '../typescript/import-calls.js';
import { ts } from '../typescript/load-ts-morph.js';
import { boundFunction, type Call, calledName, normalizeCall, withoutSpread } from './normalize-call.js';
import { baseClassesOf } from './class-members.js';
import { passingHelpers } from './commonjs-exports.js';
import type { ValueFlow } from './value-flow.js';
import { CalledParameters, parametersOf } from './called-parameters.js';
import type { FlowNode } from './flow-nodes.js';
import type { AbstractObject } from './abstract-object.js';
import { addTarget, type CallSite, createCallSite } from './call-sites.js';
import { type KeysOfCall, keysOfCall } from './keys-of-call.js';

/**
 * Collects the call sites and links each to its targets: arguments to parameters, return values to results. Created by `analyzeFlow`;
 * `generateConstraints` visits all calls, and `ExternalCalls` links the calls without a target.
 */
export class CallLinker {
  /** All call sites, in the order of the visits. */
  readonly sites: CallSite[] = [];
  /** The parameters that functions call. */
  readonly parameters: CalledParameters;
  /** The methods of passed objects: they are targets of the sites that call them. */
  readonly #methodsOfParameters = new Set<TS.Node>();

  constructor(readonly flow: ValueFlow) {
    this.parameters = new CalledParameters(flow.typeInfo);
  }

  /** Adds the site of a call or `new` and links it to every callee that the solver finds. */
  visitCall(node: Call): void {
    const result = this.flow.nodes.at(node);
    if (importedSpecifier(node)) this.flow.importModules(node);
    const bound = boundFunction(node);
    if (bound) return this.flow.write(bound, result);
    if (passingHelpers.has(calledName(node.expression) ?? '')) this.flow.write(node.arguments?.[0], result);

    const form = normalizeCall(node, (name) => this.flow.nodes.isProjectDeclared(name));
    const site = createCallSite(node, { arguments: form.arguments });
    this.sites.push(site);
    for (const [index, argument] of (form.arguments ?? node.arguments ?? []).entries()) {
      this.flow.read(withoutSpread(argument));
      this.parameters.noteForwarded(argument, index, site.targets);
    }
    // Before the callee is linked, so that the result does not depend on the order of the files.
    const byType = this.flow.constructorOf(form.callee);
    if (byType) site.constructors.add(byType);
    if (form.callee.kind === ts.SyntaxKind.SuperKeyword) return this.#linkSuperCall(site);
    this.parameters.noteCall(form.callee);
    const isOfParameter = this.#isOfPassedParameter(form.callee);
    const callee = this.flow.read(form.callee);
    if (callee) this.flow.nodes.graph.addListener(callee, (value) => this.#linkTarget(site, value, result, isOfParameter));
  }

  /** Whether the callee is a parameter. A parameter of a callback that is written in the call that passes it belongs to this call alone. */
  #isOfPassedParameter(callee: TS.Expression): boolean {
    const part = this.parameters.partOf(callee);
    return part !== undefined && !(part.member !== '' && isInlineCallback(part.parameter.parent));
  }

  /** Adds the site of a tagged template and links it to the functions that the tag may be. */
  visitTaggedTemplate(node: TS.TaggedTemplateExpression): void {
    const { template, tag } = node;
    const values = ts.isTemplateExpression(template) ? template.templateSpans.map(({ expression }) => expression) : [];
    const site = createCallSite(node, { arguments: [template, ...values] });
    this.sites.push(site);
    for (const [index, value] of values.entries()) {
      this.flow.read(value);
      this.parameters.noteForwarded(value, index + 1, site.targets);
    }
    this.parameters.noteCall(tag);
    const isOfParameter = this.parameters.partOf(tag) !== undefined;
    const callee = this.flow.read(tag);
    const result = this.flow.nodes.at(node);
    if (callee) this.flow.nodes.graph.addListener(callee, (value) => this.#linkTarget(site, value, result, isOfParameter));
  }

  /**
   * Adds the site at which the language itself calls a member of the object, such as `using` calls `[Symbol.dispose]`. Returns the node of
   * the member's result.
   */
  visitProtocol(node: TS.Node, object: FlowNode, member: string): FlowNode {
    const { graph } = this.flow.nodes;
    const site = createCallSite(node, { arguments: [] });
    const result = graph.createNode();
    let isListed = false;
    graph.addListener(this.flow.members.node(object, member), (value) => {
      if (value.kind !== 'function') return;
      if (!isListed) this.sites.push(site);
      isListed = true;
      site.targets.add(value.node);
      graph.addEdge(this.flow.nodes.returnsOf(value.node), result);
    });
    return result;
  }

  /** Adds the site at which a decorator runs. */
  visitDecoration(node: TS.Decorator, decorator: FlowNode): void {
    const site = createCallSite(node);
    this.sites.push(site);
    this.flow.nodes.graph.addListener(decorator, (value) => {
      if (value.kind === 'function') site.targets.add(value.node);
    });
  }

  /** Adds the site of an assignment that runs a setter. */
  visitSetter(node: TS.BinaryExpression, setter: TS.SetAccessorDeclaration): void {
    this.sites.push(createCallSite(node, { targets: new Set([setter]), arguments: [node.right] }));
    this.#passArguments([node.right], setter.parameters);
  }

  /** Adds the site of a property access that runs a getter. */
  visitGetter(node: TS.Node, getter: TS.GetAccessorDeclaration): void {
    this.sites.push(createCallSite(node, { targets: new Set([getter]), arguments: [] }));
    this.flow.nodes.graph.addEdge(this.flow.nodes.returnsOf(getter), this.flow.nodes.at(node));
  }

  /** Adds a callback to the targets of the site that passes it, if the callee calls it. Requires that all targets are known. */
  linkCallbacks(): void {
    this.parameters.propagate();
    for (const site of this.sites)
      for (const target of [...site.targets])
        for (const [index, parameter] of parametersOf(target).entries()) {
          const argument = site.arguments?.[index];
          const members = this.parameters.calledMembers(parameter);
          if (!argument || members.size === 0 || this.parameters.partOf(argument)) continue;
          for (const member of members) this.#addCallback(site, this.flow.read(argument), member);
        }
    for (const site of this.sites) this.#linkElements(site);
  }

  /** In `hooks.forEach((hook) => hook())`, the elements are called where they are passed to the inline callback. */
  #linkElements(site: CallSite): void {
    for (const callback of (site.arguments ?? []).map(unwrap)) {
      if (!isFunction(callback) || !site.callbacks.has(callback)) continue;
      for (const parameter of parametersOf(callback))
        if (this.parameters.calledMembers(parameter).has('')) this.#addCallback(site, this.flow.nodes.at(parameter), '');
    }
  }

  /** Adds the functions that a value or its member holds to the callbacks of a site. */
  #addCallback(site: CallSite, holder: FlowNode | undefined, member: string): void {
    if (!holder) return;
    const callbackNode = member === '' ? holder : this.flow.members.node(holder, member);
    this.flow.nodes.graph.solve();
    for (const value of callbackNode.values)
      if (value.kind === 'function' && !this.#methodsOfParameters.has(value.node)) {
        addTarget(site, value);
        site.callbacks.add(value.node);
      }
  }

  #linkTarget(site: CallSite, value: AbstractObject, result: FlowNode, isOfParameter: boolean): void {
    const { graph } = this.flow.nodes;
    if (value.kind === 'constructor') site.constructors.add(value.constructor);
    else if (value.kind === 'function') {
      // A callback is attributed to the call site that passes it (`linkCallbacks`), a method of a passed object to this site.
      if (!isOfParameter || ts.isClassElement(value.node)) addTarget(site, value);
      if (isOfParameter && ts.isClassElement(value.node)) this.#methodsOfParameters.add(value.node);
      const keys = keysOfCall(site.arguments, value.node, this.flow.contents, this.flow.nodes.keyed);
      for (const constant of keys?.constants ?? []) site.passedKeys.add(constant);
      this.#passArguments(site.arguments, parametersOf(value.node), keys);
      if (keys) graph.addMappedEdge(this.flow.nodes.returnsOf(value.node), result, keys.leaving);
      else graph.addEdge(this.flow.nodes.returnsOf(value.node), result);
    } else if (value.kind === 'class') {
      addTarget(site, value);
      this.#passArguments(site.arguments, parametersOf(this.#constructorOwner(value.node)));
      graph.addValue(this.flow.nodes.value('instance', value.node), result);
    }
  }

  #passArguments(args: readonly TS.Expression[] | undefined, parameters: readonly TS.ParameterDeclaration[], keys?: KeysOfCall): void {
    const { nodes } = this.flow;
    args?.forEach((argument, index) => {
      if (ts.isSpreadElement(argument)) return this.#passSpreadArgument(argument, parameters.slice(index));
      const parameter = parameters[Math.min(index, parameters.length - 1)];
      if (!parameter || (index >= parameters.length && !parameter.dotDotDotToken)) return;
      if (parameter.dotDotDotToken) nodes.graph.addValue(nodes.value('collection', parameter), nodes.at(parameter));
      this.flow.write(argument, parameter.dotDotDotToken ? nodes.contentsOf(parameter) : nodes.at(parameter), keys?.entering);
    });
  }

  #passSpreadArgument({ expression }: TS.SpreadElement, parameters: readonly TS.ParameterDeclaration[]): void {
    const { nodes } = this.flow;
    for (const parameter of parameters) {
      if (parameter.dotDotDotToken) nodes.graph.addValue(nodes.value('collection', parameter), nodes.at(parameter));
      this.flow.members.loadContents(
        this.flow.read(expression),
        parameter.dotDotDotToken ? nodes.contentsOf(parameter) : nodes.at(parameter),
      );
    }
  }

  /** Returns the nearest class of the base chain that declares a constructor; the class itself if none does. */
  #constructorOwner(node: TS.ClassLikeDeclaration, seen = new Set<TS.Node>()): TS.ClassLikeDeclaration {
    seen.add(node);
    if (node.members.some(ts.isConstructorDeclaration)) return node;
    const base = baseClassesOf(node, this.flow.nodes).find((candidate) => !seen.has(candidate));
    return base ? this.#constructorOwner(base, seen) : node;
  }

  /** Adds the site by which a class without a constructor runs the constructor of its base class. */
  visitClass(node: TS.ClassLikeDeclaration): void {
    const heritage = node.heritageClauses?.find(({ token }) => token === ts.SyntaxKind.ExtendsKeyword)?.types[0];
    if (!heritage || node.members.some(ts.isConstructorDeclaration)) return;
    const site = createCallSite(heritage, { caller: node });
    for (const base of baseClassesOf(node, this.flow.nodes)) site.targets.add(base);
    if (site.targets.size > 0) this.sites.push(site);
  }

  #linkSuperCall(site: CallSite): void {
    const owner = ts.findAncestor(site.node, ts.isClassLike);
    for (const base of owner ? baseClassesOf(owner, this.flow.nodes) : []) {
      site.targets.add(base);
      this.#passArguments(site.arguments, parametersOf(this.#constructorOwner(base)));
    }
  }
}

/** Whether the function is an argument of the call in which it is written. */
function isInlineCallback(node: TS.Node): boolean {
  const isArgument = ts.isCallExpression(node.parent) && node.parent.expression !== node;
  return isArgument && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));
}
