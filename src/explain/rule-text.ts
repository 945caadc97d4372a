import { createColors } from 'picocolors';
import { type Page, section } from '../report/page.js';
import { wrap } from '../report/wrap-text.js';
import type { NamedEffect, RuleExplanation } from './explanation.js';
import type { Block, Section } from './markdown.js';
import type { TerminalOptions } from './terminal-page.js';

/** Sections of a page that the explanation prints in another form, or that only lead to other pages. */
const omitted = new Set(['Options and settings', 'Related rules', 'Messages']);

/** Returns the explanation of a rule as text. */
export function ruleText(explanation: RuleExplanation, { color, width }: TerminalOptions): string {
  const page: Page = { colors: createColors(color), width };
  const { rule, description, presets, fixable, sections, options, settings, url } = explanation;
  const sectionTexts = new Map(sections.filter(({ title }) => !omitted.has(title)).map((entry) => [entry.title, sectionText(entry, page)]));
  const last = ['When not to use it', 'Limits'];
  const blocks = [
    `${page.colors.red(rule)}\n${wrap(description, width, '  ')}\n${wrap(
      `${presets.length > 1 ? 'Presets' : 'Preset'}: ${presets.join(', ')}. ${fixable ? '--fix repairs a finding if the repair is proven to be safe.' : 'No finding is repaired by --fix.'}`,
      width,
      '  ',
    )}`,
    ...[...sectionTexts].filter(([title]) => !last.includes(title)).map(([, text]) => text),
    section('Options', effectRows(options, page), page),
    section('Settings in clickhouse-ssot.config.json', effectRows(settings, page), page),
    ...last.map((title) => sectionTexts.get(title) ?? ''),
    page.colors.dim(wrap(`The same page, with all messages: ${url}`, width, '')),
  ];
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`;
}

function sectionText({ title, blocks }: Section, page: Page): string {
  const rows = blocks.map((block, index) => {
    const before = blocks[index - 1];
    // Items of a list stay together.
    const gap = index === 0 || (block.kind === 'item' && before?.kind === 'item') ? '' : '\n';
    return `${gap}${blockText(block, page)}`;
  });
  return section(title, rows, page);
}

function blockText(block: Block, { colors, width }: Page): string {
  switch (block.kind) {
    case 'paragraph':
      return wrap(block.text, width, '  ');
    case 'heading':
      return colors.bold(wrap(block.text, width, '  '));
    case 'item': {
      const indent = ' '.repeat(2 + 2 * block.depth);
      return wrap(block.text, width, indent, `${indent}  `);
    }
    case 'code':
      return block.lines.map((line) => colors.cyan(`    ${line}`.trimEnd())).join('\n');
    case 'table':
      return block.rows.map((row) => wrap(row.join(': '), width, '  - ', '    ')).join('\n');
  }
}

function effectRows(effects: readonly NamedEffect[], { colors, width }: Page): string[] {
  return effects.map(({ name, effect, default: value }) => {
    const text = `${effect}${/[.!?]$/.test(effect) ? '' : '.'}${value === undefined ? '' : ` Default: ${value.replace(/\.$/, '')}.`}`;
    return wrap(`${colors.bold(name)}  ${text}`, width, '  ', '    ');
  });
}
