const fromClause = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*(?:\/\*.*?\*\/\s*)?(['"`])([^'"`\n]+)\1/g;
const anyCallOnString = /\(\s*(['"`])([^'"`\n]+)\1/g;

/**
 * Every string that the text may import, by a scan and not by a parse: it may name too many (a string inside a comment),
 * never too few. Who imports a file is asked of thousands of files, what they import of few.
 */
export function specifiersOf(text: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const match of text.matchAll(fromClause)) found.add(match[2] ?? '');
  // A require made by createRequire goes by whatever name its author chose.
  if (text.includes('createRequire')) for (const match of text.matchAll(anyCallOnString)) found.add(match[2] ?? '');
  return found;
}
