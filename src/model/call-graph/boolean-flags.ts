import type { ts as TS } from 'ts-morph';
import {
  undefinedValue,
  type AbstractEnv,
  type AbstractValue,
  propertyValue,
  unknown,
  withProperty,
} from '../interpreter/abstract-value.js';
import { namesReadIn } from './flag-reads.js';
import type { Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A boolean parameter, or a boolean option of a parameter. */
interface BooleanFlag {
  readonly declaration: TS.ParameterDeclaration | TS.BindingElement;
  /** Name of the option; undefined for the parameter itself. */
  readonly option: string | undefined;
  readonly possibleValues: readonly AbstractValue[];
}

/** Limit for the combined values of all flags of a callable. A flag that would exceed it stays unknown. */
const maxCombinations = 100;

const trueValue: AbstractValue = { kind: 'literal', value: true };
const falseValue: AbstractValue = { kind: 'literal', value: false };

/**
 * Replaces values of boolean parameters that the caller may choose by each value that they can have. `CallGraph` analyses a callable once for
 * each. A value that was not understood stays as it is: then the interpreter doubts only the code that a condition on it decides.
 */
export class BooleanFlags {
  readonly #cached = new Map<TS.ParameterDeclaration, readonly BooleanFlag[]>();

  constructor(private readonly checker: TS.TypeChecker) {}

  /**
   * Returns the bindings once for each combination of values that unknown flags can have. Only flags that the callable reads count, first
   * those that its conditions read.
   */
  possibleValues(callable: Callable, parameters: readonly TS.ParameterDeclaration[], bindings: AbstractEnv): AbstractEnv[] {
    const { names, inConditions } = namesReadIn(callable);
    const isGuard = (flag: BooleanFlag) => inConditions.has(nameOf(flag) ?? '');
    const read = parameters.flatMap((parameter) => this.#of(parameter)).filter((flag) => names.has(nameOf(flag) ?? ''));
    let choices: AbstractEnv[] = [bindings];
    for (const { declaration, option, possibleValues } of [...read.filter(isGuard), ...read.filter((flag) => !isGuard(flag))]) {
      const value = bindings.get(declaration) ?? unknown;
      const flag = option === undefined ? value : propertyValue(value, option);
      if (flag.kind !== 'unknown' || choices.length * possibleValues.length > maxCombinations) continue;
      choices = choices.flatMap((choice) =>
        possibleValues.map(
          (chosen) =>
            new Map([...choice, [declaration, option === undefined ? chosen : withOption(choice.get(declaration), option, chosen)]]),
        ),
      );
    }
    return choices;
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
  return withProperty(value ?? unknown, option, flag);
}

/** The name by which the callable reads the flag. */
function nameOf({ declaration, option }: BooleanFlag): string | undefined {
  return option ?? (ts.isIdentifier(declaration.name) ? declaration.name.text : undefined);
}
