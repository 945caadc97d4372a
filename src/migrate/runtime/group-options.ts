import type { ts as TS } from 'ts-morph';
import { ts } from '../../model/typescript/load-ts-morph.js';
import type { TextEdit } from '../rewrite/text-edits.js';

/** An option that moves under the key `client`. */
export interface GroupedOption {
  readonly property: TS.ObjectLiteralElementLike;
  /** The property as it is written there: `keep_alive: { enabled: true }`. */
  readonly text: string;
}

/** Puts the options under one key `client`, where the first of them stands. Their comments move with them. */
export function groupOptions(options: readonly GroupedOption[], literal: TS.ObjectLiteralExpression, source: TS.SourceFile): TextEdit[] {
  const [first, ...others] = options;
  if (!first) return [];
  const isSpread = others.length > 0 || first.text.includes('\n');
  const start = first.property.getStart(source);
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  const indent = /^[ \t]*/.exec(source.text.slice(lineStart, start))?.[0] ?? '';
  const isOwnLine = source.text.slice(lineStart, start).trim() === '';
  if (!isSpread || !isOwnLine) {
    const inner = options.map(({ text }) => text).join(', ');
    return [
      { start, end: first.property.end, text: `client: { ${inner} }` },
      ...others.map((other) => removal(other.property, literal, source)),
    ];
  }
  const unit = indent.includes('\t') ? '\t' : indentUnit(literal, source, indent);
  const lineBreak = source.text.includes('\r\n') ? '\r\n' : '\n';
  const entries = options.map(({ property, text }, index) => {
    // The comments above the first option stay above the group.
    const above = index === 0 ? [] : commentsAbove(property, source);
    const isFixed = hasLineInText(property);
    const indented = (part: string): string[] =>
      part.split(/\r?\n/).map((line, at) => (at === 0 ? indent + unit + line : isFixed ? line : unit + line));
    return [...above, `${text},${commentBehind(property, source)}`].flatMap(indented).join(lineBreak);
  });
  const text = `client: {${lineBreak}${entries.join(lineBreak)}${lineBreak}${indent}}`;
  return [
    { start, end: first.property.end, text },
    ...behindEdit(first.property, source),
    ...others.map((other) => removal(other.property, literal, source)),
  ];
}

/** The step by which the lines of a literal are indented. */
function indentUnit(literal: TS.ObjectLiteralExpression, source: TS.SourceFile, indent: string): string {
  const start = source.text.lastIndexOf('\n', literal.end - 1) + 1;
  const outer = /^[ \t]*/.exec(source.text.slice(start))?.[0] ?? '';
  return indent.length > outer.length ? indent.slice(outer.length) : '  ';
}

/** The comments on lines of their own above a property. */
function commentsAbove(property: TS.Node, source: TS.SourceFile): string[] {
  return (ts.getLeadingCommentRanges(source.text, property.pos) ?? []).map(({ pos, end }) => source.text.slice(pos, end));
}

/** The comment on the line of a property, with a space before it; empty if there is none. */
function commentBehind(property: TS.Node, source: TS.SourceFile): string {
  const behind = /^,?([ \t]*\/\/[^\r\n]*)/.exec(source.text.slice(property.end))?.[1];
  return behind === undefined ? '' : ` ${behind.trim()}`;
}

/** The comment behind the first option has moved into the group. */
function behindEdit(property: TS.Node, source: TS.SourceFile): TextEdit[] {
  const behind = /^(,?)([ \t]*\/\/[^\r\n]*)/.exec(source.text.slice(property.end));
  if (!behind) return [];
  const start = property.end + (behind[1] ?? '').length;
  return [{ start, end: property.end + behind[0].length, text: '' }];
}

/** Removes a property with its comments and its line. */
function removal(property: TS.Node, { properties }: TS.ObjectLiteralExpression, source: TS.SourceFile): TextEdit {
  const [comment] = ts.getLeadingCommentRanges(source.text, property.pos) ?? [];
  const start = comment?.pos ?? property.getStart(source);
  const index = properties.findIndex((candidate) => candidate === property);
  const isLast = index === properties.length - 1;
  const rest = /^,?[ \t]*(?:\/\/[^\r\n]*)?/.exec(source.text.slice(property.end))?.[0] ?? '';
  const previousEnd = properties[index - 1]?.end ?? start;
  // With its line: from the end of the line before to the end of this one.
  const lineStart = source.text.lastIndexOf('\n', start - 1);
  if (lineStart > previousEnd) {
    const from = source.text.charAt(lineStart - 1) === '\r' ? lineStart - 1 : lineStart;
    return { start: from, end: property.end + rest.length, text: '' };
  }
  return isLast ? { start: previousEnd, end: property.end, text: '' } : { start, end: property.end + rest.length, text: '' };
}

/** Whether a property has a text over several lines, whose lines must stay as they are. */
function hasLineInText(node: TS.Node): boolean {
  const isText = ts.isNoSubstitutionTemplateLiteral(node) || ts.isTemplateExpression(node);
  return (isText && node.getText().includes('\n')) || (ts.forEachChild(node, (child) => hasLineInText(child) || undefined) ?? false);
}
