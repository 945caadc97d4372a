import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { pageOf, read } from '../../scripts/generated.js';
import { audit } from '../../src/audit.js';

interface Example {
  readonly rule: string;
  readonly verdict: string;
  readonly number: number;
  readonly code: string;
}

/** The blocks of a rule's page that are tagged `ts incorrect` or `ts correct`. */
const examples: Example[] = Object.values(rules).flatMap((rule) =>
  [...read(pageOf(rule)).matchAll(/```ts (incorrect|correct)\n(.*?)```/gs)].map(([, verdict = '', code = ''], index) => ({ rule: rule.name, verdict, number: index + 1, code })),
);

describe('an example in the documentation', () => {
  it.each(examples)('$rule: block $number is $verdict', ({ rule, verdict, code }) => {
    const root = mkdtempSync(join(tmpdir(), 'clickhouse-ssot-page-'));
    writeFileSync(join(root, 'example.ts'), code);
    const outcome = audit({ root });
    const found = outcome.kind === 'done' && outcome.result.findings.some((finding) => finding.rule === rule);
    expect(found).toBe(verdict === 'incorrect');
  });

  it.each(Object.values(rules))('$name has both an incorrect and a correct one', ({ name }) => {
    expect(new Set(examples.filter((example) => example.rule === name).map(({ verdict }) => verdict))).toEqual(new Set(['incorrect', 'correct']));
  });
});
