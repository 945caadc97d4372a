import type { ts as TS } from 'ts-morph';
import type { Places } from '../pools/places.js';
import { isAssignmentOperator, isWrapped, memberAccess, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The number of constants that are followed to their values. */
const maxDepth = 8;

/**
 * Returns a text that is equal for arguments with equal values: constants and spreads are replaced by what they hold. Undefined if the code
 * does not show each value, for example because it comes from a parameter or a call.
 */
export function configurationOf(args: readonly TS.Expression[], places: Places): string | undefined {
  const texts = args.map((argument) => textOf(argument, places, maxDepth));
  return texts.includes(undefined) ? undefined : texts.join();
}

/**
 * Returns a setting of an options object for readers: the text of a literal, else the code of the value. Undefined if the object or the
 * setting is not shown.
 */
export function settingText(options: TS.Expression, name: string, places: Places): string | undefined {
  const object = constantOf(options, places);
  if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
  const value = object.properties.findLast((property) => property.name !== undefined && staticName(property.name) === name);
  const expression =
    value && ts.isPropertyAssignment(value) ? value.initializer : value && ts.isShorthandPropertyAssignment(value) ? value.name : undefined;
  if (!expression) return undefined;
  const constant = constantOf(expression, places) ?? withoutCasts(expression);
  if (ts.isStringLiteralLike(constant)) return constant.text;
  const code = constant.getText().replace(/\s+/g, ' ');
  return ts.isTemplateExpression(constant) ? code.slice(1, -1) : code;
}

function textOf(expression: TS.Expression, places: Places, depth: number): string | undefined {
  if (depth === 0) return undefined;
  const node = withoutCasts(expression);
  if (ts.isStringLiteralLike(node)) return JSON.stringify(node.text);
  if (ts.isNumericLiteral(node) || isKeyword(node)) return node.getText();
  if (ts.isObjectLiteralExpression(node)) return objectText(node, places, depth);
  if (ts.isArrayLiteralExpression(node)) return joined(node.elements, ',', places, depth, '[]');
  if (ts.isTemplateExpression(node)) {
    const values = node.templateSpans.map((span) => textOf(span.expression, places, depth - 1));
    return values.includes(undefined)
      ? undefined
      : [node.head.text, ...node.templateSpans.map(({ literal }, i) => `\${${values[i] ?? ''}}${literal.text}`)].join('');
  }
  if (ts.isBinaryExpression(node)) return joined([node.left, node.right], node.operatorToken.getText(), places, depth, '()');
  if (ts.isPrefixUnaryExpression(node)) {
    const operand = textOf(node.operand, places, depth);
    return operand === undefined ? undefined : `${node.operator}${operand}`;
  }
  return isEnvironment(node) ? node.getText() : namedText(node, places, depth);
}

function objectText(node: TS.ObjectLiteralExpression, places: Places, depth: number): string | undefined {
  const entries = entriesOf(node, places, depth);
  return (
    entries &&
    `{${[...entries]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([key, value]) => `${key}:${value}`)
      .join()}}`
  );
}

/** Returns the values of an object by their keys; undefined if one of them is not known. */
function entriesOf(node: TS.ObjectLiteralExpression, places: Places, depth: number): Map<string, string> | undefined {
  const entries = new Map<string, string>();
  for (const property of node.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = constantOf(property.expression, places);
      const inner = spread && ts.isObjectLiteralExpression(spread) ? entriesOf(spread, places, depth - 1) : undefined;
      if (!inner) return undefined;
      for (const [key, value] of inner) entries.set(key, value);
      continue;
    }
    const key = staticName(property.name);
    const value = ts.isPropertyAssignment(property)
      ? textOf(property.initializer, places, depth - 1)
      : ts.isShorthandPropertyAssignment(property)
        ? textOf(property.name, places, depth - 1)
        : undefined;
    if (key === undefined || value === undefined) return undefined;
    entries.set(key, value);
  }
  return entries;
}

function joined(parts: readonly TS.Expression[], separator: string, places: Places, depth: number, around: string): string | undefined {
  const texts = parts.map((part) => textOf(part, places, depth - 1));
  return texts.includes(undefined) ? undefined : `${around.charAt(0)}${texts.join(separator)}${around.charAt(1)}`;
}

/** A constant, or a member of one: `settings.url`. */
function namedText(node: TS.Expression, places: Places, depth: number): string | undefined {
  const access = memberAccess(node);
  if (access) {
    const owner = constantOf(access.object, places);
    const name = access.name;
    if (!owner || name === undefined) return undefined;
    if (ts.isObjectLiteralExpression(owner)) return entriesOf(owner, places, depth - 1)?.get(name);
    // A validated object, such as `env` of `const env = parse(process.env)`: a member of it is the same everywhere.
    return `${owner.getSourceFile().fileName}:${owner.pos}.${name}`;
  }
  const value = constantOf(node, places);
  if (!value) return undefined;
  return textOf(value, places, depth - 1);
}

/** Returns the value of a constant of a module, or the object literal itself. */
function constantOf(expression: TS.Expression, places: Places): TS.Expression | undefined {
  const node = withoutCasts(expression);
  if (ts.isObjectLiteralExpression(node)) return node;
  if (!ts.isIdentifier(node)) return undefined;
  const place = places.of(node);
  if (place === undefined || typeof place === 'string' || !ts.isVariableDeclaration(place) || !place.initializer) return undefined;
  const list = place.parent;
  const isConstant = ts.isVariableDeclarationList(list) && (list.flags & ts.NodeFlags.Const) !== 0;
  if (!isConstant || !ts.isSourceFile(list.parent.parent) || isChanged(place, places)) return undefined;
  return withoutCasts(place.initializer);
}

/** Calls that leave their argument as it is. */
const readingCalls = /(?:^|\.)(?:(?:create|make|new|get|open|connect|build)\w*|freeze|stringify|parse)$/i;

/** Whether other code may change the object that a constant holds: an assignment to a member, or a call that gets it. */
function isChanged(place: TS.VariableDeclaration, places: Places): boolean {
  return places.usesIn(place, place.getSourceFile()).some((use) => {
    let target = use;
    while (memberAccess(target.parent)?.object === target) target = target.parent;
    const { parent } = target;
    if (ts.isDeleteExpression(parent)) return true;
    if (ts.isBinaryExpression(parent)) return parent.left === target && isAssignmentOperator(parent.operatorToken.kind) && target !== use;
    return ts.isCallExpression(parent) && parent.expression !== target && target === use && !readingCalls.test(parent.expression.getText());
  });
}

function isEnvironment(node: TS.Expression): boolean {
  return /^(?:process\.env|import\.meta\.env|Bun\.env)[.[]['"\w\]]+$/.test(node.getText());
}

function isKeyword(node: TS.Node): boolean {
  return (
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(node) && node.text === 'undefined')
  );
}

function withoutCasts(node: TS.Expression): TS.Expression {
  return isWrapped(node) && !ts.isAwaitExpression(node) ? withoutCasts(node.expression) : node;
}
