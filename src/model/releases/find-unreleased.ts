import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import type { CallGraph } from '../call-graph/call-graph.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { importedName } from '../dataflow/imported-name.js';
import { isCall } from '../dataflow/normalize-call.js';
import type { CodeKind } from '../factories/code-kinds.js';
import { Places } from '../pools/places.js';
import { isFunction, type Callable, callableOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { calledName, ClosingCalls } from './closing-calls.js';
import { Frequencies } from './frequency.js';
import { type KeptResource, findLostResources } from './lost-resources.js';
import { findOpenExits } from './release-paths.js';
import { poolOrLease } from './pooled-resources.js';
import { requestScope } from './request-scope.js';
import { resourceEvents, releasesIn } from './resource-events.js';
import type { Fault, Origin, ResourceKind, Unreleased } from './resource.js';
import { isServed } from './served.js';
import { type Owners, ValueOwners } from './value-owners.js';

/** The inputs of the search. */
export interface ReleaseInput {
  readonly sites: readonly CallSite[];
  readonly graph: CallGraph;
  readonly checker: TS.TypeChecker;
  readonly project: Project;
  readonly slice: ReadonlySet<string>;
  readonly kindOf: (file: string) => CodeKind;
}

/** Packages whose clients keep sockets or an engine open until they are closed. The client for browsers keeps none. */
const closablePackages = /^@clickhouse\/client$/;

/** Returns the resources that stay open, sorted by position. The model's `unreleased` computes it when a rule reads it. */
export function findUnreleased(input: ReleaseInput): Unreleased[] {
  return new Search(input).find();
}

class Search {
  readonly #places: Places;
  readonly #closing: ClosingCalls;
  readonly #owners: ValueOwners;
  readonly #frequencies: Frequencies;
  readonly #kept: KeptResource[] = [];
  readonly #found = new Map<TS.Node, Unreleased>();
  readonly #origins = new Map<TS.Node, Origin>();

  constructor(private readonly input: ReleaseInput) {
    this.#places = new Places(input.checker);
    this.#frequencies = new Frequencies({ ...input, places: this.#places });
    this.#closing = new ClosingCalls(input.graph, this.#places, (callable) => this.#frequencies.callersOf(callable));
    this.#owners = new ValueOwners(this.#places, this.#closing);
  }

  find(): Unreleased[] {
    const origins = this.input.sites.flatMap((site) => this.#originAt(site));
    for (const origin of origins) this.#origins.set(origin.node, origin);
    // The list grows: a call of a function that returns its resource makes one too.
    for (const origin of origins)
      for (const next of this.#visit(origin))
        if (!this.#origins.has(next.node)) {
          this.#origins.set(next.node, next);
          origins.push(next);
        }
    for (const lost of findLostResources(this.#kept, {
      ...this.input,
      places: this.#places,
      closing: this.#closing,
      frequencies: this.#frequencies,
    }))
      this.#add(lost);
    return [...this.#found.values()].sort((one, other) => byPlace(one.node, other.node));
  }

  #originAt(site: CallSite): Origin[] {
    const { node } = site;
    if (!isCall(node) || !this.#isJudged(node)) return [];
    const constructor = [...site.constructors].find((candidate) => closablePackages.test(candidate.package));
    const kind = constructor || this.#isMappedConstructor(node) ? 'client' : poolOrLease(site, this.input, this.#places);
    return kind ? [{ node, kind, name: nameOf(node), construction: undefined, site }] : [];
  }

  /** `settings.map(createClient)`: the package's own function makes each element. */
  #isMappedConstructor(call: TS.CallExpression | TS.NewExpression): boolean {
    const [made] = call.arguments ?? [];
    if (calledName(call) !== 'map' || !made || !ts.isIdentifier(made)) return false;
    const imported = importedName(made, this.#places);
    return imported?.name === 'createClient' && closablePackages.test(imported.module);
  }

  #isJudged(node: TS.Node): boolean {
    const kind = this.input.kindOf(node.getSourceFile().fileName);
    return kind === 'production' || kind === 'script';
  }

  /** Judges the function that makes the resource. Returns the calls by which it comes to callers. */
  #visit(origin: Origin): Origin[] {
    const holder = callableOf(origin.node);
    if (ts.isSourceFile(holder)) return [];
    const scoped = requestScope(origin.node, this.#closing);
    if (scoped) this.#add({ origin, fault: 'request-scope', node: origin.node });
    if (ts.isClassLike(holder)) return scoped ? [] : this.#instances(origin, holder);
    const owners = this.#owners.of(origin.node, holder);
    if (owners.isUsing || owners.isPassedOn) return [];
    if (owners.stores.length > 0) return this.#visitStores(origin, holder, owners, scoped);
    if (owners.isReturned) return this.#callersOf(origin, holder);
    // A route that uses the client may live as long as the process.
    if (owners.isCaptured && !isServed(holder)) return [];
    this.#judge(origin, holder, owners);
    return [];
  }

  #visitStores(origin: Origin, holder: Callable, owners: Owners, isScoped: boolean): Origin[] {
    for (const store of owners.stores) this.#kept.push({ origin, holder, store });
    const owner = ts.isConstructorDeclaration(holder) ? holder.parent : undefined;
    return owner && !isScoped && isDefinite(origin.node) ? this.#instances(origin, owner) : [];
  }

  /** Each instance of the class owns one. */
  #instances(origin: Origin, owner: TS.ClassLikeDeclaration): Origin[] {
    return this.#frequencies
      .callersOf(owner)
      .flatMap((site) => (ts.isNewExpression(site.node) ? this.#derived(origin, site, 'object') : []));
  }

  #callersOf(origin: Origin, holder: Callable): Origin[] {
    const { parent } = holder;
    // An element of a collection: the call owns all of them.
    if (isFunction(holder) && ts.isCallExpression(parent) && parent.arguments.some((argument) => argument === holder)) {
      const name = parent.expression.getText();
      if (/(?:\.(?:map|flatMap)|^Array\.from)$/.test(name)) {
        const site = this.input.graph.sitesOf(callableOf(parent)).find(({ node }) => node === parent);
        return site ? [{ ...origin, node: parent, site }] : [];
      }
      if (this.#closing.targetsOf(parent).length === 0) return [];
    }
    const sites = this.#frequencies.callersOf(holder);
    if (sites.some(({ callbacks, node }) => callbacks.has(holder) || (isCall(node) && this.#isMemoized(holder)))) return [];
    return sites.flatMap((site) => this.#derived(origin, site, origin.kind === 'client' && returnsIt(holder) ? 'client' : 'object'));
  }

  /** Whether the function is passed to a package that may keep its result. */
  #isMemoized(holder: Callable): boolean {
    const declaration = ts.isFunctionDeclaration(holder) ? holder : ts.isVariableDeclaration(holder.parent) ? holder.parent : undefined;
    if (!declaration) return false;
    return this.#places.usesIn(declaration, declaration.getSourceFile()).some((use) => {
      const { parent } = use;
      return isCall(parent) && parent.expression !== use && this.#closing.targetsOf(parent).length === 0;
    });
  }

  #derived(origin: Origin, site: CallSite, kind: ResourceKind): Origin[] {
    const { node } = site;
    if ((!isCall(node) && !ts.isPropertyAccessExpression(node)) || !this.#isJudged(node)) return [];
    return [{ node, kind, name: nameOf(node), construction: origin.construction ?? origin.node, site }];
  }

  #judge(origin: Origin, holder: Callable, owners: Owners): void {
    if (this.#frequencies.at(origin.node) !== 'repeated') return;
    const scope = { origin, holder, aliases: owners.aliases, places: this.#places, closing: this.#closing };
    const events = resourceEvents(scope);
    const { atEnd, onError, atNext } = findOpenExits(holder, events);
    const isLost = atNext && !owners.isCollected;
    if (!atEnd && !onError && !isLost) return;
    const fault: Fault = !releasesIn(holder, scope)
      ? origin.kind === 'pool' && mentionsDrain(holder)
        ? 'not-cleared'
        : 'never'
      : atEnd
        ? 'on-path'
        : 'on-error';
    this.#add({ origin, fault, node: origin.node });
  }

  #add(unreleased: Unreleased): void {
    if (!this.#found.has(unreleased.node)) this.#found.set(unreleased.node, unreleased);
  }
}

/** Whether each run of the constructor makes it: no given value takes its place. */
function isDefinite(node: TS.Node): boolean {
  const owner = ts.findAncestor(
    node.parent,
    (ancestor) =>
      ts.isStatement(ancestor) ||
      ts.isParameter(ancestor) ||
      ts.isConditionalExpression(ancestor) ||
      (ts.isBinaryExpression(ancestor) && isChoice(ancestor)),
  );
  return owner !== undefined && ts.isStatement(owner) && ts.isBlock(owner.parent) && ts.isConstructorDeclaration(owner.parent.parent);
}

function isChoice({ operatorToken: { kind } }: TS.BinaryExpression): boolean {
  return kind !== ts.SyntaxKind.EqualsToken;
}

/** Whether the function returns the resource itself, not in an object. */
function returnsIt(holder: Callable): boolean {
  if (!isFunction(holder) || !holder.body) return false;
  const visit = (node: TS.Node): boolean => {
    if (isFunction(node)) return false;
    if (ts.isReturnStatement(node) && node.expression && ts.isObjectLiteralExpression(unwrap(node.expression))) return true;
    return ts.forEachChild(node, visit) ?? false;
  };
  return ts.isBlock(holder.body) ? !visit(holder.body) : !ts.isObjectLiteralExpression(unwrap(holder.body));
}

function mentionsDrain(holder: Callable): boolean {
  return /\.drain\s*\(/.test(holder.getText());
}

function nameOf(node: TS.CallExpression | TS.NewExpression | TS.PropertyAccessExpression): string {
  if (ts.isPropertyAccessExpression(node)) return node.getText();
  const callee = unwrap(node.expression).getText();
  return `${ts.isNewExpression(node) ? 'new ' : ''}${callee.length > 40 ? (callee.split('.').at(-1) ?? callee) : callee}`;
}

function byPlace(one: TS.Node, other: TS.Node): number {
  const [a, b] = [one.getSourceFile().fileName, other.getSourceFile().fileName];
  return a === b ? one.getStart() - other.getStart() : a < b ? -1 : 1;
}
