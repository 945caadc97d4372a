import type { ts as TS } from 'ts-morph';
import { throwsIn } from '../statements/failing-calls.js';
import type { ClientCalls } from '../statements/client-calls.js';
import { returnedBy } from '../typescript/returned-values.js';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { combinators, isAsync, isAwaited } from './awaited.js';
import {
  type Bindings,
  type Failures,
  bindingsOf,
  failureOf,
  joinFailures,
  maxDepth,
  noBindings,
  noFailures,
  otherFailures,
} from './error-value.js';
import { callOfName, type Names } from './names.js';
import type { AnswerTable, SearchMemo } from './search-memo.js';
import type { UnreadCode } from './unread-code.js';

/** Functions that only wait. */
const waits = /^(?:sleep|delay|wait|setTimeout|setImmediate|nextTick)$/i;

/** Functions of a result that only answer with what is there. */
const quietMembers = /^(?:on|once|off|pipe|destroy|close|getReader|emit|removeListener|removeAllListeners)$/;

/** Tells what can fail in code: calls of ClickHouse, and anything else. Created by `findErrorTextMatches`. */
export class FailingCode {
  constructor(
    private readonly names: Names,
    private readonly calls: ClientCalls,
    private readonly unread: UnreadCode,
    private readonly memo: SearchMemo,
    private readonly answers: AnswerTable<Failures>,
    /** Returns what an error that is thrown may come from. */
    private readonly failuresOfError: (error: TS.Expression, bindings: Bindings) => Failures,
  ) {}

  /** Returns what can make a `try` block fail. */
  inBlock(block: TS.Block, bindings: Bindings = noBindings, depth = 0): Failures {
    return this.#remembered(block, bindings, () => this.#within(block, bindings, depth));
  }

  /** Returns what can make a function throw, or its promise reject. */
  inFunction(callable: TS.FunctionLikeDeclaration, bindings: Bindings = noBindings, depth = 0): Failures {
    const { body } = callable;
    if (!body || depth > maxDepth) return otherFailures;
    return this.#remembered(callable, bindings, () => {
      const own = this.#within(body, bindings, depth);
      const returned = returnedBy(callable)
        .filter((value) => !isAwaited(value) && this.#mayBePromise(value))
        .map((value) => this.ofPromise(value, bindings, depth));
      return joinFailures([own, ...returned]);
    });
  }

  /** Returns what can make a promise reject. */
  ofPromise(promise: TS.Expression, bindings: Bindings = noBindings, depth = 0): Failures {
    const value = unwrap(promise);
    if (depth > maxDepth) return otherFailures;
    if (this.calls.kindOf(value) !== undefined && !ts.isCallExpression(value)) return failureOf(value);
    if (ts.isCallExpression(value)) return this.#ofCall(value, bindings, depth);
    if (ts.isConditionalExpression(value))
      return joinFailures([value.whenTrue, value.whenFalse].map((part) => this.ofPromise(part, bindings, depth)));
    if (ts.isArrayLiteralExpression(value)) return joinFailures(value.elements.map((part) => this.ofPromise(part, bindings, depth)));
    if (ts.isNewExpression(value)) return value.expression.getText() === 'Promise' ? this.#ofExecutor(value, bindings, depth) : noFailures;
    if (!ts.isIdentifier(value)) return ts.isLiteralExpression(value) ? noFailures : otherFailures;
    const declaration = this.names.declarationOf(value);
    if (declaration && ts.isParameter(declaration)) {
      const bound = bindings.get(declaration);
      return bound?.value ? this.ofPromise(bound.value, bound.bindings, depth + 1) : otherFailures;
    }
    const initializer = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return initializer && ts.isCallExpression(initializer) ? this.ofPromise(initializer, bindings, depth + 1) : otherFailures;
  }

  /** Returns what can fail in the functions that are given to a call, which runs them. */
  inArguments(call: TS.CallExpression | TS.NewExpression, bindings: Bindings = noBindings, depth = 0): Failures {
    const given = (call.arguments ?? []).flatMap((argument) => this.#runnable(argument, bindings));
    return joinFailures(given.map(([callable, inside]) => this.inFunction(callable, inside, depth + 1)));
  }

  #runnable(argument: TS.Expression, bindings: Bindings): [TS.FunctionLikeDeclaration, Bindings][] {
    const callable = this.names.functionOf(argument);
    return callable ? [[callable, bindings]] : [];
  }

  #remembered(node: TS.Node, bindings: Bindings, read: () => Failures): Failures {
    return this.memo.answer(this.answers, node, bindings.size === 0, read);
  }

  #within(root: TS.Node, bindings: Bindings, depth: number): Failures {
    const found: Failures[] = [];
    const visit = (node: TS.Node): void => {
      if (isFunction(node) || ts.isClassLike(node)) return;
      if (ts.isTryStatement(node) && node.catchClause && !throwsIn(node.catchClause)) {
        visit(node.catchClause.block);
        if (node.finallyBlock) visit(node.finallyBlock);
        return;
      }
      if (ts.isThrowStatement(node)) found.push(this.#ofThrown(node.expression, bindings));
      else if (ts.isAwaitExpression(node)) found.push(this.ofPromise(node.expression, bindings, depth));
      else if (ts.isForOfStatement(node) && node.awaitModifier) found.push(this.#ofIterable(node.expression, bindings, depth));
      else if (ts.isCallExpression(node) && !isAwaited(node)) found.push(this.#ofSyncCall(node, bindings, depth));
      ts.forEachChild(node, visit);
    };
    visit(root);
    return joinFailures(found);
  }

  /** The text of a wrapping error contains that of the wrapped one. */
  #ofThrown(error: TS.Expression, bindings: Bindings): Failures {
    const value = unwrap(error);
    if (!ts.isNewExpression(value)) return this.failuresOfError(value, bindings);
    const parts = (value.arguments ?? []).map((argument) => this.failuresOfError(argument, bindings));
    return { ...joinFailures(parts), isMixed: true };
  }

  #ofIterable(iterable: TS.Expression, bindings: Bindings, depth: number): Failures {
    const value = unwrap(iterable);
    return this.calls.kindOf(value) !== undefined ? failureOf(value) : this.ofPromise(value, bindings, depth);
  }

  #ofCall(call: TS.CallExpression, bindings: Bindings, depth: number): Failures {
    const client = this.calls.of(call);
    if (client) return client.method === 'ping' ? noFailures : failureOf(call);
    const callee = unwrap(call.expression);
    const member = memberAccess(callee);
    if (member && this.calls.kindOf(member.object) !== undefined)
      return quietMembers.test(member.name ?? '') ? noFailures : failureOf(call);
    if (member?.name === 'finally') return this.ofPromise(member.object, bindings, depth);
    if (member?.name === 'then' && call.arguments.length < 2)
      return joinFailures([this.ofPromise(member.object, bindings, depth), this.inArguments(call, bindings, depth)]);
    if (member?.name === 'then' || member?.name === 'catch') return this.inArguments(call, bindings, depth);
    const text = callee.getText();
    if (combinators.test(text)) return joinFailures(call.arguments.map((argument) => this.ofPromise(argument, bindings, depth)));
    if (text === 'Promise.allSettled' || text === 'Promise.resolve') return noFailures;
    if (member?.name === 'map') return this.inArguments(call, bindings, depth);
    if (waits.test(member?.name ?? text)) return noFailures;
    const parameter = ts.isIdentifier(callee) ? this.names.declarationOf(callee) : undefined;
    if (parameter && ts.isParameter(parameter)) return this.#ofParameter(parameter, bindings, depth);
    const callable = this.names.calledBy(call);
    if (callable?.body) return this.inFunction(callable, this.#functionsGiven(callable, call, bindings), depth + 1);
    if (this.#givesClient(call)) return failureOf(call);
    return this.#ofLibraryCall(call, bindings, depth);
  }

  /** Only arguments that are functions or promises change what can fail: without one, the answer holds for each call. */
  #functionsGiven(callable: TS.FunctionLikeDeclaration, call: TS.CallExpression, bindings: Bindings): Bindings {
    const isRun = (argument: TS.Expression): boolean => {
      const value = unwrap(argument);
      if (this.names.functionOf(value) || this.#mayBePromise(value)) return true;
      const declaration = ts.isIdentifier(value) ? this.names.declarationOf(value) : undefined;
      return declaration !== undefined && ts.isParameter(declaration) && bindings.has(declaration);
    };
    return call.arguments.some(isRun) ? bindingsOf(callable, call.arguments, bindings) : noBindings;
  }

  /** A function of another package that runs what it is given fails as that does. */
  #ofLibraryCall(call: TS.CallExpression, bindings: Bindings, depth: number): Failures {
    const promises = call.arguments.filter(
      (argument) => ts.isCallExpression(unwrap(argument)) || this.calls.kindOf(argument) !== undefined,
    );
    const given = joinFailures([
      this.inArguments(call, bindings, depth),
      ...promises.map((one) => this.ofPromise(one, bindings, depth + 1)),
    ]);
    const addsOwn = given.calls.length === 0 || /timeout|deadline|limit|breaker/i.test(call.expression.getText());
    return addsOwn ? { ...given, isMixed: true } : given;
  }

  /** A parameter that is called: the functions that callers pass. */
  #ofParameter(parameter: TS.ParameterDeclaration, bindings: Bindings, depth: number): Failures {
    const bound = bindings.get(parameter);
    if (bound) return bound.value ? this.#ofFunctionValue(bound.value, bound.bindings, depth) : noFailures;
    const callable = parameter.parent;
    if (!isFunction(callable)) return otherFailures;
    const index = callable.parameters.indexOf(parameter);
    const sites = this.names.usesOf(callable).map(callOfName);
    const found = sites.flatMap((site) => {
      const argument = site?.arguments[index];
      return argument ? [this.#ofFunctionValue(argument, noBindings, depth)] : [];
    });
    return found.length > 0 ? joinFailures(found) : otherFailures;
  }

  #ofFunctionValue(value: TS.Expression, bindings: Bindings, depth: number): Failures {
    const callable = this.names.functionOf(value);
    if (callable) return this.inFunction(callable, bindings, depth + 1);
    const inner = unwrap(value);
    const declaration = ts.isIdentifier(inner) ? this.names.declarationOf(inner) : undefined;
    if (declaration && ts.isParameter(declaration) && depth < maxDepth) return this.#ofParameter(declaration, bindings, depth + 1);
    return otherFailures;
  }

  /** `new Promise((resolve, reject) => …)` */
  #ofExecutor(node: TS.NewExpression, bindings: Bindings, depth: number): Failures {
    const [argument] = node.arguments ?? [];
    const executor = argument && this.names.functionOf(argument);
    const reject = executor?.parameters[1]?.name;
    if (!executor?.body || !reject || !ts.isIdentifier(reject)) return noFailures;
    const found: Failures[] = [];
    const visit = (child: TS.Node): void => {
      if (ts.isIdentifier(child) && child.text === reject.text && child !== reject) {
        const { parent } = child;
        const error = ts.isCallExpression(parent) && parent.expression === child ? parent.arguments[0] : undefined;
        found.push(error ? this.#ofThrown(error, bindings) : otherFailures);
      }
      ts.forEachChild(child, visit);
    };
    visit(executor.body);
    return depth > maxDepth ? otherFailures : joinFailures(found);
  }

  /** A call that is not waited for fails only at once. */
  #ofSyncCall(call: TS.CallExpression, bindings: Bindings, depth: number): Failures {
    if (this.calls.of(call)) return noFailures;
    const text = call.expression.getText();
    if (text === 'JSON.parse' || /Sync$|\.parse$/.test(text)) return otherFailures;
    const callable = this.names.calledBy(call);
    if (callable?.body) {
      if (isAsync(callable)) return noFailures;
      if (this.#givesClient(call)) return failureOf(call);
      // A promise that it returns is not waited for.
      return { calls: [], isMixed: depth < maxDepth && this.inFunction(callable, noBindings, depth + 2).isMixed };
    }
    if (this.#givesClient(call)) return failureOf(call);
    const specifier = this.names.importedBy(call.expression);
    return specifier !== undefined && this.unread.importThrows(call.getSourceFile().fileName, specifier) ? otherFailures : noFailures;
  }

  /** The construction of a client, and an accessor, fail for a wrong address. */
  #givesClient(call: TS.CallExpression): boolean {
    return this.calls.isClient(call) || this.#awaitsClient(call);
  }

  #mayBePromise(value: TS.Expression): boolean {
    if (!ts.isCallExpression(value) && !ts.isNewExpression(value)) return false;
    const type = this.names.checker.getTypeAtLocation(value);
    return (type.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0 || type.getProperty('then') !== undefined;
  }

  #awaitsClient(call: TS.CallExpression): boolean {
    return ts.isAwaitExpression(call.parent) && this.calls.isClient(call.parent);
  }
}
