import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type DecidedCode, decidedBy, wholeValue } from './decided-branches.js';
import { isEmptyValue } from './empty-values.js';
import { inlineHandler, isQuietCall, isQuietCode } from './error-handlers.js';
import { throwsIn } from './failing-calls.js';
import { referencesTo } from './references.js';
import { statementsAfter } from './statements-after.js';

/** Number of functions that may answer with the answer of another one. */
const maxLevels = 3;

/** The parts of the program that an answer is followed by. */
export interface AnswerSearch {
  readonly checker: TS.TypeChecker;
  /** Returns the calls of a function. */
  readonly callersOf: (callable: TS.Node) => readonly TS.CallExpression[];
}

/** Whether all code that receives `null` or `undefined` from a `catch` on a promise acts on it. `promise`: the promise without the `catch`. */
export function isAbsenceActedOn(answer: TS.CallExpression, promise: TS.Expression, search: AnswerSearch): boolean {
  return new AnswerReaders(search, mayBeAbsent(promise, search.checker)).act(answer, 0);
}

/** The same for a `try` in a function whose `catch` answers nothing. */
export function isAbsentResultActedOn(node: TS.TryStatement, search: AnswerSearch): boolean {
  const callable = ts.findAncestor(node, isFunction);
  const values = answersIn(node.tryBlock);
  const endsThere = node.catchClause !== undefined && (answersNothing(node.catchClause) || statementsAfter(node).length === 0);
  if (!callable || values.length === 0 || !endsThere) return false;
  const isAmbiguous = values.some((value) => mayBeAbsent(value, search.checker));
  return new AnswerReaders(search, isAmbiguous).callersAct(callable, 0);
}

class AnswerReaders {
  /** `isAmbiguous`: without a failure the value may be absent too. Then only an error says that something failed. */
  constructor(
    private readonly search: AnswerSearch,
    private readonly isAmbiguous: boolean,
  ) {}

  callersAct(callable: TS.Node, level: number): boolean {
    if (level >= maxLevels) return false;
    const callers = this.search.callersOf(callable);
    return callers.length > 0 && callers.every((call) => this.act(call, level + 1));
  }

  /** Whether the code that has an answer, or its promise, acts on its absence. */
  act(answer: TS.Expression, level: number): boolean {
    const value = wholeValue(answer) as TS.Expression;
    const { parent } = value;
    if (ts.isVariableDeclaration(parent) && parent.initializer === value)
      return ts.isIdentifier(parent.name) && this.#variableActs(parent.name, level);
    if (ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.right === value) {
      const declaration = this.search.checker.getSymbolAtLocation(parent.left)?.valueDeclaration;
      return (
        declaration !== undefined &&
        ts.isVariableDeclaration(declaration) &&
        ts.isIdentifier(declaration.name) &&
        this.#variableActs(declaration.name, level)
      );
    }
    if (ts.isArrayLiteralExpression(parent)) return this.#elementActs(parent, parent.elements.indexOf(value), level);
    return this.#useActs(value, level);
  }

  #variableActs(name: TS.Identifier, level: number): boolean {
    return referencesTo(name, this.search.checker).some((reference) => this.#useActs(reference, level));
  }

  /** `const [a, b] = await Promise.all([…])` */
  #elementActs(list: TS.ArrayLiteralExpression, index: number, level: number): boolean {
    const call = list.parent;
    if (!ts.isCallExpression(call) || call.expression.getText() !== 'Promise.all') return false;
    const { parent } = wholeValue(call);
    if (!ts.isVariableDeclaration(parent) || !ts.isArrayBindingPattern(parent.name)) return false;
    const element = parent.name.elements[index];
    return (
      element !== undefined && ts.isBindingElement(element) && ts.isIdentifier(element.name) && this.#variableActs(element.name, level)
    );
  }

  #useActs(use: TS.Expression, level: number): boolean {
    const code = decidedBy(use, 'absent');
    if (code !== undefined) return this.#isAction(code);
    let value = wholeValue(use);
    while (isOptionalMember(value.parent, value)) value = wholeValue(value.parent);
    const { parent } = value;
    if (ts.isBinaryExpression(parent) && parent.left === value && isChoice(parent)) return this.#isAction(parent.right);
    const callable = ts.findAncestor(parent, isFunction);
    if (callable && (ts.isReturnStatement(parent) || callable.body === value)) return this.callersAct(callable, level);
    if (ts.isCallExpression(parent) && parent.arguments[0] === value) return isAssertion(parent, this.search.checker);
    const member = memberAccess(parent);
    if (member?.object !== value || !ts.isCallExpression(parent.parent)) return false;
    const [next] = parent.parent.arguments;
    if (member.name === 'finally') return this.act(parent.parent, level);
    const received = member.name === 'then' ? inlineHandler(next)?.parameters[0]?.name : undefined;
    return received !== undefined && ts.isIdentifier(received) && this.#variableActs(received, level);
  }

  #isAction(code: DecidedCode): boolean {
    if (code === 'another round') return true;
    const nodes: readonly TS.Node[] = 'kind' in code ? [code] : code;
    if (this.isAmbiguous) return nodes.some((node) => ts.isThrowStatement(node) || throwsIn(node));
    return 'kind' in code ? isActingValue(code) : !code.every((node) => isQuietCode(node, this.search.checker));
  }
}

/** Whether an expression does something, or says that something failed. A part of a page does if it names a failure. */
function isActingValue(node: TS.Expression): boolean {
  const value = unwrap(node);
  if (ts.isJsxElement(value) || ts.isJsxSelfClosingElement(value) || ts.isJsxFragment(value))
    return /error|fail|unavailable|offline|problem|wrong|retry|alert/i.test(value.getText());
  return !isEmptyValue(value) && !isQuietCall(value);
}

function isChoice({ operatorToken }: TS.BinaryExpression): boolean {
  return operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken || operatorToken.kind === ts.SyntaxKind.BarBarToken;
}

function isOptionalMember(node: TS.Node, inner: TS.Node): boolean {
  return (
    (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) || ts.isCallExpression(node)) &&
    node.expression === inner &&
    ts.isOptionalChain(node)
  );
}

/** `assert(rows)`, and functions whose type says that they throw. */
function isAssertion(call: TS.CallExpression, checker: TS.TypeChecker): boolean {
  if (/(?:^|\.)(?:assert(?:\.ok)?|invariant)$/.test(call.expression.getText())) return true;
  const signature = checker.getResolvedSignature(call);
  const kind = signature && checker.getTypePredicateOfSignature(signature)?.kind;
  return kind === ts.TypePredicateKind.AssertsIdentifier;
}

/** Whether the value may be `null` or `undefined` without a failure: by its type, or by what the called function answers. */
function mayBeAbsent(node: TS.Expression, checker: TS.TypeChecker): boolean {
  const type = checker.getTypeAtLocation(node);
  const awaited = checker.getAwaitedType(type) ?? type;
  if (awaited.isUnion() && awaited.types.some(({ flags }) => (flags & (ts.TypeFlags.Null | ts.TypeFlags.Undefined)) !== 0)) return true;
  const value = unwrap(node);
  if (!ts.isCallExpression(value)) return isMaybeAbsent(value);
  const declaration = checker.getResolvedSignature(value)?.declaration;
  if (!declaration || !isFunction(declaration) || !declaration.body) return isMaybeAbsent(value);
  return ts.isBlock(declaration.body) ? answersIn(declaration.body).some(isMaybeAbsent) : isMaybeAbsent(declaration.body);
}

/** `rows[0]`, `row ?? null`, `rows.at(0)`: results have no types of rows. */
function isMaybeAbsent(node: TS.Expression): boolean {
  const value = unwrap(node);
  if (value.kind === ts.SyntaxKind.NullKeyword || value.getText() === 'undefined' || ts.isElementAccessExpression(value)) return true;
  if (ts.isBinaryExpression(value) && isChoice(value)) return isMaybeAbsent(value.right);
  if (ts.isConditionalExpression(value)) return isMaybeAbsent(value.whenTrue) || isMaybeAbsent(value.whenFalse);
  return ts.isCallExpression(value) && /^(?:at|find|pop|shift)$/.test(memberAccess(value.expression)?.name ?? '');
}

/** The values with which a node answers. */
function answersIn(node: TS.Node): TS.Expression[] {
  const found: TS.Expression[] = [];
  const visit = (child: TS.Node): void => {
    if (isFunction(child)) return;
    if (ts.isReturnStatement(child) && child.expression) found.push(child.expression);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return found;
}

function answersNothing({ block }: TS.CatchClause): boolean {
  const last = block.statements.at(-1);
  return last !== undefined && ts.isReturnStatement(last);
}
