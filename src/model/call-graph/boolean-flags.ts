import type { ts as TS } from 'ts-morph';
import { undefinedValue, type AbstractEnv, type AbstractValue, propertyValue, unknown } from './abstract-value.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A boolean parameter, or a boolean option of a parameter. */
interface BooleanFlag {
  readonly declaration: TS.ParameterDeclaration | TS.BindingElement;
  /** Name of the option; undefined for the parameter itself. */
  readonly option: string | undefined;
  readonly possibleValues: readonly AbstractValue[];
}

/** Limit for the combined values of all flags of a callable. A flag that would exceed it stays unknown. */
const maxCombinations = 9;

const trueValue: AbstractValue = { kind: 'literal', value: true };
const falseValue: AbstractValue = { kind: 'literal', value: false };

/** Replaces unknown values of boolean parameters by each value that they can have. `CallGraph` analyses a callable once for each. */
export class BooleanFlags {
  readonly #cached = new Map<TS.ParameterDeclaration, readonly BooleanFlag[]>();

  constructor(private readonly checker: TS.TypeChecker) {}

  /** Returns the bindings once for each combination of values that unknown flags can have. */
  possibleValues(parameters: readonly TS.ParameterDeclaration[], bindings: AbstractEnv): AbstractEnv[] {
    let combinations: AbstractEnv[] = [bindings];
    for (const parameter of parameters)
      for (const { declaration, option, possibleValues } of this.#of(parameter)) {
        const value = bindings.get(declaration) ?? unknown;
        const isUnknown = (option === undefined ? value : propertyValue(value, option)).kind === 'unknown';
        if (!isUnknown || combinations.length * possibleValues.length > maxCombinations) continue;
        combinations = combinations.flatMap((env) =>
          possibleValues.map(
            (flag) => new Map([...env, [declaration, option === undefined ? flag : withOption(env.get(declaration), option, flag)]]),
          ),
        );
      }
    return combinations;
  }

  #of(parameter: TS.ParameterDeclaration): readonly BooleanFlag[] {
    const flags =
      this.#cached.get(parameter) ?? (parameter.dotDotDotToken ? [] : this.#find(parameter, this.checker.getTypeAtLocation(parameter)));
    this.#cached.set(parameter, flags);
    return flags;
  }

  #find(declaration: TS.ParameterDeclaration | TS.BindingElement, type: TS.Type): BooleanFlag[] {
    const { name } = declaration;
    if (ts.isObjectBindingPattern(name))
      return name.elements
        .filter(({ dotDotDotToken }) => !dotDotDotToken)
        .flatMap((element) => this.#find(element, this.checker.getTypeAtLocation(element)));
    if (!ts.isIdentifier(name)) return [];
    const value = this.checker.getNonNullableType(type);
    if (isBoolean(value)) return [{ declaration, option: undefined, possibleValues: valuesOf(value !== type && !declaration.initializer) }];
    if (ts.isBindingElement(declaration) || !(value.flags & ts.TypeFlags.Object) || value.getCallSignatures().length > 0) return [];
    return value.getProperties().flatMap((property) => {
      const declared = this.checker.getTypeOfSymbol(property);
      const nonNullable = this.checker.getNonNullableType(declared);
      return isBoolean(nonNullable) ? [{ declaration, option: property.name, possibleValues: valuesOf(declared !== nonNullable) }] : [];
    });
  }
}

function isBoolean(type: TS.Type): boolean {
  return (type.flags & ts.TypeFlags.Boolean) !== 0;
}

function valuesOf(isOptional: boolean): readonly AbstractValue[] {
  return isOptional ? [trueValue, falseValue, undefinedValue] : [trueValue, falseValue];
}

function withOption(value: AbstractValue | undefined, option: string, flag: AbstractValue): AbstractValue {
  const { properties, isExact } = value?.kind === 'object' ? value : { properties: new Map<string, AbstractValue>(), isExact: false };
  return { kind: 'object', properties: new Map([...properties, [option, flag]]), isExact };
}
