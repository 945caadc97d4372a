import type { ts as TS } from 'ts-morph';
import type { ClientCalls } from '../statements/client-calls.js';
import { isWrapped, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type Failures, failureOf, joinFailures, otherFailures } from './error-value.js';
import type { FailingCode } from './failing-code.js';
import { type Names, optionName, valueOfName } from './names.js';

/** Options and parameters through which a function is given that receives an error. */
const errorOption = /retr|error|fail|bail|give_?up|transient|should|when|reject|catch/i;

const listens = /^(?:on|once|addListener|prependListener|addEventListener)$/;

/** Tells which failures the functions receive that are called for an error: handlers of rejections, listeners, callbacks, retry predicates. */
export class ErrorCallbacks {
  constructor(
    private readonly names: Names,
    private readonly calls: ClientCalls,
    private readonly code: FailingCode,
  ) {}

  /** Returns what a parameter of a function may receive, for each place where the function is given as a callback. */
  of(callable: TS.FunctionLikeDeclaration, index: number): Failures[] {
    const places: TS.Node[] = [callable, ...this.names.usesOf(callable).map(valueOfName)];
    return places.flatMap((place) => this.#givenTo(place, index));
  }

  #givenTo(place: TS.Node, index: number): Failures[] {
    let value = place;
    while (isWrapped(value.parent)) value = value.parent;
    const option = optionName(value);
    if (option !== undefined) return index < 2 && errorOption.test(option) ? this.#ofOption(value) : [];
    const { parent } = value;
    if (!ts.isCallExpression(parent) || parent.expression === value) return [];
    const position = (parent.arguments as readonly TS.Node[]).indexOf(value);
    const failures = this.#ofArgument(parent, position, index, value);
    return failures ? [failures] : [];
  }

  #ofArgument(call: TS.CallExpression, position: number, index: number, value: TS.Node): Failures | undefined {
    const member = memberAccess(unwrap(call.expression));
    const name = member?.name ?? call.expression.getText();
    if (index > 0) return undefined;
    if (member && ((name === 'catch' && position === 0) || (name === 'then' && position === 1))) return this.code.ofPromise(member.object);
    if (member && listens.test(name)) return position === 1 && isErrorEvent(call.arguments[0]) ? this.#ofEmitter(member.object) : undefined;
    if (this.calls.of(call) && position > 0) return failureOf(call);
    if (/^(?:pipeline|finished)$/.test(name)) {
      const stream = call.arguments.find((argument) => this.calls.kindOf(argument) !== undefined);
      return stream ? { ...failureOf(stream), isMixed: call.arguments.length > 2 } : otherFailures;
    }
    return this.#ofRunner(call, value, name);
  }

  /** A function that runs another one and is given this one for its errors: `retry(run, isTransient)`. */
  #ofRunner(call: TS.CallExpression, value: TS.Node, name: string): Failures | undefined {
    const pipe = ts.isCallExpression(call.parent) ? memberAccess(call.parent.expression) : undefined;
    // `from(promise).pipe(catchError(…))`
    if (pipe?.name === 'pipe' && errorOption.test(name)) return this.code.ofPromise(pipe.object);
    const [first] = call.arguments;
    if (/fromPromise$/i.test(name) && first && first !== value) return this.code.ofPromise(first);
    const others = call.arguments.filter((argument) => argument !== value && this.names.functionOf(argument));
    const parameter = this.names.calledBy(call)?.parameters[(call.arguments as readonly TS.Node[]).indexOf(value)]?.name.getText() ?? name;
    if (others.length === 0 || !errorOption.test(parameter)) return undefined;
    return this.#ofFunctions(others);
  }

  #ofFunctions(functions: readonly TS.Expression[]): Failures {
    return joinFailures(
      functions.map((given) => {
        const callable = this.names.functionOf(given);
        return callable ? this.code.inFunction(callable) : otherFailures;
      }),
    );
  }

  /** The option of an object that is an argument, directly or by the name of a variable. */
  #ofOption(value: TS.Node): Failures[] {
    const object = ts.isMethodDeclaration(value) ? value.parent : value.parent.parent;
    if (!ts.isObjectLiteralExpression(object)) return [];
    let outer: TS.Node = object;
    while (isWrapped(outer.parent) || ts.isSpreadAssignment(outer.parent) || isNestedOption(outer)) outer = outer.parent;
    if (ts.isCallExpression(outer.parent)) return this.#runBeside(outer.parent, outer);
    const { parent } = outer;
    if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return [];
    const name = parent.name;
    return this.names
      .mentions(name.text)
      .filter((node) => node !== name && this.names.declarationOf(node) === parent)
      .flatMap((node) => {
        let argument: TS.Node = node;
        while (ts.isSpreadAssignment(argument.parent) || ts.isObjectLiteralExpression(argument.parent)) argument = argument.parent;
        return ts.isCallExpression(argument.parent) ? this.#runBeside(argument.parent, argument) : [];
      });
  }

  /** The functions that are given to the call beside the options, or in them. */
  #runBeside(call: TS.CallExpression, options: TS.Node): Failures[] {
    const beside = call.arguments.filter((argument) => argument !== options && this.names.functionOf(argument));
    if (beside.length > 0) return [this.#ofFunctions(beside)];
    const value = ts.isExpression(options) ? unwrap(options) : options;
    const members = ts.isObjectLiteralExpression(value) ? value.properties : [];
    const run = members.flatMap((property) => {
      const isRun =
        property.name !== undefined && /^(?:try|fn|run|task|operation|query|queryFn|execute|action|work)$/i.test(property.name.getText());
      if (!isRun) return [];
      if (ts.isMethodDeclaration(property)) return [this.code.inFunction(property)];
      return ts.isPropertyAssignment(property) ? [this.#ofFunctions([property.initializer])] : [];
    });
    return run.length > 0 ? [joinFailures(run)] : [];
  }

  /** A stream of a result, also behind further listeners. */
  #ofEmitter(emitter: TS.Expression): Failures {
    const value = unwrap(emitter);
    if (this.calls.kindOf(value) === 'stream') return failureOf(value);
    const member = ts.isCallExpression(value) ? memberAccess(value.expression) : undefined;
    if (member && listens.test(member.name ?? '')) return this.#ofEmitter(member.object);
    const declaration = ts.isIdentifier(value) ? this.names.declarationOf(value) : undefined;
    const initializer = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return initializer ? this.#ofEmitter(initializer) : otherFailures;
  }
}

/** `{ retry: { shouldRetry } }` */
function isNestedOption(object: TS.Node): boolean {
  return (
    (ts.isPropertyAssignment(object.parent) && object.parent.initializer === object) ||
    (ts.isPropertyAssignment(object) && ts.isObjectLiteralExpression(object.parent))
  );
}

function isErrorEvent(event: TS.Node | undefined): boolean {
  return event !== undefined && ts.isStringLiteralLike(event) && event.text === 'error';
}
