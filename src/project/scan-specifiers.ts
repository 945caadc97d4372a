/** White space and comments. Each text matches in one way only, else the search would take exponential time. */
export const gap = String.raw`(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n\r\u2028\u2029]*)*`;

/** A string in quotes of any kind; it may contain escapes and the quotes of the other kinds. */
export const quotedString = String.raw`(?:"((?:[^"\\\n\r]|\\[^])*)"|'((?:[^'\\\n\r]|\\[^])*)'|\x60((?:[^\x60\\]|\\[^])*)\x60)`;

const fromClause = new RegExp(String.raw`(?:\bfrom|\bimport)${gap}${quotedString}`, 'g');

/** The open parenthesis after `import`, `import.defer`, `import.source` or `require`, and the string after it. */
const importCall = new RegExp(
  String.raw`\b(?:import(?:${gap}\.${gap}(?:defer|source))?|require)${gap}(?:\?\.)?(?:${gap}\()+${gap}${quotedString}`,
  'g',
);

/** Names that import a module by a call of another name: test runners, Node.js, and names that the code gives `require`. */
const otherImporters = /(?:import|require)(?:Actual|Mock)|createRequire|__non_webpack_require__|\brequire['"`]?\s*(?:[);:?,\n]|\.bind\b)/;

/** One of these is in each text that `otherImporters` matches. They are found faster. */
const importerParts = ['Actual', 'Mock', 'require', 'createRequire'];

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

/**
 * Whether the text may pass a module on as a whole, so that other code can use exports that this text does not name: `export { a }` after
 * `import * as a`, `() => import('./a')`, `{ ...require('./a') }`. Uses such as `a.b` and `const { b } = require('./a')` name what they take.
 */
export function passesModuleOn(text: string, isModule: (specifier: string) => boolean): boolean {
  // A file without exports, such as a test that mocks the module, passes nothing on; it can still take exports by computed names.
  const isUsed = exportsNames(text) ? isUsedAlone : isEnumerated;
  for (const match of text.matchAll(fromClause)) {
    if (match[0].startsWith('import') || !isModule(specifierOf(match))) continue;
    const before = text.slice(0, match.index);
    const [clause, name] = namespaceClause.exec(before) ?? [];
    if (name !== undefined && isUsed(name, before.slice(0, -(clause ?? '').length) + text.slice(match.index + match[0].length)))
      return true;
  }
  for (const search of callSearches(text))
    for (const match of text.matchAll(search)) if (isModule(specifierOf(match)) && passesCallOn(text, match, isUsed)) return true;
  return false;
}

/** Whether the text may export something. */
export function exportsNames(text: string): boolean {
  return exportWord.test(text);
}

const exportWord = /(?:^|[;}])\s*export\b|\bexports\s*[.[=,)]/m;
const namespaceClause = /\*\s*as\s+([\w$]+)\s*$/;
const assignedName = /(?:^|[^\w$.])(?:(export)\s+)?(?:(?:const|let|var)\s+|import\s+)?([\w$]+)\s*=\s*(?:await\s+)?\(?\s*(?:await\s+)?$/;
const destructured = /\}\s*=\s*(?:await\s+)?\(?\s*(?:await\s+)?$/;

/** Whether the module that a call imports is used other than by its members. */
function passesCallOn(
  text: string,
  { index, 0: call }: RegExpMatchArray & { readonly index: number },
  isUsed: (name: string, text: string) => boolean,
): boolean {
  const before = text.slice(Math.max(0, index - 200), index);
  const after = text.slice(index + call.length, index + call.length + 20);
  if (/^\s*\)[\s)]*(?:\.(?!then\b|catch\b|finally\b)|\?\.)/.test(after) || destructured.test(before)) return false;
  const [assignment, exported, name] = assignedName.exec(before) ?? [];
  if (exported !== undefined) return true;
  if (name !== undefined) return isUsed(name, text.slice(0, index - (assignment ?? '').length) + text.slice(index + call.length));
  return isUsed === isUsedAlone && !/(?:^|[;{}\n])\s*(?:await\s+)?$/.test(before);
}

/** Whether the text uses a name as a value, and not only its members. */
function isUsedAlone(name: string, text: string): boolean {
  const escaped = escape(name);
  return new RegExp(String.raw`(?<![\w$]|(?<!\.\.)\.)${escaped}(?![\w$]|\s*(?:\?\.|[.:]))|\?\s*${escaped}\s*:`).test(text);
}

/** Whether the text takes members of a name that it does not name. */
function isEnumerated(name: string, text: string): boolean {
  const escaped = escape(name);
  return new RegExp(String.raw`\b(?:values|entries|keys)\(\s*${escaped}\s*\)|\bin\s+${escaped}\s*\)|(?<![\w$.])${escaped}\s*\[`).test(text);
}

function escape(name: string): string {
  return name.replaceAll('$', String.raw`\$`);
}

function callSearches(text: string): readonly RegExp[] {
  const mayHaveOthers = importerParts.some((part) => text.includes(part)) && otherImporters.test(text);
  return mayHaveOthers ? [importCall, anyCallOnString] : [importCall];
}

/** Returns the value of a match whose first groups are those of `quotedString`. */
export function specifierOf([, double, single, template]: RegExpMatchArray): string {
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
