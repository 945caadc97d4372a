import { createRequire } from 'node:module';
import type * as Jsonc from 'jsonc-parser';
import { lineBreakOf } from './file-edit.js';

/** Loaded at the first file. */
const load: (id: 'jsonc-parser') => typeof Jsonc = createRequire(import.meta.url);

/** Reads JSON with comments. Returns undefined if the text has a mistake or is no object. */
export function parseJsonObject(text: string): Record<string, unknown> | undefined {
  const errors: Jsonc.ParseError[] = [];
  const value: unknown = load('jsonc-parser').parse(withoutBom(text), errors, { allowTrailingComma: true });
  return errors.length === 0 && isObject(value) ? value : undefined;
}

/** Whether the value is an object with keys: no array, no null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A value for a key of a JSON object. */
export interface JsonChange {
  /** Keys from the root. Objects that do not exist are created. */
  readonly path: readonly string[];
  readonly value: unknown;
  /** `set`: the key gets the value. `append`: the value becomes the last element of the array at the key. */
  readonly kind: 'set' | 'append';
  /** Whether a new key becomes the first. Default: it becomes the last. */
  readonly isFirst?: boolean;
}

/** Applies the changes in order, by insertions: every other character of the text stays as it is. */
export function changeJson(text: string, changes: readonly JsonChange[]): string {
  const bom = text.slice(0, text.length - withoutBom(text).length);
  return bom + changes.reduce(applyChange, withoutBom(text));
}

function applyChange(text: string, { path, value, kind, isFirst = false }: JsonChange): string {
  const jsonc = load('jsonc-parser');
  const root = jsonc.parseTree(text, [], { allowTrailingComma: true });
  if (!root) return text;
  const node = jsonc.findNodeAtLocation(root, [...path]);
  if (node && kind === 'append') return insertInto(text, node, undefined, value, false);
  if (node) {
    const written = writeLines(value, text, indentAt(text, node.offset));
    return text.slice(0, node.offset) + written + text.slice(node.offset + node.length);
  }
  const depth = path.findIndex((_, index) => !jsonc.findNodeAtLocation(root, path.slice(0, index + 1)));
  const parent = depth === 0 ? root : jsonc.findNodeAtLocation(root, path.slice(0, depth));
  const leaf = kind === 'append' ? [value] : value;
  const nested = path.slice(depth + 1).reduceRight<unknown>((inner, key) => ({ [key]: inner }), leaf);
  return parent ? insertInto(text, parent, path[depth], nested, isFirst) : text;
}

/** Puts a further element into an object (with its key) or an array. */
function insertInto(text: string, container: Jsonc.Node, key: string | undefined, value: unknown, isFirst: boolean): string {
  const insertAt = (offset: number, inserted: string) => text.slice(0, offset) + inserted + text.slice(offset);
  const children = container.children ?? [];
  const [first, last] = [children[0], children.at(-1)];
  const lineBreak = lineBreakOf(text);
  const open = container.offset + 1;
  if (!first || !last) {
    const outer = indentAt(text, container.offset);
    const indent = outer + indentationOf(text);
    const isOneLine = text.slice(open, container.offset + container.length - 1).trim() === '';
    const item = `${lineBreak}${indent}${writeItem(key, value, text, indent)}`;
    return isOneLine
      ? `${text.slice(0, open)}${item}${lineBreak}${outer}${text.slice(container.offset + container.length - 1)}`
      : insertAt(open, item);
  }
  const neighbor = isFirst ? first : last;
  const lineStart = text.lastIndexOf('\n', neighbor.offset - 1) + 1;
  const isOwnLine = text.slice(lineStart, neighbor.offset).trim() === '' && neighbor.offset > open;
  const indent = indentAt(text, neighbor.offset);
  const item = isOwnLine ? `${lineBreak}${indent}${writeItem(key, value, text, indent)}` : ` ${writeItem(key, value)}`;
  if (isFirst) return insertAt(open, `${item},`);
  const { comma, end } = tailOf(text, last.offset + last.length);
  const added = insertAt(end, comma ? `${item},` : item);
  return comma ? added : added.slice(0, last.offset + last.length) + ',' + added.slice(last.offset + last.length);
}

/** Whether a comma follows an element, and the offset behind the comma and the comments on the same line. */
function tailOf(text: string, offset: number): { readonly comma: boolean; readonly end: number } {
  const comment = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\//;
  const tail = new RegExp(`^(?:[ \\t]|,|${comment.source})*`).exec(text.slice(offset))?.[0].trimEnd() ?? '';
  return { comma: tail.replace(new RegExp(comment, 'g'), '').includes(','), end: offset + tail.length };
}

function writeItem(key: string | undefined, value: unknown, text?: string, indent = ''): string {
  const written = text === undefined ? JSON.stringify(value) : writeLines(value, text, indent);
  return key === undefined ? written : `${JSON.stringify(key)}: ${written}`;
}

function writeLines(value: unknown, text: string, outer: string): string {
  return writeValue(value, indentationOf(text), outer).replaceAll('\n', lineBreakOf(text));
}

/** Returns one step of the indentation of a JSON text. Default: two spaces. */
export function indentationOf(text: string): string {
  return /^([ \t]+)["'/]/m.exec(text)?.[1] ?? '  ';
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
}

/** Returns a new JSON text in the form that Prettier and Biome keep. */
export function writeJson(value: Record<string, unknown>, indent: string): string {
  return `${writeValue(value, indent, '')}\n`;
}

function writeValue(value: unknown, indent: string, outer: string): string {
  const inner = outer + indent;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const line = `[${items.map((item) => JSON.stringify(item)).join(', ')}]`;
    if (items.every((item) => typeof item !== 'object') && line.length + outer.length < 64) return line;
    return `[\n${items.map((item) => inner + writeValue(item, indent, inner)).join(',\n')}\n${outer}]`;
  }
  if (!isObject(value)) return JSON.stringify(value);
  return `{\n${Object.entries(value)
    .map(([key, entry]) => `${inner}${JSON.stringify(key)}: ${writeValue(entry, indent, inner)}`)
    .join(',\n')}\n${outer}}`;
}

function withoutBom(text: string): string {
  return text.startsWith('\uFEFF') ? text.slice(1) : text;
}
