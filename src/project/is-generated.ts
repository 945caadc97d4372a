const marked = /@generated\b|\bDO NOT EDIT\b|\bauto-?generated\b.{0,40}\b(?:do not|file|by)\b/i;

/** Text that no person maintains: marked as generated in its head, or minified. Nobody can act on a finding there. */
export function isGenerated(text: string): boolean {
  return isMinified(text) || marked.test(text.slice(0, 600).split('\n').slice(0, 8).filter(isComment).join('\n'));
}

function isComment(line: string): boolean {
  return /^\s*(?:\/\/|\/?\*|#)/.test(line);
}

function isMinified(text: string): boolean {
  if (text.length < 20_000) return false;
  const head = text.slice(0, 10_000);
  return head.split('\n').length < 10;
}
