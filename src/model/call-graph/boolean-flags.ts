import type { ts as TS } from 'ts-morph';
import { undefinedValue, type AbstractEnv, type AbstractValue, propertyOfKnown, unknown } from './abstract-value.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A boolean parameter, or a boolean option of an object that is one. */
interface BooleanFlag {
  readonly declaration: TS.ParameterDeclaration | TS.BindingElement;
  /** Undefined for the parameter itself. */
  readonly option: string | undefined;
  readonly possibleValues: readonly AbstractValue[];
}

/** More possibleValues than this of all switches together are not told apart. */
const maxCombinations = 9;

const on: AbstractValue = { kind: 'literal', value: true };
const off: AbstractValue = { kind: 'literal', value: false };

/** The boolean parameters of functions. A value that is not known is one of few, and each of them is looked at on its own. */
export class BooleanFlags {
  readonly #known = new Map<TS.ParameterDeclaration, readonly BooleanFlag[]>();

  constructor(private readonly checker: TS.TypeChecker) {}

  possibleValues(parameters: readonly TS.ParameterDeclaration[], bindings: AbstractEnv): AbstractEnv[] {
    let all: AbstractEnv[] = [bindings];
    for (const parameter of parameters)
      for (const { declaration, option, possibleValues } of this.#of(parameter)) {
        const value = bindings.get(declaration) ?? unknown;
        const isOpen = (option === undefined ? value : propertyOfKnown(value, option)).kind === 'unknown';
        if (!isOpen || all.length * possibleValues.length > maxCombinations) continue;
        all = all.flatMap((one) =>
          possibleValues.map(
            (position) =>
              new Map([...one, [declaration, option === undefined ? position : withOption(one.get(declaration), option, position)]]),
          ),
        );
      }
    return all;
  }

  #of(parameter: TS.ParameterDeclaration): readonly BooleanFlag[] {
    const known =
      this.#known.get(parameter) ?? (parameter.dotDotDotToken ? [] : this.#find(parameter, this.checker.getTypeAtLocation(parameter)));
    this.#known.set(parameter, known);
    return known;
  }

  #find(declaration: TS.ParameterDeclaration | TS.BindingElement, type: TS.Type): BooleanFlag[] {
    const { name } = declaration;
    if (ts.isObjectBindingPattern(name))
      return name.elements
        .filter(({ dotDotDotToken }) => !dotDotDotToken)
        .flatMap((element) => this.#find(element, this.checker.getTypeAtLocation(element)));
    if (!ts.isIdentifier(name)) return [];
    const value = this.checker.getNonNullableType(type);
    if (isBoolean(value))
      return [{ declaration, option: undefined, possibleValues: positionsOf(value !== type && !declaration.initializer) }];
    if (ts.isBindingElement(declaration) || !(value.flags & ts.TypeFlags.Object) || value.getCallSignatures().length > 0) return [];
    return value.getProperties().flatMap((property) => {
      const own = this.checker.getTypeOfSymbol(property);
      const given = this.checker.getNonNullableType(own);
      return isBoolean(given) ? [{ declaration, option: property.name, possibleValues: positionsOf(own !== given) }] : [];
    });
  }
}

function isBoolean(type: TS.Type): boolean {
  return (type.flags & ts.TypeFlags.Boolean) !== 0;
}

function positionsOf(isOptional: boolean): readonly AbstractValue[] {
  return isOptional ? [on, off, undefinedValue] : [on, off];
}

function withOption(value: AbstractValue | undefined, option: string, position: AbstractValue): AbstractValue {
  const known = value?.kind === 'object' ? value : { properties: new Map<string, AbstractValue>(), isExact: false };
  return { kind: 'object', properties: new Map([...known.properties, [option, position]]), isExact: known.isExact };
}
