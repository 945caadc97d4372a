import { nameOfDeployable } from './collapse.js';
import type { DiagramNode } from './diagram-graph.js';

/** The lines of a node, fitted to its width. */
export interface NodeLabel {
  /** What the node is, as in `consumers: 18 files`. */
  readonly role: string;
  /** Its name. */
  readonly name: string;
  /** Where it is. Unset for servers and the runtime. */
  readonly folder?: string;
}

/** Widths in pixels of a character of each line: all fonts of the diagram have one width. */
export const characterWidth = { name: 7.3, folder: 6.65 };

const maxCharacters = 30;

const roles: Readonly<Record<DiagramNode['kind'], readonly [one: string, several: string]>> = {
  consumer: ['consumer', 'consumers'],
  accessor: ['accessor', 'accessors'],
  manager: ['manager', 'managers'],
  factory: ['factory', 'factories'],
  construction: ['constructs clients', 'files that construct clients'],
  function: ['function', 'functions'],
  runtime: ['runtime package', 'runtime packages'],
  server: ['server', 'servers'],
  group: ['code', 'parts'],
};

/** Returns the name of a kind for readers. */
export function nameOfKind(kind: DiagramNode['kind'], number = 1): string {
  return roles[kind][number === 1 ? 0 : 1];
}

/** Returns the lines of a node. Long names lose their middle, long folders their begin: the ends tell most. */
export function labelOf({ kind, label, place, members, deployable }: DiagramNode): NodeLabel {
  if (members) {
    const folder = kind === 'group' ? undefined : label === nameOfDeployable(deployable ?? '') ? undefined : `in ${label}`;
    const name = `${members.length} ${nameOfKind(kind, members.length)}`;
    if (kind === 'group') return { role: name, name: shorten(label) };
    return { role: 'collapsed', name, ...(folder === undefined ? {} : { folder: shortenBegin(folder) }) };
  }
  const role = nameOfKind(kind);
  const file = place?.file;
  if (file === undefined) return { role, name: shorten(label) };
  const isFile = label === file;
  const slash = file.lastIndexOf('/');
  const folder = isFile ? file.slice(0, Math.max(slash, 0)) : file;
  return { role, name: shorten(isFile ? file.slice(slash + 1) : label), ...(folder === '' ? {} : { folder: shortenBegin(folder) }) };
}

/** Returns the width of text in characters: those of East Asia take two. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const character of text) length += isWide(character) ? 2 : 1;
  return length;
}

function isWide(character: string): boolean {
  return /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|\p{Emoji_Presentation}/u.test(
    character,
  );
}

function shorten(text: string): string {
  if (lengthOf(text) <= maxCharacters) return text;
  const characters = Array.from(text);
  const half = (maxCharacters - 1) / 2;
  return `${fitting(characters, half)}…${Array.from(fitting(characters.reverse(), half)).reverse().join('')}`;
}

function shortenBegin(text: string): string {
  const limit = Math.floor((maxCharacters * characterWidth.name) / characterWidth.folder);
  if (lengthOf(text) <= limit) return text;
  return `…${Array.from(fitting(Array.from(text).reverse(), limit - 1))
    .reverse()
    .join('')}`;
}

/** Returns the first characters that fit into a width. */
function fitting(characters: readonly string[], width: number): string {
  let text = '';
  let length = 0;
  for (const character of characters) {
    length += lengthOf(character);
    if (length > width) break;
    text += character;
  }
  return text;
}
