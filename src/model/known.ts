import type { ts as TS } from 'ts-morph';
import { memberAccess, staticName, unwrap } from './syntax.js';
import { ts } from './typescript.js';

/** What we know of a value without running the program. */
export type Known =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'literal'; readonly value: string | number | boolean | null | undefined }
  /** `isWhole`: a property that is not listed is not there. */
  | { readonly kind: 'object'; readonly properties: ReadonlyMap<string, Known>; readonly isWhole: boolean };

export const unknown: Known = { kind: 'unknown' };
export const absent: Known = { kind: 'literal', value: undefined };

/** What is known of parameters and what was taken out of them, by declaration. */
export type Bindings = ReadonlyMap<TS.Node, Known>;

export function truthOf(known: Known): boolean | undefined {
  if (known.kind === 'unknown') return undefined;
  return known.kind === 'object' || Boolean(known.value);
}

export function propertyOfKnown(known: Known, name: string): Known {
  if (known.kind === 'object') return known.properties.get(name) ?? (known.isWhole ? absent : unknown);
  return known.kind === 'literal' && (known.value === undefined || known.value === null) ? absent : unknown;
}

export class Evaluator {
  constructor(private readonly checker: TS.TypeChecker) {}

  /** The value of an expression where the bindings hold. */
  evaluate(expression: TS.Expression, bindings: Bindings): Known {
    const node = unwrap(expression);
    if (ts.isStringLiteralLike(node)) return { kind: 'literal', value: node.text };
    if (ts.isNumericLiteral(node)) return { kind: 'literal', value: Number(node.text) };
    if (node.kind === ts.SyntaxKind.TrueKeyword) return { kind: 'literal', value: true };
    if (node.kind === ts.SyntaxKind.FalseKeyword) return { kind: 'literal', value: false };
    if (node.kind === ts.SyntaxKind.NullKeyword) return { kind: 'literal', value: null };
    if (ts.isVoidExpression(node)) return absent;
    if (ts.isIdentifier(node)) return this.#name(node, bindings);
    if (ts.isObjectLiteralExpression(node)) return this.#object(node, bindings);
    if (ts.isPrefixUnaryExpression(node)) return this.#not(node, bindings);
    if (ts.isConditionalExpression(node)) return this.#choice(node, bindings);
    if (ts.isBinaryExpression(node)) return this.#binary(node, bindings);
    if (ts.isCallExpression(node)) return this.#call(node, bindings);
    return this.#member(node, bindings);
  }

  /** Binds what a call gives to what the callee takes: defaults and destructuring included. */
  bindParameters(parameters: readonly TS.ParameterDeclaration[], given: readonly Known[] | undefined, outer: Bindings): Map<TS.Node, Known> {
    const bindings = new Map<TS.Node, Known>();
    parameters.forEach((parameter, index) => {
      const value = given === undefined || parameter.dotDotDotToken ? unknown : (given[index] ?? absent);
      this.#bind(parameter, parameter.name, value, parameter.initializer, bindings, outer);
    });
    return bindings;
  }

  #bind(declaration: TS.Node, name: TS.BindingName, given: Known, fallback: TS.Expression | undefined, bindings: Map<TS.Node, Known>, outer: Bindings): void {
    const isMissing = given.kind === 'literal' && given.value === undefined;
    const value = isMissing && fallback ? this.evaluate(fallback, new Map([...outer, ...bindings])) : given;
    bindings.set(declaration, value);
    if (!ts.isObjectBindingPattern(name)) return;
    for (const element of name.elements) {
      const key = staticName(element.propertyName ?? element.name);
      const part = element.dotDotDotToken ? value : key === undefined ? unknown : propertyOfKnown(value, key);
      this.#bind(element, element.name, part, element.initializer, bindings, outer);
    }
  }

  #name(node: TS.Identifier, bindings: Bindings): Known {
    if (node.text === 'undefined') return absent;
    const declaration = this.checker.getSymbolAtLocation(node)?.valueDeclaration;
    if (!declaration) return unknown;
    const bound = bindings.get(declaration);
    if (bound) return bound;
    const isConstant = ts.isVariableDeclaration(declaration) && (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
    if (isConstant && declaration.initializer && declaration.getSourceFile() === node.getSourceFile()) return this.evaluate(declaration.initializer, bindings);
    // `const { bypass } = options` in the body says the same as destructuring in the parameter list.
    if (ts.isBindingElement(declaration)) return this.#element(declaration, bindings);
    return unknown;
  }

  #element(element: TS.BindingElement, bindings: Bindings): Known {
    const owner = element.parent.parent;
    const key = staticName(element.propertyName ?? element.name);
    if (!ts.isVariableDeclaration(owner) || !owner.initializer || key === undefined || !ts.isObjectBindingPattern(element.parent)) return unknown;
    const value = propertyOfKnown(this.evaluate(owner.initializer, bindings), key);
    const isMissing = value.kind === 'literal' && value.value === undefined;
    return isMissing && element.initializer ? this.evaluate(element.initializer, bindings) : value;
  }

  #object(node: TS.ObjectLiteralExpression, bindings: Bindings): Known {
    const properties = new Map<string, Known>();
    let isWhole = true;
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = this.evaluate(property.expression, bindings);
        if (spread.kind === 'object') for (const [name, value] of spread.properties) properties.set(name, value);
        const mayHoldMore = spread.kind === 'unknown' || (spread.kind === 'object' && !spread.isWhole);
        // Whatever else the spread holds may overwrite what stands before it.
        if (mayHoldMore) for (const name of properties.keys()) if (spread.kind !== 'object' || !spread.properties.has(name)) properties.set(name, unknown);
        if (mayHoldMore) isWhole = false;
        continue;
      }
      const name = staticName(property.name);
      if (name === undefined) isWhole = false;
      else if (ts.isPropertyAssignment(property)) properties.set(name, this.evaluate(property.initializer, bindings));
      else if (ts.isShorthandPropertyAssignment(property)) properties.set(name, this.#shorthand(property, bindings));
      else properties.set(name, unknown);
    }
    return { kind: 'object', properties, isWhole };
  }

  #shorthand(property: TS.ShorthandPropertyAssignment, bindings: Bindings): Known {
    const declaration = this.checker.getShorthandAssignmentValueSymbol(property)?.valueDeclaration;
    return (declaration && bindings.get(declaration)) ?? unknown;
  }

  #not(node: TS.PrefixUnaryExpression, bindings: Bindings): Known {
    const truth = node.operator === ts.SyntaxKind.ExclamationToken ? truthOf(this.evaluate(node.operand, bindings)) : undefined;
    return truth === undefined ? unknown : { kind: 'literal', value: !truth };
  }

  #choice(node: TS.ConditionalExpression, bindings: Bindings): Known {
    const truth = truthOf(this.evaluate(node.condition, bindings));
    return truth === undefined ? unknown : this.evaluate(truth ? node.whenTrue : node.whenFalse, bindings);
  }

  #binary(node: TS.BinaryExpression, bindings: Bindings): Known {
    const left = this.evaluate(node.left, bindings);
    const right = () => this.evaluate(node.right, bindings);
    switch (node.operatorToken.kind) {
      case ts.SyntaxKind.AmpersandAmpersandToken:
        if (truthOf(left) === undefined) return truthOf(right()) === false ? { kind: 'literal', value: false } : unknown;
        return truthOf(left) ? right() : left;
      case ts.SyntaxKind.BarBarToken:
        if (truthOf(left) === undefined) return truthOf(right()) === true ? { kind: 'literal', value: true } : unknown;
        return truthOf(left) ? left : right();
      case ts.SyntaxKind.QuestionQuestionToken:
        if (left.kind === 'unknown') return unknown;
        return left.kind === 'literal' && (left.value === undefined || left.value === null) ? right() : left;
      case ts.SyntaxKind.EqualsEqualsEqualsToken:
      case ts.SyntaxKind.EqualsEqualsToken:
        return sameness(left, right(), false);
      case ts.SyntaxKind.ExclamationEqualsEqualsToken:
      case ts.SyntaxKind.ExclamationEqualsToken:
        return sameness(left, right(), true);
      default:
        return unknown;
    }
  }

  #call(node: TS.CallExpression, bindings: Bindings): Known {
    const [argument] = node.arguments;
    const truth = ts.isIdentifier(node.expression) && node.expression.text === 'Boolean' && argument ? truthOf(this.evaluate(argument, bindings)) : undefined;
    return truth === undefined ? unknown : { kind: 'literal', value: truth };
  }

  #member(node: TS.Expression, bindings: Bindings): Known {
    const access = memberAccess(node);
    if (access?.name === undefined) return unknown;
    const constant = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? this.checker.getConstantValue(node) : undefined;
    if (constant !== undefined) return { kind: 'literal', value: constant };
    return propertyOfKnown(this.evaluate(access.object, bindings), access.name);
  }
}

function sameness(left: Known, right: Known, isNegated: boolean): Known {
  if (left.kind !== 'literal' || right.kind !== 'literal') return unknown;
  return { kind: 'literal', value: (left.value === right.value) !== isNegated };
}
