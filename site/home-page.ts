/** Returns the front page: the README's introduction behind its first sentence, and a picture of the HTML report. */
export function homePage(text: string): string {
  const [introduction = '', rest = ''] = split(text.replace(/^# .*\n/, ''), /^## /m);
  const [command = '', paragraphs = ''] = split(introduction.trim(), /\n\n/);
  const [sentence] = /^[^`|]+?\.(?=\s)/.exec(paragraphs.trim()) ?? [];
  if (sentence === undefined)
    throw new Error('README.md: found no sentence behind the first code block, expected one that says what the project is.');
  return [
    '---',
    'layout: home',
    'title: Overview',
    `titleTemplate: clickhouse-ssot`,
    'source: README.md',
    'hero:',
    '  name: clickhouse-ssot',
    `  tagline: ${JSON.stringify(sentence.replaceAll('\n', ' '))}`,
    '  actions:',
    '    - { theme: brand, text: Set up, link: /set-up }',
    '    - { theme: alt, text: Rules, link: /rules/ }',
    '    - { theme: alt, text: Runtime, link: /runtime/ }',
    '---',
    '',
    command,
    '',
    paragraphs.trim().slice(sentence.length).trim(),
    '',
    ...(['light', 'dark'] as const).map(
      (theme) =>
        `[![The HTML report of a code base with connection recursion](/images/html-report-${theme}.png){.${theme}-theme}](/reports.md)`,
    ),
    '',
    rest,
    '',
  ].join('\n');
}

/** Splits a text before the first match of a pattern. */
function split(text: string, pattern: RegExp): [string, string] {
  const index = text.search(pattern);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index)];
}
