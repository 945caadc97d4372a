const generatedMark = /@generated\b|\bDO NOT EDIT\b|\bauto-?generated\b.{0,40}\b(?:do not|file|by)\b/i;

/** Whether the text is generated or minified: its first lines say so, or its lines are very long. A finding there could not be fixed. */
export function isGenerated(text: string): boolean {
  return isMinified(text) || generatedMark.test(text.slice(0, 600).split('\n').slice(0, 8).filter(isComment).join('\n'));
}

function isComment(line: string): boolean {
  return /^\s*(?:\/\/|\/?\*|#)/.test(line);
}

function isMinified(text: string): boolean {
  if (text.length < 20_000) return false;
  const head = text.slice(0, 10_000);
  return head.split('\n').length < 10;
}
