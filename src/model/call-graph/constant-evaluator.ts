import type { ts as TS } from 'ts-morph';
import { applyAssignment, type ParameterAssignment, assignmentsOf } from './parameter-assignments.js';
import {
  undefinedValue,
  type AbstractEnv,
  join,
  isPresent,
  type AbstractValue,
  propertyValue,
  truthy,
  toBoolean,
  unknown,
} from './abstract-value.js';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Evaluates expressions without running the program. `CallGraph` evaluates arguments by it, and `visitReachable` conditions. */
export class ConstantEvaluator {
  readonly #assignments = new Map<TS.Declaration, readonly ParameterAssignment[]>();
  /** Declarations under evaluation: a constant may be declared by means of itself. */
  readonly #inProgress = new Set<TS.Node>();

  /** `constructsClient`: whether the call constructs a client. A client is truthy. */
  constructor(
    private readonly checker: TS.TypeChecker,
    private readonly constructsClient: (call: TS.Node) => boolean = () => false,
  ) {}

  /** Returns the value of an expression under the bindings. */
  evaluate(expression: TS.Expression, bindings: AbstractEnv): AbstractValue {
    const node = unwrap(expression);
    if (ts.isStringLiteralLike(node)) return { kind: 'literal', value: node.text };
    if (ts.isNumericLiteral(node)) return { kind: 'literal', value: Number(node.text) };
    if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: 'literal', value: true };
    if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: 'literal', value: false };
    if (node.kind === ts.SyntaxKind.NullKeyword) return { kind: 'literal', value: null };
    if (ts.isVoidExpression(node)) return undefinedValue;
    if (ts.isIdentifier(node)) return this.#name(node, bindings);
    if (ts.isObjectLiteralExpression(node)) return this.#object(node, bindings);
    if (ts.isPrefixUnaryExpression(node)) return this.#not(node, bindings);
    if (ts.isConditionalExpression(node)) return this.#choice(node, bindings);
    if (ts.isBinaryExpression(node)) return this.#binary(node, bindings);
    if (ts.isCallExpression(node)) return this.#call(node, bindings);
    if (
      ts.isNewExpression(node) ||
      ts.isArrowFunction(node) ||
      ts.isFunctionExpression(node) ||
      ts.isClassExpression(node) ||
      ts.isArrayLiteralExpression(node)
    )
      return truthy;
    return this.#member(node, bindings);
  }

  /** Returns the value or, if it is unknown and the expression has an object type, `truthy`. Used for operands of `||`, `&&` and `??`. */
  orByType(expression: TS.Expression, value: AbstractValue): AbstractValue {
    if (value.kind !== 'unknown') return value;
    return this.checker.getTypeAtLocation(expression).flags & ts.TypeFlags.Object ? truthy : unknown;
  }

  /** Returns the values of a list of arguments; undefined if a spread has an unknown length. */
  evaluateArguments(expressions: readonly TS.Expression[], bindings: AbstractEnv): AbstractValue[] | undefined {
    const values: AbstractValue[] = [];
    for (const expression of expressions) {
      if (!ts.isSpreadElement(expression)) values.push(this.evaluate(expression, bindings));
      else {
        const spread = this.evaluate(expression.expression, bindings);
        if (spread.kind !== 'object' || !spread.isExact) return undefined;
        values.push(...spread.properties.values());
      }
    }
    return values;
  }

  /** The array that a rest parameter receives: its properties are the indexes. */
  #restParameter(args: readonly AbstractValue[]): AbstractValue {
    return { kind: 'object', properties: new Map(args.map((value, index) => [String(index), value])), isExact: true };
  }

  /** Returns the values of parameters, and of the names that are destructured from them, for a call with these arguments. */
  bindParameters(
    parameters: readonly TS.ParameterDeclaration[],
    args: readonly AbstractValue[] | undefined,
    outer: AbstractEnv,
  ): Map<TS.Node, AbstractValue> {
    const bindings = new Map<TS.Node, AbstractValue>();
    parameters.forEach((parameter, index) => {
      const value =
        args === undefined ? unknown : parameter.dotDotDotToken ? this.#restParameter(args.slice(index)) : (args[index] ?? undefinedValue);
      this.#bind(parameter, parameter.name, value, parameter.initializer, bindings, outer);
    });
    return bindings;
  }

  #bind(
    declaration: TS.Node,
    name: TS.BindingName,
    passed: AbstractValue,
    defaultValue: TS.Expression | undefined,
    bindings: Map<TS.Node, AbstractValue>,
    outer: AbstractEnv,
  ): void {
    const isMissing = passed.kind === 'literal' && passed.value === undefined;
    const value = isMissing && defaultValue ? this.evaluate(defaultValue, new Map([...outer, ...bindings])) : passed;
    bindings.set(declaration, value);
    if (!ts.isObjectBindingPattern(name)) return;
    for (const element of name.elements) {
      const key = staticName(element.propertyName ?? element.name);
      const part = element.dotDotDotToken ? value : key === undefined ? unknown : propertyValue(value, key);
      this.#bind(element, element.name, part, element.initializer, bindings, outer);
    }
  }

  #name(node: TS.Identifier, bindings: AbstractEnv): AbstractValue {
    if (node.text === 'undefined') return undefinedValue;
    const symbol = this.checker.getSymbolAtLocation(node);
    return this.#declared(symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol, bindings);
  }

  #declared(symbol: TS.Symbol | undefined, bindings: AbstractEnv): AbstractValue {
    const declaration = symbol?.valueDeclaration;
    if (!declaration) return unknown;
    if (this.#inProgress.has(declaration)) return bindings.get(declaration) ?? unknown;
    this.#inProgress.add(declaration);
    try {
      const bound = bindings.get(declaration);
      if (bound) return this.#afterAssignments(bound, declaration, bindings);
      if (ts.isFunctionDeclaration(declaration) || ts.isClassDeclaration(declaration)) return truthy;
      // `const { bypass } = options` in the body means the same as destructuring in the parameter list.
      if (ts.isBindingElement(declaration)) return this.#element(declaration, bindings);
      const isConstant = ts.isVariableDeclaration(declaration) && (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
      return isConstant && declaration.initializer ? this.evaluate(declaration.initializer, bindings) : unknown;
    } finally {
      this.#inProgress.delete(declaration);
    }
  }

  /** What holds of a parameter before and after each assignment in the body. */
  #afterAssignments(bound: AbstractValue, declaration: TS.Declaration, bindings: AbstractEnv): AbstractValue {
    const assignments = this.#assignments.get(declaration) ?? assignmentsOf(declaration);
    this.#assignments.set(declaration, assignments);
    return assignments.reduce(
      (value, assignment) =>
        applyAssignment(value, assignment, () => this.evaluate(assignment.to, new Map([...bindings, [declaration, bound]]))),
      bound,
    );
  }

  #element(element: TS.BindingElement, bindings: AbstractEnv): AbstractValue {
    const owner = element.parent.parent;
    const key = staticName(element.propertyName ?? element.name);
    if (!ts.isVariableDeclaration(owner) || !owner.initializer || key === undefined || !ts.isObjectBindingPattern(element.parent))
      return unknown;
    const value = propertyValue(this.evaluate(owner.initializer, bindings), key);
    const isMissing = value.kind === 'literal' && value.value === undefined;
    return isMissing && element.initializer ? this.evaluate(element.initializer, bindings) : value;
  }

  #object(node: TS.ObjectLiteralExpression, bindings: AbstractEnv): AbstractValue {
    const properties = new Map<string, AbstractValue>();
    let isExact = true;
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = this.evaluate(property.expression, bindings);
        if (spread.kind === 'object') for (const [name, value] of spread.properties) properties.set(name, value);
        const mayHoldMore = spread.kind === 'unknown' || (spread.kind === 'object' && !spread.isExact);
        // Unknown properties of the spread may overwrite the properties before it.
        if (mayHoldMore)
          for (const name of properties.keys()) if (spread.kind !== 'object' || !spread.properties.has(name)) properties.set(name, unknown);
        if (mayHoldMore) isExact = false;
        continue;
      }
      const name = staticName(property.name);
      if (name === undefined) isExact = false;
      else if (ts.isPropertyAssignment(property)) properties.set(name, this.evaluate(property.initializer, bindings));
      else if (ts.isShorthandPropertyAssignment(property)) properties.set(name, this.#shorthand(property, bindings));
      else properties.set(name, unknown);
    }
    return { kind: 'object', properties, isExact };
  }

  #shorthand(property: TS.ShorthandPropertyAssignment, bindings: AbstractEnv): AbstractValue {
    const symbol = this.checker.getShorthandAssignmentValueSymbol(property);
    return this.#declared(symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol, bindings);
  }

  #not(node: TS.PrefixUnaryExpression, bindings: AbstractEnv): AbstractValue {
    const truth = node.operator === ts.SyntaxKind.ExclamationToken ? toBoolean(this.evaluate(node.operand, bindings)) : undefined;
    return truth === undefined ? unknown : { kind: 'literal', value: !truth };
  }

  #choice(node: TS.ConditionalExpression, bindings: AbstractEnv): AbstractValue {
    const truth = toBoolean(this.evaluate(node.condition, bindings));
    const arm = (chosen: TS.Expression) => this.orByType(chosen, this.evaluate(chosen, bindings));
    return truth === undefined ? join(arm(node.whenTrue), arm(node.whenFalse)) : arm(truth ? node.whenTrue : node.whenFalse);
  }

  #binary(node: TS.BinaryExpression, bindings: AbstractEnv): AbstractValue {
    const left = this.evaluate(node.left, bindings);
    const right = () => this.orByType(node.right, this.evaluate(node.right, bindings));
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.AmpersandAmpersandToken:
        if (toBoolean(left) === undefined) return toBoolean(right()) === false ? { kind: 'literal', value: false } : unknown;
        return toBoolean(left) ? right() : left;
      case ts.SyntaxKind.BarBarToken:
        if (toBoolean(left) === undefined) return toBoolean(right()) === true ? { kind: 'literal', value: true } : unknown;
        return toBoolean(left) ? left : right();
      case ts.SyntaxKind.QuestionQuestionToken:
        if (left.kind === 'unknown') return unknown;
        return isPresent(left) ? left : right();
      case ts.SyntaxKind.EqualsEqualsEqualsToken:
      case ts.SyntaxKind.EqualsEqualsToken:
        return equality(left, right(), false);
      case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      case ts.SyntaxKind.ExclamationEqualsToken:
        return equality(left, right(), true);
      default:
        return unknown;
    }
  }

  #call(node: TS.CallExpression, bindings: AbstractEnv): AbstractValue {
    if (this.constructsClient(node)) return truthy;
    const [argument] = node.arguments;
    const truth =
      ts.isIdentifier(node.expression) && node.expression.text === 'Boolean' && argument
        ? toBoolean(this.evaluate(argument, bindings))
        : undefined;
    return truth === undefined ? unknown : { kind: 'literal', value: truth };
  }

  #member(node: TS.Expression, bindings: AbstractEnv): AbstractValue {
    const access = memberAccess(node);
    if (access?.name === undefined) return unknown;
    const member = this.checker.getSymbolAtLocation(access.key)?.valueDeclaration;
    const constant = member && ts.isEnumMember(member) ? this.checker.getConstantValue(member) : undefined;
    if (constant !== undefined) return { kind: 'literal', value: constant };
    return propertyValue(this.evaluate(access.object, bindings), access.name);
  }
}

function equality(left: AbstractValue, right: AbstractValue, isNegated: boolean): AbstractValue {
  if (left.kind !== 'literal' || right.kind !== 'literal') return unknown;
  return { kind: 'literal', value: (left.value === right.value) !== isNegated };
}
