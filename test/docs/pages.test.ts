import { describe, expect, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { pageOf, read } from '../../scripts/generated.js';
import { audit } from '../../src/audit/audit.js';
import { clientPackages } from '../../src/model/clients/client-packages.js';
import { splitPackage } from '../../src/project/package-specifiers.js';
import { reasonTexts } from '../../src/rule/reason-texts.js';
import { defineRule } from '../../src/rule/rule.js';
import { readSettings } from '../../src/settings/load-settings.js';
import { defaultSettings } from '../../src/settings/schema.js';
import { fixture, fixturesIn } from '../places.js';
import { codeBase } from '../project/code-base.js';

interface Block {
  readonly rule: string;
  readonly number: number;
  /** The info string of the fence: `ts incorrect`, `ts correct`, `json`, `json incorrect` or `json correct` for rules about the settings, or `text NAME` for the values of a placeholder. None for a message. */
  readonly tag: string;
  readonly code: string;
}

const blocks: Block[] = Object.values(rules).flatMap((rule) =>
  [...read(pageOf(rule)).matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map(([, tag = '', code = ''], index) => ({
    rule: rule.name,
    number: index + 1,
    tag,
    code,
  })),
);

/** Returns the files of a block by name: a block may contain several, each below a comment with its name. One may be the settings. */
function filesOf(code: string): Record<string, string> {
  const [first = '', ...sections] = code.split(/^\/\/ (\S+\.(?:ts|json))\n/m);
  return sections.length === 0
    ? { 'example.ts': first }
    : Object.fromEntries(sections.flatMap((name, index) => (index % 2 === 0 ? [[name, sections[index + 1] ?? '']] : [])));
}

/** Messages that every rule has, such as the one for invalid settings. */
const common = Object.keys(defineRule({ name: 'none', description: '', preset: 'strict', messages: {}, check: () => [] }).meta.messages);

function quotedOn(page: string, tag: string): string[] {
  return blocks.filter((block) => block.rule === page && block.tag === tag).map(({ code }) => code.trimEnd());
}

/** Returns a pattern that matches the messages of a rule, as its page quotes them. */
function messagePattern(page: string): RegExp {
  return patternOf(page, quotedOn(page, ''));
}

/** Returns a pattern that matches the quoted texts, with the values of their placeholders that the page quotes. */
function patternOf(page: string, quoted: readonly string[]): RegExp {
  const sourceOf = (text: string): string =>
    text
      .split(/(\{\{\w+\}\})/)
      .map((part) => (part.startsWith('{{') ? valuesOf(part.slice(2, -2)) : escape(part)))
      .join('');
  const valuesOf = (name: string): string => {
    const values = quotedOn(page, `text ${name}`);
    return values.length === 0 ? '.*' : `(?:${values.map(sourceOf).join('|')})`;
  };
  return new RegExp(`^(?:${quoted.map(sourceOf).join('|')})$`, 's');
}

function escape(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** Audits a small code base with these settings. */
function auditWith(settings: string) {
  const client = `import { createClient } from '@clickhouse/client'; export const client = createClient();`;
  return audit({
    root: codeBase({
      'src/db/clickhouse.ts': client,
      'src/app.ts': '',
      'scripts/migrate.ts': client,
      'clickhouse-ssot.config.json': settings,
    }),
  });
}

const program = Object.values(rules).filter(({ subject }) => subject === 'program');
const aboutSettings = Object.values(rules).filter(({ subject }) => subject !== 'program');

/** The fixture in which one module constructs, and the manager imports no accessor, is correct code. */
const correct = 'recursion/factory-injected';
const withFindings = fixturesIn('recursion').filter((folder) => folder !== correct);

describe('a code block of a rule page', () => {
  it.each(blocks)('$rule: block $number has a known tag: $tag', ({ tag }) => {
    expect(tag).toMatch(/^(?:ts incorrect|ts correct|json|json incorrect|json correct|text \w+|)$/);
  });

  it.each(blocks.filter(({ tag }) => tag.startsWith('ts')))('$rule: block $number is $tag', ({ rule, tag, code }) => {
    const outcome = audit({ root: codeBase(filesOf(code)) });
    const found = outcome.kind === 'done' ? outcome.result.findings.filter((finding) => finding.rule === rule) : outcome.problems;
    if (tag === 'ts correct') expect(found).toEqual([]);
    else {
      expect(found).not.toEqual([]);
      for (const finding of found) expect(finding).toMatchObject({ rule, message: expect.stringMatching(messagePattern(rule)) as string });
    }
  });

  it.each(program)('$name: the blocks without a tag are the messages of the rule', ({ name, meta }) => {
    const own = Object.entries(meta.messages).filter(([id]) => !common.includes(id));
    expect(quotedOn(name, '').sort()).toEqual(own.map(([, message]) => message).sort());
  });

  it.each(aboutSettings)('$name: the blocks without a tag are the messages of the incorrect blocks, in their order', ({ name }) => {
    const incorrect = quotedOn(name, 'json incorrect');
    const quoted = quotedOn(name, '');
    expect(quoted).toHaveLength(incorrect.length);
    for (const [index, code] of incorrect.entries()) {
      const outcome = auditWith(code);
      const messages = outcome.kind === 'error' ? outcome.problems : outcome.result.staleSettings;
      expect(messages).toEqual([expect.stringMatching(patternOf(name, [quoted[index] ?? '']))]);
    }
  });

  it.each(['incident-before', ...withFindings])('quotes each message in fixtures/%s', (folder) => {
    const outcome = audit({ root: fixture(folder) });
    const findings = outcome.kind === 'done' ? outcome.result.findings : [];
    expect(findings).not.toEqual([]);
    for (const { rule, message } of findings) expect(message, `docs/rules/${rule}.md`).toMatch(messagePattern(rule));
  });

  it.each([correct, 'incident-after'])('has nothing to quote in fixtures/%s', (folder) => {
    expect(audit({ root: fixture(folder) })).toMatchObject({ kind: 'done', result: { findings: [] } });
  });

  it.each(blocks.filter(({ tag }) => tag.startsWith('text ')))(
    '$rule: block $number is a value of a placeholder: $tag',
    ({ rule, tag }) => {
      const others = blocks.filter((block) => block.rule === rule && block.tag !== tag).map(({ code }) => code);
      expect(others.join('\n')).toContain(`{{${tag.slice('text '.length)}}}`);
    },
  );

  it.each(blocks.filter(({ tag }) => tag === 'json'))('$rule: block $number is valid settings', ({ code }) => {
    expect(readSettings('/root', undefined, () => code)).toMatchObject({ ok: true });
  });

  it.each(blocks.filter(({ tag }) => tag.startsWith('json ')))('$rule: block $number is $tag', ({ rule, tag, code }) => {
    const outcome = auditWith(code);
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

describe('the page of no-direct-client', () => {
  const page = read('docs/rules/no-direct-client.md');
  const section = (title: string): string => new RegExp(`^#+ ${title}\\n(.*?)^#`, 'ms').exec(page)?.[1] ?? '';

  it('lists the built-in client packages, and no other', () => {
    const listed = [...section('Built-in client packages').matchAll(/^- .*?(?=^- |^$)/gms)].flatMap(([item]) =>
      [...item.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
    );
    expect(listed.sort()).toEqual([...new Set(clientPackages.map((entry) => splitPackage(entry.package)[0]))].sort());
  });

  it('lists each reason for which a module is taken for the factory', () => {
    const { declared, ...inferred } = reasonTexts;
    expect(declared).toBe('the settings declare it');
    for (const reason of Object.values(inferred)) expect(section('The inferred factory')).toContain(`| ${reason} |`);
  });
});

it('the README names each default of the setting "tests"', () => {
  const section = /^### `tests`\n(.*?)^#/ms.exec(read('README.md'))?.[1] ?? '';
  const names = defaultSettings.tests.map((glob) => /^\*\*\/([^/{]+)\/\*\*$/.exec(glob)?.[1] ?? glob);
  for (const name of names) expect(section).toContain(`\`${name}\``);
});
