/**
 * Returns text as Markdown that shows it and means nothing else: no markup, HTML or formula, and no mention of a user or an issue on
 * GitHub or GitLab. Code between backticks stays code.
 */
export function prose(text: string): string {
  return visible(text)
    .split(/(`[^`]+`)/)
    .map((part, index) => (index % 2 === 1 ? codeSpan(part.slice(1, -1)) : escapeProse(part)))
    .join('');
}

/** Returns text as a code span. */
export function codeSpan(text: string): string {
  const content = visible(text);
  const longest = Math.max(0, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = /^`|`$|^ .* $/.test(content) ? ' ' : '';
  return content === '' ? '' : `${fence}${pad}${content}${pad}${fence}`;
}

/** Returns Markdown as the content of a table cell: a bar would end the cell, also in code. */
export function tableCell(markdown: string): string {
  return markdown.replace(/\\?\|/g, '\\|');
}

/** Returns text as the content of an HTML element. */
export function htmlText(text: string): string {
  return visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Returns at most `length` characters of a text, with an ellipsis if that is not all. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Replaces line breaks by spaces, and characters that show nothing or reorder the text by a visible one. */
export function visible(text: string): string {
  return text.replace(/[\r\n\t\u2028\u2029]+/g, ' ').replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '\uFFFD');
}

function escapeProse(text: string): string {
  return (
    text
      .replace(/[\\`*_[\]|~$]/g, '\\$&')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // A text such as `https://…` would become a link.
      .replaceAll('://', ':\\//')
      .replace(/\bwww\./gi, (text) => `${text.slice(0, -1)}\\.`)
      // The comment is removed before mentions and references are searched.
      .replace(/[@#!%](?=[\w"])/g, '$&<!-- -->')
      // These would start a heading, a list or another block.
      .replace(/^(\s*)([-+=#]|\d+[.)])/, (_, space: string, mark: string) => `${space}${mark.slice(0, -1)}\\${mark.slice(-1)}`)
  );
}
