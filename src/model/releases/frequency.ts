import type { ts as TS } from 'ts-morph';
import { isMemoGuarded } from '../call-graph/memo-guard.js';
import { calledName as nameOfCallee, isCall } from '../dataflow/normalize-call.js';
import type { CallSite } from '../dataflow/call-sites.js';
import type { Project } from '../../project/project.js';
import type { CodeKind } from '../factories/code-kinds.js';
import type { Places } from '../pools/places.js';
import { isFunction, isWrapped, type Callable, callableOf, staticName, unwrap } from '../typescript/syntax.js';
import { parseFile } from '../typescript/parse-file.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isExported } from './exports.js';
import { callsOnce } from './single-calls.js';

/** How often a callable runs in a process. `unknown`: the code does not show it. */
export type Frequency = 'once' | 'repeated' | 'unknown';

/** Names of functions that a process or a host runs once. */
const onceNames =
  /^(?:main|bootstrap|setup|global_?setup|global_?teardown|init|initiali[sz]e|up|down|migrate|seed|teardown|register|boot|create_?app|create_?server|build_?app|configure|on_?module_?init|on_?application_?bootstrap|on_?module_?destroy|before_?all|after_?all|before|after|before_?each|after_?each|plugin|default)(?=$|[A-Z_])/i;

/** The same, for functions without parameters. */
const onceWithoutParameters = /^(?:run|start|connect|execute|serve|listen)(?=$|[A-Z_])/;

/** Callees that run their callback once, or as often as they run themselves. */
const onceCallees =
  /^(?:action|register|command|then|catch|finally|beforeAll|afterAll|listen|ready|bootstrap|lazy|once|\w*memo\w*|mem|moize|onetime|cache|unstable_cache|useMemo|useState|after|nextTick|setTimeout|setImmediate|queueMicrotask|createContext|main|provide|defineConfig|plugin)$/i;

/** Callees that run their callback for each event, request or job. */
const repeatedCallees =
  /^(?:get|post|put|patch|delete|del|all|head|options|route|use|on|addListener|addEventListener|subscribe|handle|handler|query|mutation|process|consume|each|eachMessage|eachBatch|setInterval|schedule|scheduleJob|cron|task|job|add|map|forEach|flatMap|filter|some|every|reduce|from|loader|procedure|define(?:Event)?Handler|eventHandler|createFunction|withAuth|createServer|serve|fetch|message)$/i;

const repeatedClasses = /^(?:\w*Worker|CronJob|Cron|Job|Queue|\w*Consumer|\w*Scheduler)$/;

/** Properties whose function a container or framework runs once. */
const onceProperties =
  /^(?:useFactory|factory|setup|globalSetup|init|create|make|open|connect|register|start|bootstrap|up|down|beforeAll|afterAll|onModuleInit|onStart|default|config|module|plugin|action|validate)$/;

/** The inputs of the search. */
export interface FrequencyInput {
  readonly sites: readonly CallSite[];
  readonly places: Places;
  readonly project: Project;
  readonly slice: ReadonlySet<string>;
  readonly kindOf: (file: string) => CodeKind;
}

/** Tells how often callables run: once in a process, or again and again. Used by `findUnreleased`. */
export class Frequencies {
  readonly #known = new Map<Callable, Frequency>();
  readonly #callers = new Map<Callable, CallSite[]>();

  constructor(private readonly input: FrequencyInput) {
    for (const site of input.sites)
      for (const target of site.targets) this.#callers.set(target, [...(this.#callers.get(target) ?? []), site]);
  }

  /** Returns the sites that call a callable. */
  callersOf(callable: Callable): readonly CallSite[] {
    return this.#callers.get(callable) ?? [];
  }

  /** Returns how often the node runs: as often as its callable, or more if it is in a loop. */
  at(node: TS.Node): Frequency {
    const callable = callableOf(node);
    if (isMemoized(node, callable)) return 'unknown';
    return isInLoop(node, callable) ? 'repeated' : this.of(callable);
  }

  /** Returns how often the callable runs. */
  of(callable: Callable): Frequency {
    const known = this.#known.get(callable);
    if (known) return known;
    // Ends the recursion on call cycles.
    this.#known.set(callable, 'once');
    const found = this.#compute(callable);
    this.#known.set(callable, found);
    return found;
  }

  #compute(callable: Callable): Frequency {
    if (ts.isSourceFile(callable)) return 'once';
    const kind = this.input.kindOf(callable.getSourceFile().fileName);
    if (kind === 'test' || kind === 'vendored' || kind === 'example') return 'unknown';
    const found: Frequency[] = [];
    for (const site of this.callersOf(callable)) {
      const callerKind = this.input.kindOf(site.node.getSourceFile().fileName);
      if (callerKind === 'test') continue;
      found.push(site.callbacks.has(callable) || isArgumentOf(callable, site.node) ? this.#asCallback(site.node) : this.at(site.node));
    }
    found.push(...this.#asValue(callable));
    if (found.includes('repeated')) return 'repeated';
    const name = nameOf(callable);
    if (isFunction(callable) && name !== undefined && isExported(callable)) {
      const importers = this.#importersOutside(callable, name);
      if (importers.some((file) => this.input.kindOf(file) === 'production' && !this.#callsOnce(file, name))) return 'repeated';
      const isOnce = found.length > 0 || importers.length > 0 || kind === 'script' || isOnceName(name, callable);
      if (!isOnce) return 'repeated';
    }
    if (this.#isMethodForOthers(callable) && found.length === 0) return isOnceName(name ?? 'default', callable) ? 'unknown' : 'repeated';
    return found.includes('unknown') ? 'unknown' : 'once';
  }

  /** Production files outside the slice that may import the name. Their calls are not known. */
  #importersOutside(callable: Callable, name: string): string[] {
    const file = callable.getSourceFile().fileName;
    const { project, slice } = this.input;
    return [...project.importersOf(file)].filter(
      (importer) => !slice.has(importer) && this.input.kindOf(importer) !== 'test' && project.importText(importer, file).includes(name),
    );
  }

  /** A method that code outside of the slice may call: its class is exported, or an object of it is. */
  #isMethodForOthers(callable: Callable): boolean {
    const owner = callable.parent;
    if (!ts.isMethodDeclaration(callable) || !ts.isClassLike(owner)) return false;
    if (isExported(owner)) return true;
    return this.input.places.usesIn(owner, owner.getSourceFile()).some((use) => {
      const made = ts.isNewExpression(use.parent) && use.parent.expression === use ? use.parent.parent : undefined;
      return made !== undefined && ts.isVariableDeclaration(made) && isExported(made);
    });
  }

  #callsOnce(file: string, name: string): boolean {
    const text = this.input.project.text(file);
    const source = text === undefined ? undefined : parseFile(file, text);
    return source !== undefined && callsOnce(source, name);
  }

  /** How often a function runs that is passed to a call. */
  #asCallback(call: TS.Node): Frequency {
    if (!isCall(call)) return 'unknown';
    const name = nameOfCallee(unwrap(call.expression));
    if (name === undefined) return 'unknown';
    if (onceCallees.test(name)) return this.at(call);
    if (repeatedCallees.test(name) || (ts.isNewExpression(call) && repeatedClasses.test(name))) return 'repeated';
    return this.at(call) === 'repeated' ? 'repeated' : 'unknown';
  }

  /** How often a function runs by the places where it is a value: an argument, a property, a name that code passes on. */
  #asValue(callable: Callable): Frequency[] {
    if (!isFunction(callable)) return [];
    if (ts.isFunctionDeclaration(callable)) return this.#references(callable);
    let value: TS.Node = callable;
    while (ts.isExpression(value.parent) && isWrapped(value.parent)) value = value.parent;
    return this.#context(value);
  }

  #context(value: TS.Node): Frequency[] {
    const { parent } = value;
    if (isCall(parent) && parent.expression !== value) {
      // `export const GET = withAuth(async () => …)`: the result is what runs.
      const exported = parent.parent;
      if (ts.isVariableDeclaration(exported) && isExported(exported) && !onceCallees.test(nameOfCallee(unwrap(parent.expression)) ?? ''))
        return ['repeated'];
      return [this.#asCallback(parent)];
    }
    if (ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)) return this.#references(parent);
    if (ts.isPropertyAssignment(parent)) return [this.#ofProperty(parent)];
    if (ts.isMethodDeclaration(value) && ts.isObjectLiteralExpression(parent)) return [this.#ofProperty(value)];
    return [];
  }

  #ofProperty(property: TS.PropertyAssignment | TS.MethodDeclaration): Frequency {
    const name = staticName(property.name) ?? '';
    if (onceProperties.test(name)) return 'unknown';
    // An object that a function makes has callers that are known.
    return ts.isSourceFile(callableOf(property)) || repeatedCallees.test(name) ? 'repeated' : 'unknown';
  }

  #references(declaration: TS.Node): Frequency[] {
    const uses = this.input.places.usesIn(declaration, declaration.getSourceFile());
    return uses.flatMap((use) => {
      if (isCall(use.parent) && use.parent.expression === use) return [];
      if (ts.isShorthandPropertyAssignment(use.parent)) return ['unknown' as const];
      return this.#context(use);
    });
  }
}

function isOnceName(name: string, callable: Callable): boolean {
  const isWithoutParameters = isFunction(callable) && callable.parameters.length === 0;
  return onceNames.test(name) || (isWithoutParameters && onceWithoutParameters.test(name));
}

function isArgumentOf(callable: Callable, call: TS.Node): boolean {
  return isCall(call) && (call.arguments ?? []).some((argument) => unwrap(argument) === callable);
}

function nameOf(callable: Callable): string | undefined {
  if (ts.isSourceFile(callable)) return undefined;
  const own = staticName(callable.name);
  if (own !== undefined) return own;
  const { parent } = callable;
  return ts.isVariableDeclaration(parent) ? staticName(parent.name) : ts.isExportAssignment(parent) ? 'default' : undefined;
}

/** Whether a memo keeps the result of the node: `running ??= run()`, `if (!running) running = run()`. */
function isMemoized(node: TS.Node, callable: Callable): boolean {
  for (let inner = node; inner !== callable && !ts.isStatement(inner); inner = inner.parent) {
    const { parent } = inner;
    const operator = ts.isBinaryExpression(parent) && parent.right === inner ? parent.operatorToken.kind : undefined;
    if (operator === ts.SyntaxKind.QuestionQuestionEqualsToken || operator === ts.SyntaxKind.BarBarEqualsToken) return true;
  }
  return isMemoGuarded(node);
}

function isInLoop(node: TS.Node, callable: Callable): boolean {
  for (let inner = node; inner !== callable; inner = inner.parent) {
    const { parent } = inner;
    if (ts.isIterationStatement(parent, false) && parent.statement === inner) return true;
    if (ts.isSourceFile(parent)) return false;
  }
  return false;
}
