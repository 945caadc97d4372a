import { type Rule, type RuleInfo } from '../rule/rule.js';
import { presetsOf } from './presets.js';
import type { NamedEffect, RuleExplanation } from './explanation.js';
import { type Block, type Section, sectionsOf } from './markdown.js';
import { rulePages } from './rule-pages.js';

const optionsTitle = 'Options and settings';

/** A page that refers to the settings of another one, as that of possible recursions does. */
const reference = /The settings are those of ([\w-]+)\./;

/** Returns the explanation of a rule, from its page and its metadata. */
export function explainRule({ name, meta }: Rule | RuleInfo): RuleExplanation {
  const sections = sectionsOf(rulePages[name] ?? '');
  return {
    kind: 'rule',
    rule: name,
    description: meta.docs.description,
    presets: presetsOf(meta.docs.preset),
    fixable: meta.fixable !== undefined,
    sections,
    options: rowsOf('option', sections),
    settings: settingsOf(name),
    url: meta.docs.url,
  };
}

/** Returns the settings that change the findings of a rule, as its page lists them. */
export function settingsOf(rule: string): readonly NamedEffect[] {
  const sections = sectionsOf(rulePages[rule] ?? '');
  const own = rowsOf('setting', sections);
  if (own.length > 0) return own;
  const other = blocksOf(sections)
    .map((block) => (block.kind === 'paragraph' ? reference.exec(block.text)?.[1] : undefined))
    .find((found) => found !== undefined);
  return other === undefined || other === rule ? [] : settingsOf(other);
}

function blocksOf(sections: readonly Section[]): readonly Block[] {
  return sections.find(({ title }) => title === optionsTitle)?.blocks ?? [];
}

/** The rows of the table whose first column has this head. A cell may name several: `factories`, `managers`. */
function rowsOf(head: 'option' | 'setting', sections: readonly Section[]): NamedEffect[] {
  return blocksOf(sections).flatMap((block) => {
    if (block.kind !== 'table' || block.head[0] !== head) return [];
    const [effectAt, defaultAt] = ['effect', 'default'].map((title) => block.head.indexOf(title));
    return block.rows.map((row) => ({
      name: (row[0] ?? '').replaceAll('`', ''),
      effect: row[effectAt ?? 1] ?? '',
      ...(defaultAt === undefined || defaultAt < 0 ? {} : { default: row[defaultAt] ?? '' }),
    }));
  });
}
