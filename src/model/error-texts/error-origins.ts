import type { ts as TS } from 'ts-morph';
import { isStubbed } from '../clients/constructor-types.js';
import type { ClientCalls } from '../statements/client-calls.js';
import { returnedBy } from '../typescript/returned-values.js';
import { isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { ErrorCallbacks } from './error-callbacks.js';
import { assignmentsTo, elementOf, initializerOf, isFilterOf } from './error-declarations.js';
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
import { FailingCode } from './failing-code.js';
import { callOfName, declaredName, type Names } from './names.js';
import { pingOf, settledPromises } from './settled-answers.js';
import { AnswerTable, SearchMemo } from './search-memo.js';
import type { UnreadCode } from './unread-code.js';

/** An error, or its text, that a value is. */
export interface ErrorValue extends Failures {
  /** Whether it is the text of an error, and not the error itself. */
  readonly isText: boolean;
  /** The parameters through which it comes. */
  readonly parameters: readonly TS.ParameterDeclaration[];
}

const none: ErrorValue = errorOf(noFailures);
const unknown: ErrorValue = errorOf(otherFailures);

/** The error itself of one of the failures. */
function errorOf(failures: Failures): ErrorValue {
  return { ...failures, isText: false, parameters: [] };
}

/** Members of an error that are text. */
const textMembers = /^(?:message|stack|shortMessage|sqlMessage|originalMessage)$/;
/** Members of an error, or of a value that carries one, that are an error. */
const errorMembers = /^(?:cause|reason|error|err|errors|originalError|innerError|parent)$/;
/** Methods of a text that give text. */
const textMethods =
  /^(?:toString|toLowerCase|toUpperCase|toLocaleLowerCase|trim|trimStart|trimEnd|slice|substring|substr|replace|replaceAll|normalize|concat|split|valueOf|at)$/;
/** Functions of other packages that give the text of an error, or an error. */
const textFunctions = /message|text|String|stringify|inspect|serialize/;
const errorFunctions = /^(?:\w*[aA]sError|\w*[tT]oError|\w*[eE]nsureError|\w*[nN]ormalizeError|\w*[wW]rapError)$/;

/** Tells which values are errors of ClickHouse, or their texts: it follows a value back to where it comes from. */
export class ErrorOrigins {
  readonly code: FailingCode;
  readonly #callbacks: ErrorCallbacks;
  readonly #values = new AnswerTable(none, unknown);
  readonly #returned = new AnswerTable(none, unknown);
  readonly #memo: SearchMemo;

  constructor(
    private readonly names: Names,
    private readonly calls: ClientCalls,
    private readonly unread: UnreadCode,
  ) {
    const failures = new AnswerTable(noFailures, otherFailures);
    this.#memo = new SearchMemo([this.#values, this.#returned, failures]);
    this.code = new FailingCode(names, calls, unread, this.#memo, failures, (error, bindings) => this.of(error, bindings));
    this.#callbacks = new ErrorCallbacks(names, calls, this.code);
  }

  /** Returns the errors that a value is, or whose text it is. */
  of(expression: TS.Expression, bindings: Bindings = noBindings, depth = 0): ErrorValue {
    const value = unwrap(expression);
    if (depth > maxDepth * 2) return none;
    return this.#memo.answer(this.#values, value, bindings.size === 0, () => this.#read(value, bindings, depth + 1));
  }

  #read(value: TS.Expression, bindings: Bindings, depth: number): ErrorValue {
    if (ts.isLiteralExpression(value) || value.kind === ts.SyntaxKind.NullKeyword) return none;
    if (ts.isConditionalExpression(value)) return this.#any([value.whenTrue, value.whenFalse], bindings, depth);
    if (ts.isTemplateExpression(value))
      return asText(
        this.#any(
          value.templateSpans.map((span) => span.expression),
          bindings,
          depth,
          true,
        ),
      );
    if (ts.isBinaryExpression(value)) return this.#ofOperation(value, bindings, depth);
    if (ts.isCallExpression(value)) return this.#ofCall(value, bindings, depth);
    const member = memberAccess(value);
    if (member) return this.#ofMember(value, member.object, member.name, bindings, depth);
    return ts.isIdentifier(value) ? this.#ofName(value, bindings, depth) : unknown;
  }

  /** `ignoresOthers`: values without an error do not matter, as the other parts of a text and the other answers of a function. */
  #any(values: readonly TS.Expression[], bindings: Bindings, depth: number, ignoresOthers = false): ErrorValue {
    const found = values.map((value) => this.of(value, bindings, depth));
    return join(ignoresOthers ? found.filter(({ calls }) => calls.length > 0) : found);
  }

  #ofOperation({ left, right, operatorToken }: TS.BinaryExpression, bindings: Bindings, depth: number): ErrorValue {
    switch (operatorToken.kind) {
      case ts.SyntaxKind.QuestionQuestionToken:
      case ts.SyntaxKind.BarBarToken:
        return this.#any([left, right], bindings, depth);
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.EqualsToken:
        return this.of(right, bindings, depth);
      case ts.SyntaxKind.PlusToken:
        return asText(this.#any([left, right], bindings, depth, true));
      default:
        return unknown;
    }
  }

  #ofMember(value: TS.Expression, object: TS.Expression, name: string | undefined, bindings: Bindings, depth: number): ErrorValue {
    const ping = name === 'error' ? pingOf(object, this.names, this.calls) : undefined;
    if (ping) return errorOf(failureOf(ping));
    if (name === 'reason') {
      const promises = settledPromises(object, this.names);
      if (promises) return errorOf(joinFailures(promises.map((one) => this.code.ofPromise(one, bindings))));
    }
    if (name !== undefined && textMembers.test(name)) return asText(this.of(object, bindings, depth));
    if (name !== undefined && (errorMembers.test(name) || /^\d+$/.test(name))) return this.of(object, bindings, depth);
    return this.#isClickHouseError(value) ? errorOf(failureOf(value)) : unknown;
  }

  #ofCall(call: TS.CallExpression, bindings: Bindings, depth: number): ErrorValue {
    const callee = unwrap(call.expression);
    const member = memberAccess(callee);
    const [first] = call.arguments;
    if (callee.getText() === 'String' || callee.getText() === 'JSON.stringify')
      return first ? asText(this.of(first, bindings, depth)) : unknown;
    if (member?.name === 'catch' || (member?.name === 'then' && call.arguments[1])) {
      const handler = member.name === 'catch' ? first : call.arguments[1];
      const callable = handler && this.names.functionOf(handler);
      // The other answer is a value of a statement, and no error.
      return callable ? this.#any(returnedBy(callable), bindings, depth, true) : unknown;
    }
    if (member && textMethods.test(member.name ?? '')) return asText(this.of(member.object, bindings, depth));
    const callable = this.names.calledBy(call);
    if (callable?.body) return this.#ofReturned(callable, call, bindings, depth);
    const name = member?.name ?? callee.getText();
    if (!first || (!textFunctions.test(name) && !errorFunctions.test(name))) return unknown;
    const found = this.of(first, bindings, depth);
    return textFunctions.test(name) ? asText(found) : found;
  }

  /** The returned values without an error are the answers of a statement. */
  #ofReturned(callable: TS.FunctionLikeDeclaration, call: TS.CallExpression, bindings: Bindings, depth: number): ErrorValue {
    const inside = bindingsOf(callable, call.arguments, bindings);
    const found = this.#memo.answer(this.#returned, callable, false, () => this.#any(returnedBy(callable), inside, depth, true));
    return found.calls.length > 0 ? found : unknown;
  }

  #ofName(name: TS.Identifier, bindings: Bindings, depth: number): ErrorValue {
    if (name.text === 'undefined') return none;
    if (this.#isClickHouseError(name)) return errorOf(failureOf(name));
    const declaration = this.names.declarationOf(name);
    if (!declaration) return unknown;
    if (ts.isBindingElement(declaration)) return this.#ofBinding(declaration, bindings, depth);
    if (ts.isParameter(declaration)) return this.#ofParameter(declaration, bindings, depth);
    if (!ts.isVariableDeclaration(declaration)) return unknown;
    if (ts.isCatchClause(declaration.parent)) return this.#ofCaught(declaration.parent, bindings);
    const assigned = ts.isIdentifier(declaration.name) ? assignmentsTo(declaration.name, this.names) : [];
    const values = [...(declaration.initializer ? [declaration.initializer] : []), ...assigned];
    return values.length > 0 ? this.#any(values, bindings, depth) : unknown;
  }

  #ofCaught({ parent }: TS.CatchClause, bindings: Bindings): ErrorValue {
    return errorOf(this.code.inBlock(parent.tryBlock, bindings));
  }

  /** `const { message } = error`, `catch ({ message })`, `({ error }) => …`, `const [error] = await to(promise)`. */
  #ofBinding(element: TS.BindingElement, bindings: Bindings, depth: number): ErrorValue {
    const pattern = element.parent;
    const owner = pattern.parent;
    const name = staticName(element.propertyName ?? element.name);
    const whole = ts.isBindingElement(owner) ? this.#ofBinding(owner, bindings, depth) : this.#ofDeclared(owner, bindings, depth);
    if (ts.isArrayBindingPattern(pattern)) return this.#ofPair(element, owner);
    if (name === undefined) return unknown;
    const initializer = initializerOf(owner);
    const settled = name === 'reason' && initializer ? settledPromises(initializer, this.names) : undefined;
    if (settled) return errorOf(joinFailures(settled.map((one) => this.code.ofPromise(one, bindings))));
    const ping = name === 'error' && initializer ? pingOf(initializer, this.names, this.calls) : undefined;
    if (ping) return errorOf(failureOf(ping));
    if (textMembers.test(name)) return asText(whole);
    return errorMembers.test(name) ? whole : unknown;
  }

  #ofDeclared(owner: TS.VariableDeclaration | TS.ParameterDeclaration, bindings: Bindings, depth: number): ErrorValue {
    if (ts.isParameter(owner)) return this.#ofParameter(owner, bindings, depth);
    if (ts.isCatchClause(owner.parent)) return this.#ofCaught(owner.parent, bindings);
    return owner.initializer ? this.of(owner.initializer, bindings, depth) : unknown;
  }

  /** `const [error, rows] = await to(client.query(…))` */
  #ofPair(element: TS.BindingElement, owner: TS.Node): ErrorValue {
    const call = ts.isVariableDeclaration(owner) && owner.initializer ? unwrap(owner.initializer) : undefined;
    if (!call || !ts.isCallExpression(call) || !/^_?(?:e|err|\w*[eE]rror|failure)$/.test(element.name.getText())) return unknown;
    const [promise] = call.arguments;
    return promise && !/^Promise\b/.test(call.expression.getText()) ? errorOf(this.code.ofPromise(promise)) : unknown;
  }

  #ofParameter(parameter: TS.ParameterDeclaration, bindings: Bindings, depth: number): ErrorValue {
    const bound = bindings.get(parameter);
    if (bound) return bound.value ? this.of(bound.value, bound.bindings, depth) : none;
    const callable = parameter.parent;
    if (!isFunction(callable)) return unknown;
    const index = callable.parameters.indexOf(parameter);
    const found = this.#callbacks.of(callable, index).map(errorOf);
    for (const use of this.names.usesOf(callable)) {
      const argument = callOfName(use)?.arguments[index];
      if (argument) found.push(this.of(argument, noBindings, depth));
    }
    const list = index === 0 ? elementOf(callable) : undefined;
    if (list) found.push(this.of(list, bindings, depth));
    if (index === 0 && isFilterOf(callable)) found.push(errorOf(failureOf(parameter)));
    if (found.length === 0) return unknown;
    const own = join(found);
    // The search for other callers takes time, and matters only for an error of ClickHouse.
    const joined = own.calls.length > 0 && this.#hasOtherCallers(callable) ? join([own, unknown]) : own;
    return { ...joined, parameters: [...joined.parameters, parameter] };
  }

  /** Whether code that was not read may call the function. */
  #hasOtherCallers(callable: TS.FunctionLikeDeclaration): boolean {
    const name = declaredName(callable);
    return name !== undefined && this.unread.isUsedElsewhere(callable.getSourceFile().fileName, name.text);
  }

  #isClickHouseError(value: TS.Expression): boolean {
    const type = this.names.checker.getTypeAtLocation(value);
    const parts = type.isUnionOrIntersection() ? type.types : [type];
    return parts.some((part) => {
      const symbol = part.getSymbol();
      return symbol?.name === 'ClickHouseError' && symbol.declarations?.some(isStubbed) === true;
    });
  }
}

function asText(value: ErrorValue): ErrorValue {
  return { ...value, isText: true };
}

function join(values: readonly ErrorValue[]): ErrorValue {
  return {
    ...joinFailures(values),
    isText: values.some(({ isText }) => isText),
    parameters: values.flatMap(({ parameters }) => parameters),
  };
}
