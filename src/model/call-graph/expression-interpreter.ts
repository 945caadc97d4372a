import type { ts as TS } from 'ts-morph';
import { type AbstractState, copyState, joinStates, replaceObject } from './abstract-state.js';
import {
  type AbstractEnv,
  type AbstractValue,
  isNullish,
  isUnknown,
  join,
  literal,
  propertyValue,
  toBoolean,
  truthy,
  undefinedValue,
  unknown,
  withProperty,
  withUnknownWrite,
} from './abstract-value.js';
import { builtinResult } from './builtin-functions.js';
import { binaryResult, notResult, typeofText } from './operators.js';
import { isAssignment, type WriteIndex } from './variable-writes.js';
import { type Callable, isFunction, isStatic, memberAccess, staticName, unwrap, isWrapped } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Facts of the program around the function that the interpreter runs. */
export interface ProgramFacts {
  readonly checker: TS.TypeChecker;
  readonly writes: WriteIndex;
  /** Returns the callables that a call can run. */
  targetsAt(call: TS.Node): readonly Callable[];
  /** Whether a call constructs a client. */
  constructsClient(call: TS.Node): boolean;
  /** Returns the value of a variable, field or import that the function did not declare itself. */
  declaredValue(declaration: TS.Declaration): AbstractValue;
  /** Returns the result of a function of the program; undefined if it is not interpreted. */
  resultOf(callable: Callable, args: readonly AbstractValue[], env: AbstractEnv): CallResult | undefined;
}

/** The result of a call, and the values of its arguments after it. */
export interface CallResult {
  readonly returned: AbstractValue;
  readonly args: readonly AbstractValue[];
}

/** Evaluates expressions on abstract values, in the order in which they run, with their effects on the state. */
export abstract class ExpressionInterpreter {
  protected state: AbstractState;
  /** The latest value of each expression. */
  protected readonly values = new Map<TS.Node, AbstractValue>();

  constructor(
    protected readonly program: ProgramFacts,
    env: AbstractEnv,
  ) {
    this.state = { env: new Map(env), doubt: undefined };
  }

  /** Called for each node that can run, after the nodes inside it. */
  protected abstract visit(node: TS.Node): void;

  /** Runs what a class declaration runs: static fields, static blocks and decorators. */
  protected abstract runClass(node: TS.ClassLikeDeclaration): void;

  /** Returns the value of an expression and applies its effects. */
  evaluate(node: TS.Node): AbstractValue {
    const value = this.#evaluate(node);
    this.values.set(node, value);
    this.visit(node);
    return value;
  }

  /** Returns the values of a list of arguments; undefined if a spread has an unknown length. */
  evaluateArguments(expressions: readonly TS.Expression[]): AbstractValue[] | undefined {
    const values: AbstractValue[] = [];
    for (const expression of expressions) {
      const spread = ts.isSpreadElement(expression) ? expression.expression : undefined;
      const value = this.values.get(spread ?? expression) ?? this.#evaluate(spread ?? expression);
      const length = spread && propertyValue(value, 'length');
      if (!length) values.push(value);
      else if (length.kind !== 'literal') return undefined;
      else for (let index = 0; index < Number(length.value); index++) values.push(propertyValue(value, String(index)));
    }
    return values;
  }

  /** Runs two alternatives on states of their own and joins what they leave. */
  protected branch<Result>(condition: TS.Expression, truth: boolean | undefined, then: () => Result, otherwise: () => Result): Result[] {
    if (truth !== undefined) return [truth ? then() : otherwise()];
    const value = this.values.get(condition);
    const doubt = this.state.doubt ?? (value?.kind === 'opaque' ? { kind: 'expression' as const, node: value.node } : undefined);
    const before = this.state;
    const after: AbstractState[] = [];
    const results = [then, otherwise].map((run, index) => {
      this.state = { ...copyState(before), doubt };
      this.assume(condition, index === 0);
      const result = run();
      after.push(this.state);
      return result;
    });
    this.state = { ...(joinStates(after) ?? before), doubt: before.doubt };
    return results;
  }

  /** Narrows what is known of variables by the outcome of a condition. */
  protected assume(condition: TS.Expression, outcome: boolean): void {
    const node = unwrap(condition);
    if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) return this.assume(node.operand, !outcome);
    if (!ts.isBinaryExpression(node)) return this.#assumeTruth(node, outcome);
    const { left, right } = node;
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.AmpersandAmpersandToken:
      case ts.SyntaxKind.BarBarToken:
        if (outcome === (node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken)) {
          this.assume(left, outcome);
          this.assume(right, outcome);
        }
        return;
      case ts.SyntaxKind.EqualsEqualsEqualsToken:
        if (outcome) this.#assumeValue(left, this.values.get(right));
        return;
      case ts.SyntaxKind.ExclamationEqualsEqualsToken:
        if (!outcome) this.#assumeValue(left, this.values.get(right));
        return;
      default:
    }
  }

  /** Narrows an expression to the label of a `case`. */
  protected assumeEqual(expression: TS.Expression, value: AbstractValue | undefined): void {
    this.#assumeValue(expression, value);
  }

  #assumeTruth(node: TS.Expression, outcome: boolean): void {
    const type = this.program.checker.getTypeAtLocation(node);
    const nonNullable = this.program.checker.getNonNullableType(type);
    if (nonNullable.flags & ts.TypeFlags.BooleanLike) {
      if (outcome) this.#assumeValue(node, literal(true));
      else if (type === nonNullable) this.#assumeValue(node, literal(false));
    } else if (outcome && nonNullable.flags & ts.TypeFlags.Object) this.#assumeValue(node, truthy);
    else if (!outcome && nonNullable.flags & ts.TypeFlags.Object && type !== nonNullable) this.#assumeValue(node, undefinedValue);
  }

  #assumeValue(node: TS.Expression, value: AbstractValue | undefined): void {
    const target = unwrap(node);
    if (value?.kind !== 'literal' && value?.kind !== 'object') return;
    if ((ts.isIdentifier(target) || memberAccess(target)) && this.values.get(target)?.kind === 'unknown') this.write(target, value);
  }

  #evaluate(node: TS.Node): AbstractValue {
    if (ts.isStringLiteralLike(node)) return literal(node.text);
    if (ts.isNumericLiteral(node)) return literal(Number(node.text));
    switch (node.kind) {
      case ts.SyntaxKind.TrueKeyword:
        return literal(true);
      case ts.SyntaxKind.FalseKeyword:
        return literal(false);
      case ts.SyntaxKind.NullKeyword:
        return literal(null);
      case ts.SyntaxKind.ThisKeyword:
        return truthy;
      default:
    }
    if (ts.isIdentifier(node)) return this.#identifier(node);
    if (isWrapped(node)) return this.evaluate(node.expression);
    if (ts.isVoidExpression(node)) return (this.evaluate(node.expression), undefinedValue);
    if (ts.isTypeOfExpression(node)) return this.#typeof(node);
    if (ts.isDeleteExpression(node)) return this.#delete(node);
    if (ts.isObjectLiteralExpression(node)) return this.#object(node);
    if (ts.isArrayLiteralExpression(node)) return this.#array(node);
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return this.#unary(node);
    if (ts.isConditionalExpression(node)) return this.#conditional(node);
    if (ts.isBinaryExpression(node)) return this.#binary(node);
    if (ts.isCallExpression(node) || ts.isNewExpression(node)) return this.#call(node);
    if (isFunction(node)) return { kind: 'closure', node, env: new Map(this.state.env) };
    if (ts.isClassLike(node)) return (this.runClass(node), truthy);
    if (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) return this.#member(node);
    return this.#other(node);
  }

  /** A kind of node that is not modelled: its parts run. */
  #other(node: TS.Node): AbstractValue {
    const parts: AbstractValue[] = [];
    ts.forEachChild(node, (child) => {
      if (!ts.isTypeNode(child)) parts.push(this.evaluate(child));
    });
    return this.#notModelled(node, parts);
  }

  /** The result of an operation that is not modelled. If its operands are unknown anyway, the result may be any value. */
  #notModelled(node: TS.Node, operands: readonly AbstractValue[]): AbstractValue {
    const opaque = operands.find(({ kind }) => kind === 'opaque');
    return opaque ?? (operands.some(isFlagLike) ? { kind: 'opaque', node } : unknown);
  }

  #identifier(node: TS.Identifier): AbstractValue {
    if (node.text === 'undefined') return undefinedValue;
    const { checker } = this.program;
    const isShorthand = ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node;
    const symbol = isShorthand ? checker.getShorthandAssignmentValueSymbol(node.parent) : checker.getSymbolAtLocation(node);
    const declaration = (symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
    return declaration ? this.#valueOf(declaration) : unknown;
  }

  #valueOf(declaration: TS.Declaration): AbstractValue {
    const value = this.state.env.get(declaration);
    if (!value) return this.program.declaredValue(declaration);
    return this.program.writes.isAssignedByInnerFunction(declaration) && !ts.isPropertyDeclaration(declaration) ? unknown : value;
  }

  #typeof(node: TS.TypeOfExpression): AbstractValue {
    const value = this.evaluate(node.expression);
    const isObjectType = value.kind === 'object' && (value.isExact || value.properties.size > 0);
    return typeofText(value) ?? (isObjectType ? literal('object') : this.#notModelled(node, [value]));
  }

  #delete(node: TS.DeleteExpression): AbstractValue {
    const access = memberAccess(unwrap(node.expression));
    this.evaluate(node.expression);
    if (access) this.#writeMember(access.object, this.#keyOf(access), undefined, node);
    return literal(true);
  }

  #object(node: TS.ObjectLiteralExpression): AbstractValue {
    let properties = new Map<string, AbstractValue>();
    let isExact = true;
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = this.evaluate(property.expression);
        // Unknown properties of the spread may overwrite the properties before it.
        const mayHoldMore = isUnknown(spread) || (spread.kind === 'object' && !spread.isExact);
        const rest: AbstractValue = spread.kind === 'opaque' ? spread : unknown;
        if (mayHoldMore) properties = new Map([...properties.keys()].map((name) => [name, rest]));
        if (spread.kind === 'object') for (const [name, value] of spread.properties) properties.set(name, value);
        if (mayHoldMore) isExact = false;
        continue;
      }
      const computed = ts.isComputedPropertyName(property.name) ? this.evaluate(property.name.expression) : undefined;
      const name = computed ? (computed.kind === 'literal' ? String(computed.value) : undefined) : staticName(property.name);
      const value = ts.isPropertyAssignment(property)
        ? this.evaluate(property.initializer)
        : ts.isShorthandPropertyAssignment(property)
          ? this.evaluate(property.name)
          : ts.isMethodDeclaration(property)
            ? this.evaluate(property)
            : unknown;
      if (name === undefined) {
        properties = new Map([...properties.keys()].map((key) => [key, unknown]));
        isExact = false;
      } else properties.set(name, value);
    }
    return { kind: 'object', properties, isExact };
  }

  /** Evaluates an element of a list. A spread runs the iterator of its value. */
  #element(element: TS.Expression): AbstractValue {
    if (!ts.isSpreadElement(element)) return this.evaluate(element);
    this.visit(element);
    return this.evaluate(element.expression);
  }

  #array(node: TS.ArrayLiteralExpression): AbstractValue {
    const hasSpread = node.elements.some(ts.isSpreadElement);
    const values = node.elements.map((element) => this.#element(element));
    if (hasSpread) return truthy;
    const properties = new Map<string, AbstractValue>(values.map((value, index) => [String(index), value]));
    return { kind: 'object', properties: properties.set('length', literal(values.length)), isExact: false };
  }

  #unary(node: TS.PrefixUnaryExpression | TS.PostfixUnaryExpression): AbstractValue {
    const value = this.evaluate(node.operand);
    if (node.operator === ts.SyntaxKind.ExclamationToken) return notResult(value);
    if (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken) {
      const step = node.operator === ts.SyntaxKind.PlusPlusToken ? 1 : -1;
      const after = value.kind === 'literal' && typeof value.value === 'number' ? literal(value.value + step) : unknown;
      this.write(node.operand, after);
      return ts.isPrefixUnaryExpression(node) ? after : value;
    }
    if (value.kind === 'literal' && typeof value.value === 'number' && node.operator === ts.SyntaxKind.MinusToken)
      return literal(-value.value);
    return this.#notModelled(node, [value]);
  }

  #conditional(node: TS.ConditionalExpression): AbstractValue {
    const condition = this.evaluate(node.condition);
    const arm = (chosen: TS.Expression) => () => this.#orByType(chosen, this.evaluate(chosen));
    const results = this.branch(node.condition, toBoolean(condition), arm(node.whenTrue), arm(node.whenFalse));
    return this.#joinResults(condition, results);
  }

  #joinResults(condition: AbstractValue, results: readonly AbstractValue[]): AbstractValue {
    const value = results.reduce(join);
    return value.kind === 'unknown' && results.length > 1 && condition.kind === 'opaque' ? condition : value;
  }

  /** The value or, if it is unknown and the expression has an object type, an object. */
  #orByType(expression: TS.Expression, value: AbstractValue): AbstractValue {
    if (!isUnknown(value)) return value;
    return this.program.checker.getTypeAtLocation(expression).flags & ts.TypeFlags.Object ? truthy : value;
  }

  #binary(node: TS.BinaryExpression): AbstractValue {
    const operator = node.operatorToken.kind;
    if (isAssignment(operator)) return this.#assignment(node);
    const left = this.#orByType(node.left, this.evaluate(node.left));
    const stops = stopsAt(operator, left);
    if (stops !== 'never') {
      const right = () => this.#orByType(node.right, this.evaluate(node.right));
      if (stops === true) return left;
      if (stops === false) return right();
      return this.#openLogical(node, left, right);
    }
    const right = this.#orByType(node.right, this.evaluate(node.right));
    if (operator === ts.SyntaxKind.CommaToken) return right;
    return binaryResult(operator, left, right) ?? this.#notModelled(node, [left, right].filter(isUnknown));
  }

  /** `a && b`, `a || b` and `a ?? b` if the left operand is not known. */
  #openLogical(node: TS.BinaryExpression, left: AbstractValue, right: () => AbstractValue): AbstractValue {
    const operator = node.operatorToken.kind;
    const doubt = left.kind === 'opaque' ? { kind: 'expression' as const, node: left.node } : undefined;
    const before = this.state;
    this.state = { ...copyState(before), doubt: before.doubt ?? doubt };
    if (operator !== ts.SyntaxKind.QuestionQuestionToken) this.assume(node.left, operator === ts.SyntaxKind.AmpersandAmpersandToken);
    const value = right();
    this.state = { ...(joinStates([before, this.state]) ?? before), doubt: before.doubt };
    const decided = operator === ts.SyntaxKind.BarBarToken;
    if (operator !== ts.SyntaxKind.QuestionQuestionToken && toBoolean(value) === decided) return decided ? value : literal(false);
    return this.#joinResults(left, [left, value]);
  }

  #assignment(node: TS.BinaryExpression): AbstractValue {
    const operator = node.operatorToken.kind;
    if (operator === ts.SyntaxKind.EqualsToken) {
      this.#evaluateTarget(node.left);
      const value = this.evaluate(node.right);
      this.write(node.left, value);
      return value;
    }
    const before = this.evaluate(node.left);
    const logical = logicalOperatorOf(operator);
    if (logical === undefined) {
      const value = this.#notModelled(node, [this.evaluate(node.right)].filter(isUnknown));
      this.write(node.left, value);
      return value;
    }
    const stops = stopsAt(logical, before);
    if (stops === true) return before;
    const state = copyState(this.state);
    const assigned = this.evaluate(node.right);
    const value = stops === false ? assigned : this.#joinResults(before, [before, assigned]);
    this.write(node.left, value);
    if (stops !== false) this.state = { ...this.state, doubt: state.doubt };
    return value;
  }

  /** Evaluates what an assignment evaluates of its target. */
  #evaluateTarget(target: TS.Expression): void {
    const access = memberAccess(unwrap(target));
    if (!access) return;
    this.evaluate(access.object);
    if (access.name === undefined && ts.isElementAccessExpression(access.key.parent)) this.evaluate(access.key);
    this.visit(target);
  }

  /** Assigns a value to a variable, a member or a pattern. */
  protected write(target: TS.Expression, value: AbstractValue): void {
    const node = unwrap(target);
    if (ts.isIdentifier(node)) {
      const declaration = this.program.checker.getSymbolAtLocation(node)?.valueDeclaration;
      if (declaration) this.state.env.set(declaration, value);
      return;
    }
    const access = memberAccess(node);
    if (access) return this.#writeMember(access.object, this.#keyOf(access), value, node);
    if (ts.isObjectLiteralExpression(node)) {
      for (const property of node.properties) {
        const name = property.name && staticName(property.name);
        const part = name === undefined ? unknown : propertyValue(value, name);
        if (ts.isPropertyAssignment(property)) this.write(property.initializer, part);
        else if (ts.isShorthandPropertyAssignment(property)) {
          const declaration = this.program.checker.getShorthandAssignmentValueSymbol(property)?.valueDeclaration;
          if (declaration) this.state.env.set(declaration, part);
        }
      }
    } else if (ts.isArrayLiteralExpression(node))
      for (const [index, element] of node.elements.entries())
        if (!ts.isOmittedExpression(element) && !ts.isSpreadElement(element)) this.write(element, propertyValue(value, String(index)));
  }

  #keyOf({ key, name }: { readonly key: TS.Node; readonly name: string | undefined }): string | undefined {
    if (name !== undefined) return name;
    const value = this.values.get(key);
    return value?.kind === 'literal' ? String(value.value) : undefined;
  }

  #writeMember(object: TS.Expression, name: string | undefined, value: AbstractValue | undefined, node: TS.Node): void {
    const owner = unwrap(object);
    if (owner.kind === ts.SyntaxKind.ThisKeyword) {
      const access = ts.isExpression(node) ? memberAccess(ts.isDeleteExpression(node) ? unwrap(node.expression) : node) : undefined;
      const declaration = access && this.program.checker.getSymbolAtLocation(access.key)?.valueDeclaration;
      if (declaration) this.state.env.set(declaration, value ?? undefinedValue);
      return;
    }
    const before = this.values.get(owner) ?? unknown;
    const after = name === undefined ? withUnknownWrite(before, node) : withProperty(before, name, value);
    this.replace(owner, before, after);
  }

  /** Notes that the object which an expression gave has changed. */
  protected replace(expression: TS.Expression, before: AbstractValue, after: AbstractValue): void {
    if (before.kind === 'object') replaceObject(this.state.env, before, after);
    const owner = unwrap(expression);
    const isPlace = ts.isIdentifier(owner) || memberAccess(owner) !== undefined;
    if (isPlace && before.kind !== 'literal' && before.kind !== 'closure') this.write(owner, after);
  }

  #call(node: TS.CallExpression | TS.NewExpression): AbstractValue {
    const callee = this.evaluate(node.expression);
    for (const argument of node.arguments ?? []) this.#element(argument);
    if (this.program.constructsClient(node) || ts.isNewExpression(node)) return (this.#forgetShared(node), truthy);
    if (isOptionalChain(node) && isNullish(callee) === true) return undefinedValue;
    const args = this.evaluateArguments([...node.arguments]);
    const builtin = args && builtinResult(node, args, this.values);
    if (builtin) {
      const [target] = node.arguments;
      if (builtin.changed && target && args[0]) this.replace(target, args[0], builtin.changed);
      return builtin.returned;
    }
    const bound = args && this.#boundFunction(node, args);
    if (bound) return bound;
    const targets = callee.kind === 'closure' ? [callee.node] : this.program.targetsAt(node);
    const results = args && targets.length <= 4 ? targets.map((target) => this.#interpretCall(node, target, callee, args)) : [undefined];
    this.#forgetShared(node);
    if (results.length === 0 || results.some((result) => result === undefined))
      return this.#notModelled(node, targets.length > 0 ? (args ?? []) : [...(args ?? []), this.#receiverOf(node)]);
    return results.map((result) => result ?? unknown).reduce(join);
  }

  #receiverOf(node: TS.CallExpression): AbstractValue {
    const access = memberAccess(unwrap(node.expression));
    return (access && this.values.get(access.object)) ?? unknown;
  }

  /** `f.bind(thisArg, …args)`: the function with its first arguments. */
  #boundFunction(node: TS.CallExpression, args: readonly AbstractValue[]): AbstractValue | undefined {
    const access = memberAccess(unwrap(node.expression));
    if (access?.name !== 'bind') return undefined;
    const value = this.values.get(access.object);
    return value?.kind === 'closure' ? { ...value, bound: [...(value.bound ?? []), ...args.slice(1)] } : undefined;
  }

  #interpretCall(
    node: TS.CallExpression,
    target: Callable,
    callee: AbstractValue,
    args: readonly AbstractValue[],
  ): AbstractValue | undefined {
    const env = callee.kind === 'closure' && callee.node === target ? new Map([...this.state.env, ...callee.env]) : this.state.env;
    const bound = callee.kind === 'closure' ? (callee.bound ?? []) : [];
    const result = this.program.resultOf(target, [...bound, ...args], env);
    if (!result) return undefined;
    for (const [index, argument] of node.arguments.entries()) {
      const [before, after] = [args[index], result.args[bound.length + index]];
      if (!ts.isSpreadElement(argument) && before?.kind === 'object' && after && after !== before) this.replace(argument, before, after);
    }
    return result.returned;
  }

  /** A call may assign fields, and variables outside of the function. */
  #forgetShared(node: TS.Node): void {
    if (this.program.targetsAt(node).length === 0) return;
    for (const declaration of this.state.env.keys())
      if (ts.isPropertyDeclaration(declaration) && !isReadonly(declaration)) this.state.env.delete(declaration);
      else if (ts.isVariableDeclaration(declaration) && this.program.writes.isAssignedByInnerFunction(declaration))
        this.state.env.delete(declaration);
  }

  #member(node: TS.PropertyAccessExpression | TS.ElementAccessExpression): AbstractValue {
    const object = this.evaluate(node.expression);
    if (ts.isElementAccessExpression(node)) this.evaluate(node.argumentExpression);
    const access = memberAccess(node);
    const name = access && this.#keyOf(access);
    if (!access || name === undefined) return this.#elementOf(node, object);
    const member = this.program.checker.getSymbolAtLocation(access.key)?.valueDeclaration;
    const constant = member && ts.isEnumMember(member) ? this.program.checker.getConstantValue(member) : undefined;
    if (constant !== undefined) return { kind: 'literal', value: constant, isEnum: true };
    const isOwn = unwrap(node.expression).kind === ts.SyntaxKind.ThisKeyword || (member && isStatic(member));
    if (member && isOwn && (ts.isPropertyDeclaration(member) || ts.isParameter(member))) return this.#valueOf(member);
    const value = propertyValue(object, name);
    return value.kind === 'unknown' && member && ts.isPropertyDeclaration(member) && isReadonly(member)
      ? this.program.declaredValue(member)
      : value;
  }

  /** An element by an unknown key: what holds of all. */
  #elementOf(node: TS.Node, object: AbstractValue): AbstractValue {
    return object.kind === 'object' && object.properties.size > 0 ? { kind: 'opaque', node } : propertyValue(object, '');
  }

  /** Binds a parameter, a variable or an element of a pattern to a value. */
  bind(
    declaration: TS.ParameterDeclaration | TS.VariableDeclaration | TS.BindingElement,
    passed: AbstractValue,
    defaultValue: TS.Expression | undefined,
  ): void {
    const isMissing = passed.kind === 'literal' && passed.value === undefined;
    const value = isMissing && defaultValue ? this.evaluate(defaultValue) : passed;
    // The default runs for some input.
    if (!isMissing && defaultValue && isUnknown(passed)) this.evaluate(defaultValue);
    this.state.env.set(declaration, value);
    this.bindPattern(declaration.name, value);
  }

  /** Binds the elements of a pattern to the parts of a value. */
  protected bindPattern(name: TS.BindingName, value: AbstractValue): void {
    if (ts.isIdentifier(name)) return;
    const taken: string[] = [];
    for (const [index, element] of name.elements.entries()) {
      if (ts.isOmittedExpression(element)) continue;
      const isArray = ts.isArrayBindingPattern(name);
      if (element.propertyName && ts.isComputedPropertyName(element.propertyName)) this.evaluate(element.propertyName.expression);
      const key = isArray ? String(index) : staticName(element.propertyName ?? element.name);
      if (key !== undefined) taken.push(key);
      const part = element.dotDotDotToken
        ? withoutKeys(value, isArray ? [] : taken)
        : key === undefined
          ? unknown
          : propertyValue(value, key);
      this.bind(element, element.dotDotDotToken && isArray ? unknown : part, element.initializer);
      this.visit(element);
    }
  }
}

/** The operator of `&&=`, `||=` and `??=`. */
function logicalOperatorOf(assignment: TS.SyntaxKind): TS.SyntaxKind | undefined {
  if (assignment === ts.SyntaxKind.AmpersandAmpersandEqualsToken) return ts.SyntaxKind.AmpersandAmpersandToken;
  if (assignment === ts.SyntaxKind.BarBarEqualsToken) return ts.SyntaxKind.BarBarToken;
  return assignment === ts.SyntaxKind.QuestionQuestionEqualsToken ? ts.SyntaxKind.QuestionQuestionToken : undefined;
}

/** Whether a logical operator stops at its left operand; undefined if that is not known, `never` if the operator is not logical. */
function stopsAt(operator: TS.SyntaxKind, left: AbstractValue): boolean | undefined | 'never' {
  const truth = toBoolean(left);
  if (operator === ts.SyntaxKind.AmpersandAmpersandToken) return truth === undefined ? undefined : !truth;
  if (operator === ts.SyntaxKind.BarBarToken) return truth;
  if (operator !== ts.SyntaxKind.QuestionQuestionToken) return 'never';
  const isMissing = isNullish(left);
  return isMissing === undefined ? undefined : !isMissing;
}

function withoutKeys(value: AbstractValue, keys: readonly string[]): AbstractValue {
  return keys.reduce((rest, key) => (isUnknown(rest) && rest.kind === 'opaque' ? rest : withProperty(rest, key, undefined)), value);
}

/** Whether the value tells the direction of a flag: a boolean, or an object with one. */
function isFlagLike(value: AbstractValue): boolean {
  if (value.kind === 'literal') return typeof value.value === 'boolean';
  return value.kind === 'object' && [...value.properties.values()].some(isFlagLike);
}

function isReadonly(node: TS.PropertyDeclaration): boolean {
  return (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Readonly) !== 0;
}

function isOptionalChain(node: TS.Node): boolean {
  return ts.isOptionalChain(node);
}
