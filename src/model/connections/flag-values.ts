import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import type { Bypass } from './accessors.js';

/** Limit for the values of one flag. A type that lists more is data. */
const maxValues = 8;

/**
 * Returns each value of each flag: of a parameter, or of an option of a parameter, whose type lists its values. These are booleans, unions of
 * strings and enums. The search for accessors asks which of them ends a call cycle.
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

function valuesOf(type: TS.Type, checker: TS.TypeChecker): Pick<Bypass, 'value' | 'valueText'>[] {
  if (type.flags & ts.TypeFlags.BooleanLike) return [{ value: true }, { value: false }];
  const members = type.isUnion() ? type.types : [type];
  if (members.length > maxValues) return [];
  const values = members.map((member) => {
    if (!member.isStringLiteral() && !member.isNumberLiteral()) return undefined;
    const isEnum = (member.flags & ts.TypeFlags.EnumLiteral) !== 0;
    if (!isEnum) return member.isStringLiteral() ? { value: member.value } : undefined;
    return { value: member.value, valueText: checker.typeToString(member) };
  });
  return values.every((value) => value !== undefined) ? values : [];
}
