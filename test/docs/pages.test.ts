import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { pageOf, read } from '../../scripts/generated.js';
import { audit } from '../../src/audit/audit.js';
import { readSettings } from '../../src/settings/load-settings.js';
import { codeBase } from '../project/code-base.js';

interface Block {
  readonly rule: string;
  readonly number: number;
  /** The info string of the fence: `ts incorrect`, `ts correct`, `json`, and for rules about the settings `json incorrect` or `json correct`. */
  readonly tag: string;
  readonly code: string;
}

const blocks: Block[] = Object.values(rules).flatMap((rule) =>
  [...read(pageOf(rule)).matchAll(/^```(\S[^\n]*)\n(.*?)^```/gms)].map(([, tag = '', code = ''], index) => ({
    rule: rule.name,
    number: index + 1,
    tag,
    code,
  })),
);

/** Returns the files of a block by name: a block may contain several, each below a comment with its name. */
function filesOf(code: string): Record<string, string> {
  const [first = '', ...sections] = code.split(/^\/\/ (\S+\.ts)\n/m);
  return sections.length === 0
    ? { 'example.ts': first }
    : Object.fromEntries(sections.flatMap((name, index) => (index % 2 === 0 ? [[name, sections[index + 1] ?? '']] : [])));
}

describe('a code block of a rule page', () => {
  it.each(blocks)('$rule: block $number has a known tag: $tag', ({ tag }) => {
    expect(['ts incorrect', 'ts correct', 'json', 'json incorrect', 'json correct']).toContain(tag);
  });

  it.each(blocks.filter(({ tag }) => tag.startsWith('ts')))('$rule: block $number is $tag', ({ rule, tag, code }) => {
    const outcome = audit({ root: codeBase(filesOf(code)) });
    const found = outcome.kind === 'done' ? outcome.result.findings.map((finding) => finding.rule) : outcome.problems;
    if (tag === 'ts incorrect') expect(found).toContain(rule);
    else expect(found.filter((name) => name === rule || outcome.kind !== 'done')).toEqual([]);
  });

  it.each(blocks.filter(({ tag }) => tag === 'json'))('$rule: block $number is valid settings', ({ code }) => {
    expect(readSettings('/root', undefined, () => code)).toMatchObject({ ok: true });
  });

  it.each(blocks.filter(({ tag }) => tag.startsWith('json ')))('$rule: block $number is $tag', ({ rule, tag, code }) => {
    const client = `import { createClient } from '@clickhouse/client'; export const client = createClient();`;
    const outcome = audit({
      root: codeBase({
        'src/db/clickhouse.ts': client,
        'src/app.ts': '',
        'scripts/migrate.ts': client,
        'clickhouse-ssot.config.json': code,
      }),
    });
    const isReported =
      outcome.kind === 'error' ? rule === 'valid-settings' : rule === 'no-stale-settings' && outcome.result.staleSettings.length > 0;
    expect(isReported).toBe(tag === 'json incorrect');
  });

  it.each(Object.values(rules))('$name has an incorrect and a correct block', ({ name, subject }) => {
    const language = subject === 'program' ? 'ts' : 'json';
    expect(blocks.filter(({ rule }) => rule === name).map(({ tag }) => tag)).toEqual(
      expect.arrayContaining([`${language} incorrect`, `${language} correct`]),
    );
  });
});
