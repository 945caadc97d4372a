import type { ts as TS } from 'ts-morph';
import { isEnvironment } from '../environment/environment-object.js';
import type { SourceModules } from '../environment/source-modules.js';
import { memberAccess, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type Constant, ConstantNames, withoutCasts } from './constant-names.js';

/** The number of constants that are followed to their values. */
const maxDepth = 8;

/** Functions and methods whose result depends on nothing but their values. */
const pureFunctions = /^(?:Number|String|Boolean|parseInt|parseFloat|Number\.parse(?:Int|Float)|encodeURIComponent)$/;
const pureMethods = /^(?:trim|toString|toLowerCase|toUpperCase|replace|replaceAll)$/;

/** Compares the options of clients by their values. Created by `findDuplicateClients`. */
export class Configurations {
  readonly #names: ConstantNames;

  constructor(private readonly modules: SourceModules) {
    this.#names = new ConstantNames(modules);
  }

  /**
   * Returns a text that is equal for arguments with equal values. Constants, spreads and imports are replaced by what they hold, and a
   * constant whose value the code does not show by its place. Undefined if a value may differ, for example one of a parameter or a call.
   */
  of(args: readonly TS.Expression[]): string | undefined {
    return joined(args.map((argument) => this.#text(argument, maxDepth)));
  }

  #text(expression: TS.Expression, depth: number): string | undefined {
    if (depth === 0) return undefined;
    const node = withoutCasts(expression);
    const all = (parts: readonly TS.Expression[]): string | undefined => joined(parts.map((part) => this.#text(part, depth - 1)));
    if (ts.isStringLiteralLike(node)) return JSON.stringify(node.text);
    if (ts.isNumericLiteral(node) || isKeyword(node)) return node.getText();
    if (ts.isObjectLiteralExpression(node)) return this.#object(node, depth);
    if (ts.isArrayLiteralExpression(node)) return around('[', all(node.elements), ']');
    if (ts.isTemplateExpression(node)) return this.#template(node, depth);
    if (ts.isBinaryExpression(node)) return around(`(${node.operatorToken.getText()} `, all([node.left, node.right]), ')');
    if (ts.isConditionalExpression(node)) return around('(? ', all([node.condition, node.whenTrue, node.whenFalse]), ')');
    if (ts.isPrefixUnaryExpression(node)) return around(String(node.operator), all([node.operand]), '');
    if (ts.isCallExpression(node)) return this.#call(node, depth);
    const access = memberAccess(node);
    if (access) return access.name === undefined ? undefined : this.#member(access.object, access.name, depth);
    return ts.isIdentifier(node) ? this.#name(node, depth) : undefined;
  }

  #template(node: TS.TemplateExpression, depth: number): string | undefined {
    const values = node.templateSpans.map((span) => this.#text(span.expression, depth - 1));
    if (values.includes(undefined)) return undefined;
    return JSON.stringify([node.head.text, ...node.templateSpans.flatMap(({ literal }, index) => [values[index], literal.text])]);
  }

  #call(node: TS.CallExpression, depth: number): string | undefined {
    const member = memberAccess(node.expression);
    const isMethod = member?.name !== undefined && pureMethods.test(member.name);
    if (!isMethod && !pureFunctions.test(node.expression.getText())) return undefined;
    const parts = [...(isMethod ? [member.object] : []), ...node.arguments];
    const values = joined(parts.map((part) => this.#text(part, depth - 1)));
    return around(`${isMethod ? member.name : node.expression.getText()}(`, values, ')');
  }

  #object(node: TS.ObjectLiteralExpression, depth: number): string | undefined {
    const entries = this.#entries(node, depth);
    return (
      entries &&
      `{${[...entries]
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, value]) => `${key}:${value}`)
        .join()}}`
    );
  }

  /** Returns the values of an object by their keys; undefined if one of them is not known. */
  #entries(node: TS.ObjectLiteralExpression, depth: number): Map<string, string> | undefined {
    const entries = new Map<string, string>();
    for (const property of node.properties) {
      if (ts.isSpreadAssignment(property)) {
        const spread = this.#names.valueOf(withoutCasts(property.expression));
        const literal = spread?.kind === 'value' ? withoutCasts(spread.node) : undefined;
        const inner = depth > 0 && literal && ts.isObjectLiteralExpression(literal) ? this.#entries(literal, depth - 1) : undefined;
        if (!inner) return undefined;
        for (const [key, value] of inner) entries.set(key, value);
        continue;
      }
      const key = staticName(property.name);
      const value = ts.isPropertyAssignment(property)
        ? this.#text(property.initializer, depth - 1)
        : ts.isShorthandPropertyAssignment(property)
          ? this.#text(property.name, depth - 1)
          : undefined;
      if (key === undefined || value === undefined) return undefined;
      // A client takes an option without a value for one that is not given.
      if (value === 'undefined') entries.delete(key);
      else entries.set(key, value);
    }
    return entries;
  }

  /** The member of an object: what the literal shows, or else the place of the object with the name. */
  #member(object: TS.Expression, name: string, depth: number): string | undefined {
    if (isEnvironment(object, this.modules)) return `environment ${name}`;
    return this.#constant(this.#names.memberOf(withoutCasts(object), name), depth);
  }

  #name(node: TS.Identifier, depth: number): string | undefined {
    const bound = this.#names.bindingOf(node);
    if (!bound) return this.#constant(this.#names.valueOf(node), depth);
    const value = this.#member(bound.object, bound.name, depth);
    return bound.otherwise ? around('(?? ', joined([value, this.#text(bound.otherwise, depth - 1)]), ')') : value;
  }

  #constant(found: Constant | undefined, depth: number): string | undefined {
    return (found?.kind === 'value' ? this.#text(found.node, depth - 1) : undefined) ?? found?.place;
  }
}

function joined(texts: readonly (string | undefined)[], separator = ','): string | undefined {
  return texts.includes(undefined) ? undefined : texts.join(separator);
}

function around(before: string, text: string | undefined, after: string): string | undefined {
  return text === undefined ? undefined : before + text + after;
}

function isKeyword(node: TS.Node): boolean {
  return (
    node.kind === ts.SyntaxKind.TrueKeyword ||
    node.kind === ts.SyntaxKind.FalseKeyword ||
    node.kind === ts.SyntaxKind.NullKeyword ||
    (ts.isIdentifier(node) && node.text === 'undefined')
  );
}
