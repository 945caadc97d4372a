import type { ts as TS } from 'ts-morph';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { TypeInfo } from './type-info.js';

/** A parameter or a property of its argument: `options.create` is `create` of `options`. */
export interface ParameterPart {
  /** The declaration of the parameter. */
  readonly parameter: TS.ParameterDeclaration;
  /** Name of the property; empty for the parameter itself. */
  readonly member: string;
}

/** Returns the parameter part that an expression names, of the callable around it or of an outer one. */
export function partAt(expression: TS.Expression, typeInfo: TypeInfo): ParameterPart | undefined {
  const node = unwrap(expression);
  if (ts.isIdentifier(node)) return partOfDeclaration(typeInfo.symbolAt(node)?.valueDeclaration, typeInfo);
  const access = memberAccess(node);
  if (access?.name === undefined) return undefined;
  const owner = partAt(access.object, typeInfo);
  return owner && { parameter: owner.parameter, member: owner.member || access.name };
}

/** Whether both are the same part of the same parameter. */
export function isSamePart(one: ParameterPart | undefined, other: ParameterPart | undefined): boolean {
  return one !== undefined && one.parameter === other?.parameter && one.member === other.member;
}

function partOfDeclaration(declaration: TS.Node | undefined, typeInfo: TypeInfo): ParameterPart | undefined {
  if (!declaration) return undefined;
  if (ts.isParameter(declaration)) return { parameter: declaration, member: '' };
  if (!ts.isBindingElement(declaration)) return undefined;
  const owner = declaration.parent.parent;
  const from = ts.isVariableDeclaration(owner)
    ? owner.initializer && partAt(owner.initializer, typeInfo)
    : partOfDeclaration(owner, typeInfo);
  return from && { parameter: from.parameter, member: from.member || memberOf(declaration) };
}

/** Returns the name of the property that a binding element reads: its position in an array. */
function memberOf(element: TS.BindingElement): string {
  const pattern = element.parent;
  return ts.isArrayBindingPattern(pattern)
    ? String(pattern.elements.indexOf(element))
    : (staticName(element.propertyName ?? element.name) ?? '');
}
