import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { pageOf, read } from '../../scripts/generated.js';
import { audit } from '../../src/audit/audit.js';
import { readSettings } from '../../src/settings/load-settings.js';
import { codeBase } from '../project/code-base.js';

interface Block {
  readonly rule: string;
  readonly number: number;
  /** What stands behind the fence: `ts incorrect`, `ts correct` or `json`. */
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

/** A block may hold several files, each below a comment with its name. */
function filesOf(code: string): Record<string, string> {
  const [first = '', ...rest] = code.split(/^\/\/ (\S+\.ts)\n/m);
  return rest.length === 0
    ? { 'example.ts': first }
    : Object.fromEntries(rest.flatMap((name, index) => (index % 2 === 0 ? [[name, rest[index + 1] ?? '']] : [])));
}

describe('a block of a page about a rule', () => {
  it.each(blocks)('$rule: block $number is judged, because it is $tag', ({ tag }) => {
    expect(['ts incorrect', 'ts correct', 'json']).toContain(tag);
  });

  it.each(blocks.filter(({ tag }) => tag.startsWith('ts')))('$rule: block $number is $tag', ({ rule, tag, code }) => {
    const outcome = audit({ root: codeBase(filesOf(code)) });
    const found = outcome.kind === 'done' ? outcome.result.findings.map((finding) => finding.rule) : outcome.problems;
    if (tag === 'ts incorrect') expect(found).toContain(rule);
    else expect(found.filter((name) => name === rule || outcome.kind !== 'done')).toEqual([]);
  });

  it.each(blocks.filter(({ tag }) => tag === 'json'))('$rule: block $number is settings as they may be', ({ code }) => {
    expect(readSettings('/root', undefined, () => code)).toMatchObject({ ok: true });
  });

  it.each(Object.values(rules))('$name has both an incorrect and a correct one', ({ name }) => {
    expect(blocks.filter(({ rule }) => rule === name).map(({ tag }) => tag)).toEqual(
      expect.arrayContaining(['ts incorrect', 'ts correct']),
    );
  });
});
