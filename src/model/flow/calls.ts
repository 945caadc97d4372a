import type { ts as TS } from 'ts-morph';
import type { ClientConstructor } from '../clients.js';
import { constructorOfType } from '../constructors.js';
import type { Stubs } from '../stubs.js';
import { isFunction, memberAccess, routineOf, type Routine, unwrap } from '../syntax.js';
import { ts } from '../typescript.js';
import type { Flow } from './flow.js';
import type { Place } from './places.js';
import type { Value } from './value.js';

/** A place in the code that runs other code. */
export interface CallSite {
  /** The call, `new`, or property access (of a getter). */
  readonly node: TS.Node;
  readonly caller: Routine;
  /** What it may run. */
  readonly targets: Set<Routine>;
  /** The client constructors it may run. */
  readonly constructors: Set<ClientConstructor>;
  /** The arguments as the target receives them; undefined where we cannot say. */
  readonly arguments: readonly TS.Expression[] | undefined;
}

/** A client constructor given to code that we cannot see, which will call it. */
export interface HandedConstructor {
  readonly node: TS.Node;
  readonly constructor: ClientConstructor;
}

/** Callees that keep a callback for later: what runs then is not inside the call. */
const laterCallees = /^(?:setTimeout|setInterval|setImmediate|queueMicrotask|nextTick|on|once|addListener|addEventListener|prependListener|subscribe|unref)$/;

/** How the call is written: whom it calls, with what. */
interface CallForm {
  readonly callee: TS.Expression;
  readonly arguments: readonly TS.Expression[] | undefined;
}

/** Links every call to what it may call: arguments to parameters, returns to results. */
export class Calls {
  readonly sites: CallSite[] = [];
  readonly handed: HandedConstructor[] = [];

  constructor(
    private readonly flow: Flow,
    private readonly stubs: Stubs,
  ) {}

  visit(node: TS.CallExpression | TS.NewExpression): void {
    if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return this.#import(node);
    const form = this.#formOf(node);
    const site: CallSite = { node, caller: routineOf(node), targets: new Set(), constructors: new Set(), arguments: form.arguments };
    this.sites.push(site);
    const byType = constructorOfType(this.flow.checker.getTypeAtLocation(form.callee), this.stubs);
    if (byType) site.constructors.add(byType);
    const result = this.flow.places.at(node);
    if (isRequire(node)) this.#require(node);
    if (isBind(node)) return this.#bound(node, result);
    for (const argument of form.arguments ?? []) this.flow.read(ts.isSpreadElement(argument) ? argument.expression : argument);
    if (form.callee.kind === ts.SyntaxKind.SuperKeyword) return this.#superCall(site);
    const callee = this.flow.read(form.callee);
    if (callee) this.flow.places.graph.listen(callee, (value) => this.#link(site, value, result));
  }

  /** Reading a property that is a getter runs it. */
  visitGetter(node: TS.Node, getter: TS.GetAccessorDeclaration): void {
    this.sites.push({ node, caller: routineOf(node), targets: new Set([getter]), constructors: new Set(), arguments: [] });
    this.flow.places.graph.flow(this.flow.places.returnsOf(getter), this.flow.places.at(node));
  }

  /**
   * After a first solution: what still has no callee is code that we cannot see. It may call the callbacks it is given,
   * hand them what it was given, and give back any of it.
   */
  linkUnknown(): void {
    for (const site of this.sites) if (site.targets.size === 0 && site.constructors.size === 0 && isCall(site.node)) this.#unknown(site, site.node);
    this.flow.places.graph.solve();
    const called = new Set(this.sites.flatMap((site) => [...this.#handedCalls(site)]));
    this.handed.splice(0, this.handed.length, ...this.handed.filter(({ node }) => !called.has(node)));
  }

  #link(site: CallSite, value: Value, result: Place): void {
    const { graph } = this.flow.places;
    if (value.kind === 'constructor') site.constructors.add(value.constructor);
    else if (value.kind === 'function') {
      site.targets.add(value.node);
      this.#pass(site.arguments, value.node);
      graph.flow(this.flow.places.returnsOf(value.node), result);
    } else if (value.kind === 'class') {
      site.targets.add(value.node);
      const constructor = this.#constructorOf(value.node);
      if (constructor) this.#pass(site.arguments, constructor);
      graph.add(this.flow.places.value('instance', value.node), result);
    }
  }

  #pass(given: readonly TS.Expression[] | undefined, target: TS.FunctionLikeDeclaration): void {
    const parameters = target.parameters.filter(({ name }) => !(ts.isIdentifier(name) && name.text === 'this'));
    given?.forEach((argument, index) => {
      const parameter = parameters[index] ?? parameters.at(-1);
      if (!parameter || (index >= parameters.length && !parameter.dotDotDotToken)) return;
      const place = this.flow.places.at(parameter);
      if (parameter.dotDotDotToken) {
        this.flow.places.graph.add(this.flow.places.value('collection', parameter), place);
        this.flow.write(argument, this.flow.places.contentsOf(parameter));
      } else this.flow.write(argument, place);
    });
  }

  #constructorOf(node: TS.ClassLikeDeclaration, seen = new Set<TS.Node>()): TS.ConstructorDeclaration | undefined {
    if (seen.has(node)) return undefined;
    seen.add(node);
    return node.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined) as TS.ConstructorDeclaration | undefined ?? this.flow.baseClassesOf(node).map((base) => this.#constructorOf(base, seen)).find((found) => found !== undefined);
  }

  #superCall(site: CallSite): void {
    const owner = ts.findAncestor(site.node, ts.isClassLike);
    for (const base of owner ? this.flow.baseClassesOf(owner) : []) {
      site.targets.add(base);
      const constructor = this.#constructorOf(base);
      if (constructor) this.#pass(site.arguments, constructor);
    }
  }

  #import(node: TS.CallExpression): void {
    const [specifier] = node.arguments;
    if (specifier && ts.isStringLiteralLike(specifier)) this.flow.requireModule(node, specifier.text);
  }

  #require(node: TS.CallExpression): void {
    const [specifier] = node.arguments;
    if (specifier && ts.isStringLiteralLike(specifier)) this.flow.requireModule(node, specifier.text);
  }

  #bound(node: TS.CallExpression, result: Place): void {
    const object = memberAccess(unwrap(node.expression))?.object;
    if (object) this.flow.write(object, result);
  }

  #unknown(site: CallSite, node: TS.CallExpression | TS.NewExpression): void {
    const { places } = this.flow;
    const access = memberAccess(unwrap(node.expression));
    const receiver = access && this.flow.read(access.object);
    const name = access ? access.name : ts.isIdentifier(node.expression) ? node.expression.text : undefined;
    const result = places.at(node);
    const held = ts.isNewExpression(node) ? places.contentsOf(node) : places.graph.vertex();
    if (ts.isNewExpression(node)) places.graph.add(places.value('collection', node), result);
    else places.graph.flow(held, result);
    this.flow.loadContents(receiver, held);
    if (receiver && isPromiseMethod(name)) places.graph.flow(receiver, held);
    for (const argument of node.arguments ?? []) {
      const place = this.flow.read(ts.isSpreadElement(argument) ? argument.expression : argument);
      if (!place) continue;
      if (ts.isNewExpression(node)) this.flow.loadContents(place, held);
      places.graph.listen(place, (value) => {
        if (receiver) this.#keep(receiver, value);
        if (value.kind === 'function' && !(name && laterCallees.test(name))) {
          site.targets.add(value.node);
          for (const parameter of value.node.parameters) places.graph.flow(held, places.at(parameter));
          places.graph.flow(places.returnsOf(value.node), result);
        }
        if (value.kind === 'function' || value.kind === 'class') places.graph.add(value, result);
        else this.#hand(value, argument, result);
      });
    }
  }

  #keep(receiver: Place, value: Value): void {
    const { places } = this.flow;
    for (const container of receiver.values) if (container.kind === 'collection') places.graph.add(value, places.contentsOf(container.node));
  }

  /** A constructor handed to unseen code is constructed there, unless what comes back is called in sight. */
  #hand(value: Value, argument: TS.Expression, result: Place): void {
    if (value.kind === 'object') {
      for (const property of value.node.properties) {
        const node = ts.isPropertyAssignment(property) ? property.initializer : property;
        this.flow.places.graph.listen(this.flow.places.at(property), (held) => {
          if (held.kind === 'constructor') this.#hand(held, node as TS.Expression, result);
        });
      }
    } else if (value.kind === 'constructor' && value.handedAt === undefined && !this.handed.some(({ node }) => node === argument)) {
      this.handed.push({ node: argument, constructor: value.constructor });
      this.flow.places.graph.add({ ...value, handedAt: argument }, result);
    }
  }

  /** Sees through `f.call(self, a)`, `f.apply(self, list)`, `Reflect.apply(f, self, list)` and `Reflect.construct(C, list)`. */
  #formOf(node: TS.CallExpression | TS.NewExpression): CallForm {
    const callee = unwrap(node.expression);
    const given = node.arguments ?? [];
    const [first, ...rest] = given;
    const plain = { callee, arguments: given.some(ts.isSpreadElement) ? undefined : given };
    const access = ts.isCallExpression(node) ? memberAccess(callee) : undefined;
    // A method of the project that happens to be called `call` is a method like any other.
    if (!access || !['call', 'apply', 'construct'].includes(access.name ?? '') || this.flow.places.isOurs(access.key)) return plain;
    const isReflect = ts.isIdentifier(access.object) && access.object.text === 'Reflect';
    if (isReflect) return first && access.name !== 'call' ? { callee: unwrap(first), arguments: listed(given[access.name === 'apply' ? 2 : 1]) } : plain;
    if (access.name === 'construct') return plain;
    return { callee: unwrap(access.object), arguments: access.name === 'call' ? rest : listed(given[1]) };
  }

  #handedCalls(site: CallSite): TS.Node[] {
    if (!isCall(site.node)) return [];
    const callee = this.flow.read(this.#formOf(site.node).callee);
    return [...(callee?.values ?? [])].map((value) => (value.kind === 'constructor' ? value.handedAt : undefined)).filter((node) => node !== undefined);
  }
}

function isPromiseMethod(name: string | undefined): boolean {
  return name === 'then' || name === 'catch' || name === 'finally';
}

function isCall(node: TS.Node): node is TS.CallExpression | TS.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

function listed(list: TS.Expression | undefined): readonly TS.Expression[] | undefined {
  if (!list) return [];
  return ts.isArrayLiteralExpression(list) && !list.elements.some(ts.isSpreadElement) ? list.elements : undefined;
}

function isBind(node: TS.Node): node is TS.CallExpression {
  return ts.isCallExpression(node) && memberAccess(unwrap(node.expression))?.name === 'bind';
}

/** `require('x')`, and whatever name a `createRequire(…)` was given. */
function isRequire(node: TS.CallExpression | TS.NewExpression): node is TS.CallExpression {
  if (!ts.isCallExpression(node) || node.arguments.length !== 1) return false;
  const callee = unwrap(node.expression);
  const [argument] = node.arguments;
  return (ts.isIdentifier(callee) || ts.isCallExpression(callee)) && argument !== undefined && ts.isStringLiteralLike(argument) && isRequireFunction(callee);
}

function isRequireFunction(callee: TS.Expression): boolean {
  if (ts.isIdentifier(callee)) return callee.text === 'require' || callee.getSourceFile().text.includes('createRequire');
  return ts.isCallExpression(callee) && ts.isIdentifier(callee.expression) && callee.expression.text === 'createRequire';
}
