import type { ts as TS } from 'ts-morph';
import { ts } from '../model/typescript/load-ts-morph.js';

/** A comment of a source file. Offsets count UTF-16 units. */
export interface Comment {
  readonly kind: 'line' | 'block';
  /** The text between the delimiters. */
  readonly value: string;
  /** Offset of the first delimiter. */
  readonly start: number;
  /** Offset behind the comment. */
  readonly end: number;
}

/**
 * Returns the comments of a file, sorted by position. Only the space between two tokens can hold one, so that strings, templates, regular
 * expressions and the text of JSX elements never count.
 */
export function commentsIn(source: TS.SourceFile): Comment[] {
  const comments: Comment[] = [];
  const pending: TS.Node[] = [source];
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.kind >= ts.SyntaxKind.FirstJSDocNode && node.kind <= ts.SyntaxKind.LastJSDocNode) continue;
    if (ts.isTokenKind(node.kind)) comments.push(...commentsBefore(node, source));
    else pending.push(...node.getChildren(source));
  }
  return comments.sort((a, b) => a.start - b.start);
}

function commentsBefore(token: TS.Node, source: TS.SourceFile): Comment[] {
  const start = token.getStart(source);
  if (token.kind === ts.SyntaxKind.JsxText || start === token.pos) return [];
  const scanner = ts.createScanner(
    ts.ScriptTarget.ESNext,
    false,
    source.languageVariant,
    source.text,
    undefined,
    token.pos,
    start - token.pos,
  );
  const comments: Comment[] = [];
  for (let kind = scanner.scan(); kind !== ts.SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const text = scanner.getTokenText();
    const span = { start: scanner.getTokenStart(), end: scanner.getTokenEnd() };
    if (kind === ts.SyntaxKind.SingleLineCommentTrivia) comments.push({ kind: 'line', value: text.slice(2), ...span });
    if (kind === ts.SyntaxKind.MultiLineCommentTrivia && !scanner.isUnterminated())
      comments.push({ kind: 'block', value: text.slice(2, -2), ...span });
  }
  return comments;
}
