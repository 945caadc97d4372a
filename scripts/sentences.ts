/** The sentences of a Markdown text: without code, tables, headings and link targets. */
export function sentencesOf(markdown: string): string[] {
  return markdown
    .replace(/^```.*?^```/gms, '\n\n')
    .replace(/<!--.*?-->/gs, '')
    .replace(/^\|.*$/gm, '\n')
    .replace(/^#.*$/gm, '\n')
    .replace(/^\s*(?:[-*]|\d+\.)\s+/gm, '\n\n')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`[^`]*`/g, 'code')
    .split(/\n\s*\n/)
    .flatMap((paragraph) => paragraph.replace(/\s+/g, ' ').split(/(?<=[.!?])\s+/))
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[a-z]/.test(sentence));
}

/** The words of each sentence, shortest sentence first. */
export function sentenceLengths(markdown: string): number[] {
  return sentencesOf(markdown)
    .map((sentence) => sentence.split(' ').length)
    .sort((a, b) => a - b);
}

export function median(sorted: readonly number[]): number {
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
