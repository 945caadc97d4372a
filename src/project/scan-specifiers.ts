/** A string in quotes of any kind, on one line; the quotes of the other kinds may be inside. */
const quotedString = '(?:"([^"\\n]+)"|\'([^\'\\n]+)\'|`([^`\\n]+)`)';
/** Each text matches in one way only, else the search would take exponential time. */
const comments = String.raw`(?:\/\*(?:[^*]|\*(?!\/))*\*\/\s*|\/\/[^\n]*\n\s*)*`;
const fromClause = new RegExp(
  String.raw`(?:\bfrom|\bimport|\b(?:require|import)(?:Actual)?(?:<[\w.\s]{0,80}>)?\s*\()\s*${comments}${quotedString}`,
  'g',
);
const anyCallOnString = new RegExp(String.raw`\(\s*${quotedString}`, 'g');

/**
 * Returns each string that the text may import. It scans instead of parsing, because the search for importers reads thousands of files. It
 * may return too many, such as a string in a comment, but never too few.
 */
export function specifiersOf(text: string): ReadonlySet<string> {
  const specifiers = new Set<string>();
  for (const match of text.matchAll(fromClause)) specifiers.add(stringOf(match));
  // A function made by `createRequire` can have any name.
  if (text.includes('createRequire')) for (const match of text.matchAll(anyCallOnString)) specifiers.add(stringOf(match));
  return specifiers;
}

function stringOf([, double, single, template]: RegExpMatchArray): string {
  return double ?? single ?? template ?? '';
}
