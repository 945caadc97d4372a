/**
 * Returns the text of the front page: the README's introduction with its first sentence at the top, a picture of the HTML report, and the
 * sections.
 */
export function homePage(text: string): string {
  const [introduction, sections] = splitBefore(text, /^## /m);
  const [title, body] = splitBefore(introduction, /\n\n/);
  const [command, paragraphs] = splitBefore(body.trim(), /\n\n/);
  const [sentence] = /^[^`|]+?\.(?=\s)/.exec(paragraphs.trim()) ?? [];
  if (!command.startsWith('```') || sentence === undefined)
    throw new Error(
      'README.md: found another introduction, expected a code block and a sentence that says what the project is behind the title.',
    );
  const rest = paragraphs.trim().slice(sentence.length).trim();
  return [title, sentence, command, rest, reportPicture('light'), reportPicture('dark'), sections].join('\n\n');
}

/** The style sheet shows the one of the theme. */
function reportPicture(theme: 'light' | 'dark'): string {
  return `[![The HTML report of a code base with connection recursion](/images/html-report-${theme}.png)](/reports.md){.${theme}-theme}`;
}

function splitBefore(text: string, pattern: RegExp): readonly [before: string, behind: string] {
  const index = text.search(pattern);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index)];
}
