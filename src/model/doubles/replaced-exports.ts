import type { ts as TS } from 'ts-morph';
import { importedSpecifier } from '../typescript/import-calls.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { declarationOf, returnsOf } from './declarations.js';

/** The exports that a replacement of a module has. */
export interface ReplacedExports {
  /** The exports that it names, with their values. The members of a default export count as exports too. */
  readonly values: ReadonlyMap<string, TS.Expression | TS.MethodDeclaration | TS.AccessorDeclaration>;
  /** Whether it includes exports that it does not name: those of the original, or of another module. */
  readonly hasOthers: boolean;
}

/** Returns the exports that a replacement of a module names: an object, or a function that returns one. Undefined if the text does not tell. */
export function replacedExports(replacement: TS.Expression, depth = 0): ReplacedExports | undefined {
  if (depth > 8) return undefined;
  const node = unwrap(replacement);
  const inner = (next: TS.Expression) => replacedExports(next, depth + 1);
  if (ts.isObjectLiteralExpression(node)) return exportsOfObject(node);
  if (isFunction(node)) return merged(returnsOf(node).map(inner));
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node.text, node);
    if (!declaration) return undefined;
    if (ts.isVariableDeclaration(declaration)) return declaration.initializer && inner(declaration.initializer);
    return ts.isFunctionDeclaration(declaration) ? merged(returnsOf(declaration).map(inner)) : undefined;
  }
  if (!ts.isCallExpression(node) || importedSpecifier(node)) return undefined;
  const member = memberAccess(unwrap(node.expression));
  const [first] = node.arguments;
  if (member?.name === 'assign') return joined(node.arguments.map(inner));
  if (member && /^(?:fn|hoisted|resolve|freeze)$/.test(member.name ?? '')) return first && inner(first);
  // A call of a local function.
  return member ? undefined : inner(node.expression);
}

function exportsOfObject({ properties }: TS.ObjectLiteralExpression): ReplacedExports {
  const values = new Map<string, TS.Expression | TS.MethodDeclaration | TS.AccessorDeclaration>();
  let hasOthers = false;
  for (const property of properties) {
    const name = staticName(property.name);
    if (name === undefined) hasOthers = true;
    else if (ts.isPropertyAssignment(property)) {
      const value = unwrap(property.initializer);
      if (name === 'default' && ts.isObjectLiteralExpression(value)) {
        const nested = exportsOfObject(value);
        for (const [each, own] of nested.values) if (!values.has(each)) values.set(each, own);
      }
      values.set(name, property.initializer);
    } else if (ts.isShorthandPropertyAssignment(property)) values.set(name, property.name);
    else if (!ts.isSpreadAssignment(property)) values.set(name, property);
  }
  return { values, hasOthers };
}

/** The alternatives of a function with several returns: a name counts if one has it. */
function merged(parts: readonly (ReplacedExports | undefined)[]): ReplacedExports | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (known.length === 0) return parts.length === 0 ? { values: new Map(), hasOthers: false } : undefined;
  return {
    values: new Map(known.flatMap(({ values }) => [...values])),
    hasOthers: known.length < parts.length || known.some(({ hasOthers }) => hasOthers),
  };
}

/** The parts of one object. A part that is not known may be the original. */
function joined(parts: readonly (ReplacedExports | undefined)[]): ReplacedExports {
  return merged(parts) ?? { values: new Map(), hasOthers: true };
}
