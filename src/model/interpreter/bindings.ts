import type { ts as TS } from 'ts-morph';
import { type AbstractValue, isUnknown, propertyValue, undefinedValue, unknown, withProperty } from './abstract-value.js';
import type { Interpretation } from './interpretation.js';
import { staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Binds parameters, and the names that are destructured from them, to the values of the arguments. Undefined: nothing is known of them. */
export function bindParameters(
  run: Interpretation,
  parameters: readonly TS.ParameterDeclaration[],
  args: readonly AbstractValue[] | undefined,
): void {
  for (const [index, parameter] of parameters.entries()) {
    const value = args === undefined ? unknown : parameter.dotDotDotToken ? restArray(args.slice(index)) : (args[index] ?? undefinedValue);
    bind(run, parameter, value, parameter.initializer);
  }
}

/** Declares variables. */
export function bindVariables(run: Interpretation, { declarations }: TS.VariableDeclarationList): void {
  for (const declaration of declarations) {
    const value = declaration.initializer ? run.evaluate(declaration.initializer) : undefinedValue;
    bind(run, declaration, value, undefined);
    run.visit(declaration);
  }
}

/** Binds a parameter, a variable or an element of a pattern to a value. */
export function bind(
  run: Interpretation,
  declaration: TS.ParameterDeclaration | TS.VariableDeclaration | TS.BindingElement,
  passed: AbstractValue,
  defaultValue: TS.Expression | undefined,
): void {
  const isMissing = passed.kind === 'literal' && passed.value === undefined;
  const value = isMissing && defaultValue ? run.evaluate(defaultValue) : passed;
  // The default runs for some input.
  if (!isMissing && defaultValue && isUnknown(passed)) run.evaluate(defaultValue);
  run.state.env.set(declaration, value);
  if (!ts.isIdentifier(declaration.name)) bindPattern(run, declaration.name, value);
}

/** Binds the elements of a pattern to the parts of a value. */
function bindPattern(run: Interpretation, pattern: TS.BindingPattern, value: AbstractValue): void {
  const taken: string[] = [];
  for (const [index, element] of pattern.elements.entries()) {
    if (ts.isOmittedExpression(element)) continue;
    const isArray = ts.isArrayBindingPattern(pattern);
    if (element.propertyName && ts.isComputedPropertyName(element.propertyName)) run.evaluate(element.propertyName.expression);
    const key = isArray ? String(index) : staticName(element.propertyName ?? element.name);
    if (key !== undefined) taken.push(key);
    const part = element.dotDotDotToken
      ? withoutKeys(value, isArray ? [] : taken)
      : key === undefined
        ? unknown
        : propertyValue(value, key);
    bind(run, element, element.dotDotDotToken && isArray ? unknown : part, element.initializer);
    run.visit(element);
  }
}

function withoutKeys(value: AbstractValue, keys: readonly string[]): AbstractValue {
  return keys.reduce((rest, key) => (isUnknown(rest) && rest.kind === 'opaque' ? rest : withProperty(rest, key, undefined)), value);
}

/** The array that a rest parameter receives: its properties are the indexes. */
function restArray(args: readonly AbstractValue[]): AbstractValue {
  const properties = new Map<string, AbstractValue>(args.map((value, index) => [String(index), value]));
  return { kind: 'object', properties: properties.set('length', { kind: 'literal', value: args.length, isFlag: true }), isExact: false };
}
