import type { ts as TS } from 'ts-morph';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { staticName, unwrap } from '../../model/typescript/syntax.js';
import { importStyleOf } from '../rewrite/import-style.js';
import type { TextEdit } from '../rewrite/text-edits.js';
import { expandConstant } from './expand-constant.js';
import { groupOptions, type GroupedOption } from './group-options.js';
import { defaultUrl } from './option-names.js';
import { type OptionContext, translateProperty } from './translate-property.js';

/** The edits that translate options, or the sentence that says why they cannot be translated. */
export type Translation = { readonly edits: readonly TextEdit[] } | { readonly reason: string };

/** What the options of a literal are, before they are complete. */
interface Translated {
  readonly edits: readonly TextEdit[];
  readonly grouped: readonly GroupedOption[];
  readonly hasClient: boolean;
  readonly hasUrl: boolean;
}

/**
 * Translates the options of `createClient()` to those of the runtime, where they stand. Values, comments and formatting stay. A server that
 * may be missing gets the default of the official client, and `env: false` keeps the variables of the environment out, as before.
 */
export function translateOptions(literal: TS.ObjectLiteralExpression, context: OptionContext): Translation {
  const translated = translateProperties(literal, context);
  if ('reason' in translated) return translated;
  const { edits, grouped, hasUrl } = translated;
  const { quote } = importStyleOf(context.source);
  const added = context.kind === 'connection' ? [context.isInferred === true ? 'env: false as const' : 'env: false'] : [];
  return {
    edits: [
      ...edits,
      ...groupOptions(grouped, literal, context.source),
      ...insertions(literal, context.source, hasUrl ? [] : [`url: ${quote}${defaultUrl}${quote}`], added),
    ],
  };
}

function translateProperties(literal: TS.ObjectLiteralExpression, context: OptionContext): Translated | { readonly reason: string } {
  const edits: TextEdit[] = [];
  const grouped: GroupedOption[] = [];
  let hasUrl = false;
  let spreadsClient = false;
  for (const property of literal.properties) {
    if (ts.isSpreadAssignment(property)) {
      const spread = translateSpread(property.expression, context);
      if ('reason' in spread) return spread;
      edits.push(...spread.edits);
      spreadsClient ||= spread.hasClient;
      continue;
    }
    const translated = translateProperty(property, context);
    if ('reason' in translated) return translated;
    edits.push(...translated.edits);
    grouped.push(...translated.grouped);
    hasUrl ||= translated.isUrl;
  }
  if (spreadsClient && grouped.length > 0)
    return { reason: 'Options that belong under the key `client` stand in the options and in a spread: one would replace the other.' };
  return { edits, grouped, hasClient: spreadsClient || grouped.length > 0, hasUrl };
}

/** `...(condition && { … })` and `...(condition ? { … } : { … })`. */
function translateSpread(expression: TS.Expression, context: OptionContext): Translated | { readonly reason: string } {
  const value = unwrap(expression);
  const literals = literalsOf(value);
  const constant = expandConstant(expression, context);
  if (constant) return { ...constant, grouped: [], hasUrl: false };
  if (!literals)
    return {
      reason: `The options come from \`${value.getText(context.source)}\`, so this code does not show their names. Translate them where they are written.`,
    };
  const all: Translated[] = [];
  for (const literal of literals) {
    const translated = translateProperties(literal, context);
    if ('reason' in translated) return translated;
    all.push({ ...translated, edits: [...translated.edits, ...groupOptions(translated.grouped, literal, context.source)] });
  }
  return { edits: all.flatMap(({ edits }) => edits), grouped: [], hasClient: all.some(({ hasClient }) => hasClient), hasUrl: false };
}

/** The literals that a value can be; undefined if it can be anything else. */
function literalsOf(expression: TS.Expression): TS.ObjectLiteralExpression[] | undefined {
  const value = unwrap(expression);
  if (ts.isObjectLiteralExpression(value)) return [value];
  if (ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken) return literalsOf(value.right);
  if (!ts.isConditionalExpression(value)) return undefined;
  const [first, second] = [value.whenTrue, value.whenFalse].map((branch) => (isEmpty(branch) ? [] : literalsOf(branch)));
  return first && second ? [...first, ...second] : undefined;
}

function isEmpty(expression: TS.Expression): boolean {
  const value = unwrap(expression);
  return value.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(value) && staticName(value) === 'undefined');
}

/** Adds properties before the first and behind the last one, each on a line of its own if the others are. */
function insertions(
  literal: TS.ObjectLiteralExpression,
  source: TS.SourceFile,
  before: readonly string[],
  after: readonly string[],
): TextEdit[] {
  const { properties } = literal;
  const [first, last] = [properties[0], properties.at(-1)];
  if (!first || !last) {
    const all = [...before, ...after].join(', ');
    return all === '' ? [] : [{ start: literal.getStart(source), end: literal.end, text: `{ ${all} }` }];
  }
  const lead = /\s*$/.exec(source.text.slice(literal.getStart(source) + 1, first.getStart(source)))?.[0] ?? '';
  const gap = lead.includes('\n') ? lead.slice(lead.search(/\r?\n[^\n]*$/)) : ' ';
  const edits: TextEdit[] = [];
  if (before.length > 0) {
    const start = first.getStart(source);
    edits.push({ start, end: start, text: before.map((text) => `${text},${gap}`).join('') });
  }
  if (after.length > 0) {
    const comma = properties.hasTrailingComma ? ',' : '';
    edits.push({ start: last.end, end: last.end, text: after.map((text) => `,${gap}${text}`).join('') });
    // The comma that stood behind the last property stands behind the new one: the text in between stays.
    if (comma === '') return edits;
  }
  return edits;
}
