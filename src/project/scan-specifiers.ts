/** White space and comments. Each text matches in one way only, else the search would take exponential time. */
const gap = String.raw`(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n\r\u2028\u2029]*)*`;

/** A string in quotes of any kind; it may contain escapes and the quotes of the other kinds. */
const quotedString = String.raw`(?:"((?:[^"\\\n\r]|\\[^])*)"|'((?:[^'\\\n\r]|\\[^])*)'|\x60((?:[^\x60\\]|\\[^])*)\x60)`;

const fromClause = new RegExp(String.raw`(?:\bfrom|\bimport)${gap}${quotedString}`, 'g');

/** The open parenthesis after `import`, `import.defer`, `import.source` or `require`, and the string after it. */
const importCall = new RegExp(
  String.raw`\b(?:import(?:${gap}\.${gap}(?:defer|source))?|require)${gap}(?:\?\.)?(?:${gap}\()+${gap}${quotedString}`,
  'g',
);

/** Names that import a module by a call of another name: test runners, and Node.js. */
const otherImporters = /(?:import|require)(?:Actual|Mock)|createRequire/;

const anyCallOnString = new RegExp(String.raw`\(${gap}${quotedString}`, 'g');

/**
 * Returns each string that the text may import. It scans instead of parsing, because the search for importers reads thousands of files. It
 * may return too many, such as a string in a comment, but never too few.
 */
export function specifiersOf(text: string): ReadonlySet<string> {
  const specifiers = new Set<string>();
  for (const search of [fromClause, ...callSearches(text)]) for (const match of text.matchAll(search)) specifiers.add(specifierOf(match));
  specifiers.delete('');
  return specifiers;
}

/**
 * Returns a part of the text that contains each name that the text imports from a module: the lists in braces before its specifiers. Returns
 * the whole text if names can be anywhere: after a default or namespace import, a call of `import` or `require`, or if a list has comments.
 */
export function importTextOf(text: string, isModule: (specifier: string) => boolean): string {
  for (const search of callSearches(text)) for (const match of text.matchAll(search)) if (isModule(specifierOf(match))) return text;
  const lists: string[] = [];
  for (const match of text.matchAll(fromClause)) {
    if (match[0].startsWith('import') || !isModule(specifierOf(match))) continue;
    const open = text.lastIndexOf('{', match.index);
    const list = text.slice(open, match.index);
    if (!simpleList.test(list) || !listKeyword.test(text.slice(Math.max(0, open - 20), open))) return text;
    lists.push(list);
  }
  return lists.join('');
}

/** The names of an import or export in braces, without comments and quotes. */
const simpleList = /^\{[^{}'"`/]*\}\s*$/;
const listKeyword = /(?:^|[^\w$.])(?:import|export)\s*(?:type\s*)?$/;

function callSearches(text: string): readonly RegExp[] {
  return otherImporters.test(text) ? [importCall, anyCallOnString] : [importCall];
}

function specifierOf([, double, single, template]: RegExpMatchArray): string {
  return unescape(double ?? single ?? template ?? '');
}

const escapes = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}|(\r\n|[^]))/g;

/** Returns the value of a string literal with this text between its quotes. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text;
  return text.replace(escapes, (whole, byte?: string, unit?: string, point?: string, character?: string) => {
    const code = Number.parseInt(byte ?? unit ?? point ?? '', 16);
    if (!Number.isNaN(code)) return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    return /[\n\r\u2028\u2029]/.test(character ?? '') ? '' : (character ?? '');
  });
}
