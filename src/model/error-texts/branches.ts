import type { ts as TS } from 'ts-morph';
import { referencesTo } from '../statements/references.js';
import { isFunction, isWrapped, memberAccess } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { maxDepth } from './error-value.js';
import { callOfName, type Names, optionName, valueOfName } from './names.js';
import { isLog, onlyLogs } from './logging.js';
import { choosesReshaped, onlyReshapes } from './reshaped-texts.js';

/** Methods that act by the answer of the function that they are given. */
const predicates = /^(?:filter|find|findLast|findIndex|findLastIndex|partition)$/;
/** Methods whose answer is that of the function that they are given. */
const passing = /^(?:some|every)$/;
/** Options whose function decides what happens after a failure. */
const deciding = /retr|bail|should|transient|give_?up|recover|when|predicate|ignore|reconnect|fatal/i;

/** Tells whether a value decides what code does. Created by `findErrorTextMatches`. */
export class Branches {
  readonly #open = new Set<TS.Node>();
  /** Whether the answer of a function decides, and a part that it cuts out of a text. */
  readonly #answers = new Map<TS.Node, boolean>();
  readonly #extracts = new Map<TS.Node, boolean>();

  constructor(private readonly names: Names) {}

  /**
   * Whether the value chooses among statements or values. `isExtract`: it is a part that was cut out of a text, or may be one: then only a
   * comparison of it decides, not whether it is there.
   */
  isDecided(node: TS.Node, isExtract = false, depth = 0): boolean {
    if (depth > maxDepth || this.#open.has(node)) return false;
    this.#open.add(node);
    const found = this.#decides(node, isExtract, depth);
    this.#open.delete(node);
    return found;
  }

  #decides(value: TS.Node, isExtract: boolean, depth: number): boolean {
    const { parent } = value;
    const up = (extract = isExtract): boolean => this.isDecided(parent, extract, depth);
    if (isWrapped(parent) || ts.isPrefixUnaryExpression(parent)) return up();
    if (ts.isIfStatement(parent)) return parent.expression === value && !isExtract && !onlyLogs(parent) && !onlyReshapes(parent);
    if (ts.isWhileStatement(parent) || ts.isDoStatement(parent) || ts.isForStatement(parent))
      return !isExtract && isCondition(parent, value);
    if (ts.isConditionalExpression(parent)) {
      if (parent.condition === value) return !isExtract && !choosesReshaped(parent) && !this.#isLogged(parent, depth);
      return this.#isConstant(parent) ? up() : false;
    }
    if (ts.isSwitchStatement(parent)) return true;
    if (ts.isCaseClause(parent)) return parent.expression === value;
    if (ts.isBinaryExpression(parent)) return this.#decidesIn(parent, value, isExtract, depth);
    if (ts.isCallExpression(parent)) return this.#decidesInCall(parent, value, isExtract, depth);
    if (ts.isElementAccessExpression(parent)) return parent.argumentExpression === value || up(true);
    // `match?.[1]`, `match.groups.code`, `texts.length`
    if (ts.isPropertyAccessExpression(parent)) return parent.expression === value && up(isExtract || parent.name.text === 'groups');
    if (ts.isVariableDeclaration(parent)) return this.#variableDecides(parent, isExtract, depth);
    if (ts.isReturnStatement(parent)) return this.#resultDecides(parent, isExtract, depth);
    if (ts.isArrowFunction(parent)) return parent.body === value && this.#functionDecides(parent, isExtract, depth);
    return ts.isPropertyAssignment(parent) && parent.initializer === value && this.#propertyDecides(parent, isExtract);
  }

  #decidesIn(parent: TS.BinaryExpression, value: TS.Node, isExtract: boolean, depth: number): boolean {
    const { left, operatorToken, right } = parent;
    switch (operatorToken.kind) {
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.BarBarToken:
        if (this.isDecided(parent, isExtract, depth)) return true;
        // `isGone && retry()`
        return !isExtract && left === value && ts.isExpressionStatement(parent.parent) && !isLog(right);
      case ts.SyntaxKind.QuestionQuestionToken:
        return this.isDecided(parent, isExtract, depth);
      case ts.SyntaxKind.EqualsToken:
        return right === value && this.#assignedDecides(left, isExtract, depth);
      case ts.SyntaxKind.EqualsEqualsToken:
      case ts.SyntaxKind.EqualsEqualsEqualsToken:
      case ts.SyntaxKind.ExclamationEqualsToken:
      case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      case ts.SyntaxKind.GreaterThanToken:
      case ts.SyntaxKind.GreaterThanEqualsToken:
      case ts.SyntaxKind.LessThanToken:
      case ts.SyntaxKind.LessThanEqualsToken: {
        const isPresence = isAbsent(left) || isAbsent(right);
        return this.isDecided(parent, isExtract && isPresence, depth);
      }
      default:
        return false;
    }
  }

  #decidesInCall(call: TS.CallExpression, value: TS.Node, isExtract: boolean, depth: number): boolean {
    const member = memberAccess(call.expression);
    // A method of the answer: `match.slice(1)`.
    if (call.expression === value) return ts.isPropertyAccessExpression(value) && this.isDecided(call, true, depth);
    const name = member?.name ?? call.expression.getText();
    if (name === 'Boolean' || /^(?:Number|parseInt|String|BigInt)$/.test(name)) return this.isDecided(call, isExtract, depth);
    // `codes.has(match[1])`, `table.get(code)`
    if (member && /^(?:has|includes|get|indexOf)$/.test(name)) return name === 'get' || this.isDecided(call, false, depth);
    return !isExtract && !isLog(call) && this.#argumentDecides(call, value, depth);
  }

  /** `onEnd(message.includes('…'))`: the function decides by its parameter, or the parameter of a callback says so by its name. */
  #argumentDecides(call: TS.CallExpression, value: TS.Node, depth: number): boolean {
    const index = (call.arguments as readonly TS.Node[]).indexOf(value);
    const { checker } = this.names;
    const parameter = this.names.calledBy(call)?.parameters[index];
    if (parameter)
      return ts.isIdentifier(parameter.name) && referencesTo(parameter.name, checker).some((one) => this.isDecided(one, false, depth + 1));
    return deciding.test(checker.getResolvedSignature(call)?.parameters[index]?.name ?? '');
  }

  #variableDecides(declaration: TS.VariableDeclaration, isExtract: boolean, depth: number): boolean {
    const { name } = declaration;
    if (ts.isIdentifier(name)) return referencesTo(name, this.names.checker).some((one) => this.isDecided(one, isExtract, depth + 1));
    // `const [, code] = message.match(…)`
    return name.elements.some(
      (element) =>
        ts.isBindingElement(element) &&
        ts.isIdentifier(element.name) &&
        referencesTo(element.name, this.names.checker).some((one) => this.isDecided(one, true, depth + 1)),
    );
  }

  #assignedDecides(target: TS.Expression, isExtract: boolean, depth: number): boolean {
    const declaration = ts.isIdentifier(target) ? this.names.declarationOf(target) : undefined;
    if (!declaration || !ts.isVariableDeclaration(declaration) || this.#open.has(declaration)) return false;
    this.#open.add(declaration);
    const found = this.#variableDecides(declaration, isExtract, depth);
    this.#open.delete(declaration);
    return found;
  }

  #resultDecides(statement: TS.ReturnStatement, isExtract: boolean, depth: number): boolean {
    const callable = ts.findAncestor(statement, isFunction);
    return callable !== undefined && this.#functionDecides(callable, isExtract, depth);
  }

  /** Whether the answer of a function decides: where it is called, or as a predicate. */
  #functionDecides(callable: TS.FunctionLikeDeclaration, isExtract: boolean, depth: number): boolean {
    const answers = isExtract ? this.#extracts : this.#answers;
    const known = answers.get(callable);
    if (known !== undefined) return known;
    if (depth > maxDepth || this.#open.has(callable)) return false;
    this.#open.add(callable);
    const places: TS.Node[] = [callable, ...this.names.usesOf(callable).map(valueOfName)];
    const found =
      places.some((place) => this.#isPredicate(place, isExtract, depth + 1)) ||
      this.names.usesOf(callable).some((use) => {
        const call = callOfName(use);
        return call !== undefined && this.isDecided(call, isExtract, depth + 1);
      });
    this.#open.delete(callable);
    answers.set(callable, found);
    return found;
  }

  #isPredicate(place: TS.Node, isExtract: boolean, depth: number): boolean {
    const option = optionName(place);
    if (option !== undefined) return deciding.test(option);
    const call = place.parent;
    if (!ts.isCallExpression(call) || call.expression === place) return false;
    const member = memberAccess(call.expression);
    const name = member?.name ?? call.expression.getText();
    if (predicates.test(name)) return true;
    if (passing.test(name)) return this.isDecided(call, isExtract, depth);
    const index = (call.arguments as readonly TS.Node[]).indexOf(place);
    const parameter = this.names.calledBy(call)?.parameters[index]?.name.getText();
    return deciding.test(parameter ?? name);
  }

  /** `{ retryable: … }`: the value decides if a property of this name is a condition. */
  #propertyDecides(property: TS.PropertyAssignment, isExtract: boolean): boolean {
    if (isExtract || !ts.isIdentifier(property.name) || isLogged(property)) return false;
    return this.names.mentions(property.name.text).some((mention) => {
      const { parent } = mention;
      if (!ts.isPropertyAccessExpression(parent) || parent.name !== mention) return false;
      let value: TS.Node = parent;
      while (isWrapped(value.parent) || ts.isPrefixUnaryExpression(value.parent) || isAndOr(value.parent)) value = value.parent;
      return (ts.isIfStatement(value.parent) || ts.isConditionalExpression(value.parent)) && isCondition(value.parent, value);
    });
  }

  /** Whether only a log gets what a conditional expression chooses. */
  #isLogged(value: TS.Expression, depth: number): boolean {
    const { parent } = value;
    if (isWrapped(parent) || ts.isTemplateSpan(parent) || ts.isTemplateExpression(parent))
      return this.#isLogged(parent as TS.Expression, depth);
    if (isLogged(value)) return true;
    if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name) || depth > maxDepth) return false;
    const references = referencesTo(parent.name, this.names.checker);
    return references.length > 0 && references.every((reference) => isLogged(reference));
  }

  /** `isGone ? true : false` */
  #isConstant({ whenTrue, whenFalse }: TS.ConditionalExpression): boolean {
    const kinds = [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword];
    return kinds.includes(whenTrue.kind) || kinds.includes(whenFalse.kind);
  }
}

/** Whether the value is a part of what a log gets, or chooses its level. */
function isLogged(node: TS.Node): boolean {
  const call = ts.findAncestor(node, (parent) => ts.isCallExpression(parent) || ts.isStatement(parent));
  return call !== undefined && ts.isCallExpression(call) && isLog(call);
}

function isCondition(
  parent: TS.IfStatement | TS.ConditionalExpression | TS.WhileStatement | TS.DoStatement | TS.ForStatement,
  value: TS.Node,
): boolean {
  return (ts.isConditionalExpression(parent) || ts.isForStatement(parent) ? parent.condition : parent.expression) === value;
}

function isAndOr(node: TS.Node): boolean {
  if (!ts.isBinaryExpression(node)) return false;
  const { kind } = node.operatorToken;
  return kind === ts.SyntaxKind.AmpersandAmpersandToken || kind === ts.SyntaxKind.BarBarToken;
}

/** Whether a value stands for what was not found: `null`, `undefined`, and the index -1. */
function isAbsent(node: TS.Expression): boolean {
  return node.kind === ts.SyntaxKind.NullKeyword || /^(?:undefined|-1|0)$/.test(node.getText());
}
