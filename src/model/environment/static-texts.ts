import type { ts as TS } from 'ts-morph';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { importedMeaning, isImport, type Meaning, propertyOf } from './module-exports.js';
import type { SourceModules } from './source-modules.js';

/** Stands for a part of a text that the code does not show. */
export const unknownPart = '*';

/** Constants of constants are followed this far. */
const maxDepth = 6;

/**
 * Returns the texts that an expression can have, by literals, constants, enums and loops over lists of literals. A part that is not known
 * is `unknownPart`; an expression of which nothing is known has none.
 */
export function staticTexts(node: TS.Expression, modules: SourceModules, depth = 0): readonly string[] {
  const value = unwrap(node);
  if (depth > maxDepth) return [];
  const inner = (part: TS.Expression): readonly string[] => staticTexts(part, modules, depth + 1);
  const orUnknown = (part: TS.Expression): readonly string[] => {
    const texts = inner(part);
    return texts.length > 0 ? texts : [unknownPart];
  };
  if (ts.isStringLiteralLike(value)) return [value.text];
  if (ts.isTemplateExpression(value))
    return value.templateSpans.reduce<readonly string[]>(
      (heads, { expression, literal }) => joined(joined(heads, orUnknown(expression)), [literal.text]),
      [value.head.text],
    );
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const sides = [inner(value.left), inner(value.right)];
    return sides.every((texts) => texts.length === 0) ? [] : joined(orUnknown(value.left), orUnknown(value.right));
  }
  if (ts.isConditionalExpression(value)) return [...inner(value.whenTrue), ...inner(value.whenFalse)];
  if (ts.isIdentifier(value)) return textsOf(declarationOf(value.text, value), modules, depth);
  const member = memberAccess(value);
  return member?.name === undefined ? [] : memberTexts(member.object, member.name, modules, depth);
}

function joined(heads: readonly string[], tails: readonly string[]): readonly string[] {
  return heads.flatMap((head) => tails.map((tail) => head + tail));
}

function textsOf(meaning: Meaning | undefined, modules: SourceModules, depth: number): readonly string[] {
  if (!meaning || depth > maxDepth) return [];
  if (isImport(meaning)) return textsOf(importedMeaning(meaning, modules), modules, depth + 1);
  const list = listOf(meaning);
  if (list) return elementTexts(list, modules, depth + 1);
  if (ts.isVariableDeclaration(meaning))
    return isConstant(meaning) && meaning.initializer ? staticTexts(meaning.initializer, modules, depth + 1) : [];
  return ts.isExpression(meaning) ? staticTexts(meaning, modules, depth + 1) : [];
}

/** The texts of `Names.url`, of an object or an enum. */
function memberTexts(object: TS.Expression, name: string, modules: SourceModules, depth: number): readonly string[] {
  const owner = unwrap(object);
  if (!ts.isIdentifier(owner)) return [];
  const declared = declarationOf(owner.text, owner);
  const meaning = declared && isImport(declared) ? importedMeaning(declared, modules) : declared;
  if (!meaning) return [];
  if (ts.isEnumDeclaration(meaning)) {
    const member = meaning.members.find((item) => staticName(item.name) === name);
    return member?.initializer ? staticTexts(member.initializer, modules, depth + 1) : [];
  }
  const value = ts.isVariableDeclaration(meaning) && meaning.initializer ? unwrap(meaning.initializer) : undefined;
  return value && ts.isObjectLiteralExpression(value) ? textsOf(propertyOf(value, name), modules, depth + 1) : [];
}

/** The list whose elements a variable takes: of `for (const name of names)`, and of the parameter of `names.map((name) => …)`. */
function listOf(meaning: Meaning): TS.Expression | undefined {
  if (ts.isVariableDeclaration(meaning)) {
    const loop = meaning.parent.parent;
    return ts.isForOfStatement(loop) ? loop.expression : undefined;
  }
  if (!ts.isParameter(meaning) || !isFunction(meaning.parent) || meaning.parent.parameters[0] !== meaning) return undefined;
  const call = meaning.parent.parent;
  if (!ts.isCallExpression(call) || call.arguments[0] !== meaning.parent) return undefined;
  const method = memberAccess(call.expression);
  return method && /^(?:map|forEach|filter|flatMap|find|some|every)$/.test(method.name ?? '') ? method.object : undefined;
}

function elementTexts(list: TS.Expression, modules: SourceModules, depth: number): readonly string[] {
  const value = unwrap(list);
  if (ts.isArrayLiteralExpression(value)) return value.elements.flatMap((element) => staticTexts(element, modules, depth + 1));
  if (!ts.isIdentifier(value) || depth > maxDepth) return [];
  const declared = declarationOf(value.text, value);
  const meaning = declared && isImport(declared) ? importedMeaning(declared, modules) : declared;
  return meaning && ts.isVariableDeclaration(meaning) && isConstant(meaning) && meaning.initializer
    ? elementTexts(meaning.initializer, modules, depth + 1)
    : [];
}

function isConstant({ parent }: TS.VariableDeclaration): boolean {
  return (parent.flags & ts.NodeFlags.Const) !== 0;
}
