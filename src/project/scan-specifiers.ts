const fromClause = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*(?:\/\*.*?\*\/\s*)?(['"`])([^'"`\n]+)\1/g;
const anyCallOnString = /\(\s*(['"`])([^'"`\n]+)\1/g;

/**
 * Returns each string that the text may import. It scans instead of parsing, because the search for importers reads thousands of files. It
 * may return too many, such as a string in a comment, but never too few.
 */
export function specifiersOf(text: string): ReadonlySet<string> {
  const specifiers = new Set<string>();
  for (const match of text.matchAll(fromClause)) specifiers.add(match[2] ?? '');
  // A function made by `createRequire` can have any name.
  if (text.includes('createRequire')) for (const match of text.matchAll(anyCallOnString)) specifiers.add(match[2] ?? '');
  return specifiers;
}
