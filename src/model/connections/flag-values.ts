import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import type { Bypass } from './accessors.js';

/** Limit for the values of one flag. A type that lists more is data. */
const maxValues = 8;

/** Limit for the optional properties of one parameter that may be flags. */
const maxOptions = 12;

/**
 * Returns each value of each flag: of a parameter, or of an option of a parameter, whose type lists its values. These are booleans, unions of
 * strings or numbers and enums. The search for accessors asks which of them ends a call cycle.
 */
export function flagValuesOf(callable: TS.FunctionLikeDeclaration, checker: TS.TypeChecker): Bypass[] {
  return callable.parameters.flatMap((parameter, index): Bypass[] => {
    const type = checker.getNonNullableType(checker.getTypeAtLocation(parameter));
    const own = valuesOf(type, checker);
    if (own.length > 0) {
      const { name } = parameter;
      return ts.isIdentifier(name) ? own.map((value) => ({ name: name.text, index, isOption: false, ...value })) : [];
    }
    const options = type.flags & ts.TypeFlags.Object ? type.getProperties() : [];
    return options.flatMap((option) =>
      valuesOf(checker.getNonNullableType(checker.getTypeOfSymbol(option)), checker).map((value) => ({
        name: option.name,
        index,
        isOption: true,
        ...value,
      })),
    );
  });
}

/** Returns the parameters and options that a call may leave out: `getClient(url?: string)` may ask the manager only if there is no URL. */
export function presenceFlagsOf(callable: TS.FunctionLikeDeclaration, checker: TS.TypeChecker): Bypass[] {
  return callable.parameters.flatMap((parameter, index): Bypass[] => {
    const type = checker.getTypeAtLocation(parameter);
    const own: Bypass[] =
      ts.isIdentifier(parameter.name) && (parameter.questionToken || parameter.initializer)
        ? [{ name: parameter.name.text, index, isOption: false, value: true }]
        : [];
    const options = type.flags & ts.TypeFlags.Object ? checker.getNonNullableType(type).getProperties() : [];
    const isOptional = ({ flags }: TS.Symbol) => (flags & ts.SymbolFlags.Optional) !== 0;
    return [
      ...own,
      ...options
        .filter(isOptional)
        .slice(0, maxOptions)
        .map(({ name }) => ({ name, index, isOption: true, value: true })),
    ];
  });
}

function valuesOf(type: TS.Type, checker: TS.TypeChecker): Pick<Bypass, 'value' | 'valueText'>[] {
  if (type.flags & ts.TypeFlags.BooleanLike) return [{ value: true }, { value: false }];
  const members = type.isUnion() ? type.types : [type];
  if (members.length > maxValues) return [];
  const values = members.map((member) => {
    if (!member.isStringLiteral() && !member.isNumberLiteral()) return undefined;
    const isEnum = (member.flags & ts.TypeFlags.EnumLiteral) !== 0;
    return isEnum ? { value: member.value, valueText: checker.typeToString(member) } : { value: member.value };
  });
  return values.every((value) => value !== undefined) ? values : [];
}
