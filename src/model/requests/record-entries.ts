import type { ts as TS } from 'ts-morph';
import { callableBehind, meaningOf } from '../environment/environment-functions.js';
import type { SourceModules } from '../environment/source-modules.js';
import { staticTexts } from '../environment/static-texts.js';
import { ts } from '../typescript/load-ts-morph.js';
import { returnedBy } from '../typescript/returned-values.js';
import { callableOf, isAssignmentOperator, isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { fieldValues } from './class-fields.js';

/** A name with its value in headers, parameters of a URL, or options. */
export interface RecordEntry {
  readonly name: string;
  /** Undefined if only the name is known. */
  readonly value: TS.Expression | undefined;
}

/** Records that are made of records are followed this far. */
const maxDepth = 6;

/**
 * Returns the entries that a value is known to have: an object literal with its spreads, `Headers`, `URLSearchParams`, a `Map`, a list of
 * pairs, what a function of the project returns, and what is set later by `set`, `append` or an assignment.
 */
export function entriesOf(node: TS.Expression, modules: SourceModules, depth = 0): readonly RecordEntry[] {
  if (depth > maxDepth) return [];
  const value = unwrap(node);
  const inner = (part: TS.Expression): readonly RecordEntry[] => entriesOf(part, modules, depth + 1);
  if (ts.isObjectLiteralExpression(value)) return value.properties.flatMap((property) => entriesOfProperty(property, modules, depth));
  if (ts.isArrayLiteralExpression(value)) return value.elements.flatMap((element) => pairOf(element, modules));
  if (ts.isConditionalExpression(value)) return [value.whenTrue, value.whenFalse].flatMap(inner);
  if (ts.isBinaryExpression(value)) return [value.left, value.right].flatMap(inner);
  if (ts.isNewExpression(value)) return (value.arguments ?? []).flatMap(inner);
  if (ts.isIdentifier(value)) return [...entriesOfName(value, modules, depth), ...entriesSetOn(value, modules)];
  if (ts.isCallExpression(value)) {
    const callable = callableBehind(value.expression, modules) ?? ownMethod(value.expression);
    if (callable) return returnedBy(callable).flatMap(inner);
    const method = memberAccess(value.expression);
    // `Object.assign({}, a, b)`, `Object.fromEntries(headers)` and `params.toString()`.
    return [...value.arguments.filter((argument) => !isFunction(argument)), ...(method ? [method.object] : [])].flatMap(inner);
  }
  const member = memberAccess(value);
  if (member?.name === undefined) return [];
  const { object, name } = member;
  if (object.kind === ts.SyntaxKind.ThisKeyword)
    return fieldValues(value, name).flatMap((field) =>
      ts.isExpression(field) ? inner(field) : field.initializer ? inner(field.initializer) : [],
    );
  return inner(object).flatMap((entry) => (entry.name === name && entry.value ? inner(entry.value) : []));
}

/** Returns the values of the entries with a name; names are compared without case. */
export function valuesOf(entries: readonly RecordEntry[], name: string): TS.Expression[] {
  return entries.flatMap((entry) => (entry.value && entry.name.toLowerCase() === name ? [entry.value] : []));
}

function entriesOfProperty(property: TS.ObjectLiteralElementLike, modules: SourceModules, depth: number): readonly RecordEntry[] {
  if (ts.isSpreadAssignment(property)) return entriesOf(property.expression, modules, depth + 1);
  if (ts.isShorthandPropertyAssignment(property)) return [{ name: property.name.text, value: property.name }];
  const value = ts.isPropertyAssignment(property) ? property.initializer : undefined;
  return namesOf(property.name, modules).map((name) => ({ name, value }));
}

function namesOf(name: TS.PropertyName, modules: SourceModules): readonly string[] {
  const known = ts.isComputedPropertyName(name) ? undefined : staticName(name);
  return known === undefined && ts.isComputedPropertyName(name) ? staticTexts(name.expression, modules) : [known ?? ''];
}

/** `['X-ClickHouse-User', user]`. */
function pairOf(element: TS.Expression, modules: SourceModules): RecordEntry[] {
  const pair = unwrap(element);
  if (!ts.isArrayLiteralExpression(pair)) return [];
  const [name, value] = pair.elements;
  return name ? staticTexts(name, modules).map((text) => ({ name: text, value })) : [];
}

function entriesOfName(name: TS.Identifier, modules: SourceModules, depth: number): readonly RecordEntry[] {
  const meaning = meaningOf(name, modules);
  if (!meaning || ts.isSourceFile(meaning)) return [];
  if (ts.isVariableDeclaration(meaning) || ts.isParameter(meaning))
    return meaning.initializer ? entriesOf(meaning.initializer, modules, depth + 1) : [];
  return ts.isExpression(meaning) && meaning !== name ? entriesOf(meaning, modules, depth + 1) : [];
}

/** `this.headers()` of the class around it. */
function ownMethod(callee: TS.Expression): TS.FunctionLikeDeclaration | undefined {
  const { object, name } = memberAccess(unwrap(callee)) ?? {};
  if (object?.kind !== ts.SyntaxKind.ThisKeyword || name === undefined) return undefined;
  const owner = ts.findAncestor(callee, ts.isClassLike);
  return owner?.members.filter((member) => isFunction(member)).find((member) => staticName(member.name) === name);
}

/** Returns the entries that the callable around a name sets on it: `headers.set('a', b)`, `headers['a'] = b`, `init.headers = {…}`. The name of `init.headers.a = b` is `headers.a`. */
function entriesSetOn(name: TS.Identifier, modules: SourceModules): RecordEntry[] {
  const found: RecordEntry[] = [];
  const isSame = (node: TS.Expression): boolean => ts.isIdentifier(node) && node.text === name.text;
  const visit = (node: TS.Node): void => {
    if (ts.isCallExpression(node)) {
      const method = memberAccess(node.expression);
      const [key, value] = node.arguments;
      if (method && key && isSame(method.object) && /^(?:set|append|add)$/.test(method.name ?? ''))
        for (const text of staticTexts(key, modules)) found.push({ name: text, value });
    } else if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind)) {
      const target = memberAccess(node.left);
      const outer = target && memberAccess(target.object);
      const inRecord = outer?.name !== undefined && isSame(outer.object) ? `${outer.name}.` : undefined;
      if (target && (isSame(target.object) || inRecord !== undefined)) {
        const names = target.name === undefined && ts.isExpression(target.key) ? staticTexts(target.key, modules) : [target.name ?? ''];
        for (const text of names) found.push({ name: `${inRecord ?? ''}${text}`, value: node.right });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(callableOf(name));
  return found;
}
