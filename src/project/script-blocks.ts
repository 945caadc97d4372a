/** Files that contain scripts between other languages. */
const component = /\.(?:vue|svelte|astro)$/;

/**
 * A comment, or a script element with its attributes and content: nearly the pattern by which Svelte itself finds them. An HTML parser takes
 * `<b` of a template expression such as `{a <b}` for an element, and may swallow the scripts behind it. Each text matches in one way only,
 * else the search would take exponential time.
 */
const scripts =
  /<!--[^]*?-->|<script((?:\s+[^=>'"/\s]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^>\s"'][^>\s]*))?)*\s*)(?:\/>|>([^]*?)<\/script\s*>)/gi;

/** The block between two lines of dashes at the start of an Astro file. */
const frontmatter = /^(\s*---)([^]*?\r?\n[ \t]*)---/;

/** Values of `type` whose content is no JavaScript: data, templates, import maps. */
const dataType = /\btype\s*=\s*["']?(?!module\b|(?:text|application)\/(?:java|type|ecma)script\b|ts\b)[\w/+-]+/i;

/** A language of a script block. The order is that of their power: a file with blocks of several is read as the last of them. */
const languages = ['js', 'jsx', 'ts', 'tsx'] as const;
export type ScriptLanguage = (typeof languages)[number];

/** Whether the file is a Vue, Svelte or Astro component. */
export function isComponentFile(path: string): boolean {
  return component.test(path);
}

/**
 * Returns the scripts of a component as a text of the same length: everything else is blank, so that offsets, lines and columns stay. All
 * blocks are one module.
 */
export function scriptsOf(path: string, text: string): string {
  const characters = blank(text);
  let result = '';
  let end = 0;
  for (const block of blocksIn(path, text)) {
    // A semicolon ends the block, in the place of the first character behind it.
    result += characters.slice(end, block.start) + text.slice(block.start, block.end) + ';';
    end = block.end + 1;
  }
  return result + characters.slice(end);
}

/** Whether the text of a component has a script. */
export function hasScripts(path: string, text: string): boolean {
  return blocksIn(path, text).length > 0;
}

/** Returns the language of the scripts of a component. A language that is not known is read as TypeScript. */
export function scriptLanguageOf(path: string, text: string): ScriptLanguage {
  const used = blocksIn(path, text).map(({ language }) => languages.indexOf(language));
  return languages[Math.max(0, ...used)] ?? 'ts';
}

interface Block {
  readonly start: number;
  readonly end: number;
  readonly language: ScriptLanguage;
}

function blocksIn(path: string, text: string): Block[] {
  const [front, opening, content] = (path.endsWith('.astro') ? frontmatter.exec(text) : undefined) ?? [];
  const start = front?.length ?? 0;
  const own: Block[] =
    opening === undefined || content === undefined ? [] : [{ start: opening.length, end: opening.length + content.length, language: 'ts' }];
  const elements = [...text.slice(start).matchAll(scripts)].flatMap(({ index, 0: element, 1: attributes, 2: script }): Block[] => {
    if (attributes === undefined || script === undefined || dataType.test(attributes)) return [];
    const from = start + index + element.indexOf('>', '<script'.length + attributes.length) + 1;
    return [{ start: from, end: from + script.length, language: languageIn(path, attributes) }];
  });
  return [...own, ...elements];
}

function languageIn(path: string, attributes: string): ScriptLanguage {
  const [, language] = /\b(?:lang|type)\s*=\s*["']?(?:(?:text|application)\/)?([\w-]+)/i.exec(attributes) ?? [];
  if (language === undefined || /^(?:js|javascript|module|ecmascript)$/i.test(language)) return path.endsWith('.astro') ? 'ts' : 'js';
  return languages.find((known) => known === language.toLowerCase()) ?? 'ts';
}

function blank(text: string): string {
  return text.replace(/[^\r\n\u2028\u2029]/g, ' ');
}
