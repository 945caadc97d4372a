import { describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import { createIdentifier } from '../../src/audit/fingerprint.js';
import type { PathStep } from '../../src/findings/finding.js';
import { codeBase } from '../project/code-base.js';

const header = `import { createClient } from '@clickhouse/client';\n`;

type Files = Readonly<Record<string, string | object>>;

/** Another module is the factory, so that each construction elsewhere is a finding. */
const declared: Files = {
  'src/clickhouse.ts': `${header}export const clickhouse = createClient();\n`,
  'clickhouse-ssot.config.json': { factories: ['src/clickhouse.ts'] },
};

/** Returns the findings in `file`, in the order of their positions. */
function findingsOf(text: string, file: string, others: Files) {
  const outcome = audit({ root: codeBase({ [file]: text, ...others }) });
  if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
  return outcome.result.findings.filter((finding) => finding.file === file);
}

/** Returns the identities of the findings in `file`, in the order of their positions. */
function identitiesOf(text: string, file = 'src/a.ts') {
  return findingsOf(text, file, declared).map(({ within, fingerprint }) => ({ within, fingerprint }));
}

const code = `${header}export class Reports {\n  run() {\n    const client = createClient({ url: 'x' });\n    return client;\n  }\n}\n`;

describe('the fingerprint of a finding stays the same', () => {
  it.each([
    ['when lines move', `// a comment\n\n${code}`],
    ['when the code is indented anew', code.replaceAll('  ', '\t')],
    ['when line endings change', code.replaceAll('\n', '\r\n')],
    ['when the file gets a byte order mark', `\uFEFF${code}`],
    ['when other code of the file changes', `${code}export const other = 1;\n`],
  ])('%s', (_, changed) => {
    expect(identitiesOf(changed)).toEqual(identitiesOf(code));
    expect(identitiesOf(code)).toHaveLength(1);
  });

  it('when the options on the following lines change', () => {
    const withOption = (url: string) => `${header}export const client = createClient({\n  url: '${url}',\n});\n`;
    expect(identitiesOf(withOption('a'))).toEqual(identitiesOf(withOption('b')));
    expect(identitiesOf(withOption('a'))).toHaveLength(1);
  });

  it('when the file moves', () => {
    expect(identitiesOf(code, 'packages/b c/%.ts')).toEqual(identitiesOf(code));
  });

  it('when the message changes, because a factory is declared', () => {
    const [inferred] = findingsOf(code, 'src/a.ts', { ...declared, 'clickhouse-ssot.config.json': {} });
    const [outside] = findingsOf(code, 'src/a.ts', declared);
    expect(inferred?.message).toContain('The factory is src/clickhouse.ts');
    expect(outside?.message).not.toBe(inferred?.message);
    expect(outside?.fingerprint).toBe(inferred?.fingerprint);
  });
});

describe('the fingerprint of a finding changes', () => {
  it.each([
    ['with the code of its line', code.replace("'x'", "'y'")],
    ['with the function around it', code.replace('run()', 'walk()')],
    ['with the class around it', code.replace('Reports', 'Jobs')],
  ])('%s', (_, changed) => {
    const [before] = identitiesOf(code);
    const [after] = identitiesOf(changed);
    expect([before, after]).not.toContain(undefined);
    expect(after?.fingerprint).not.toBe(before?.fingerprint);
  });

  it('with the rule and with the code that its path leads through, wherever the path starts', () => {
    const texts = new Map([
      ['/r/a.ts', 'function getClient() { take(); }'],
      ['/r/b.ts', 'function take() { getClient(); }\nfunction give() { getClient(); }'],
    ]);
    const identify = createIdentifier((file) => texts.get(file) ?? '');
    const stepIn = (file: string, text: string) => {
      const start = (texts.get(file) ?? '').indexOf(text) + text.length;
      return { name: text, span: { file, start, end: start + 1 } };
    };
    const first = stepIn('/r/a.ts', 'getClient() { ');
    const through = (text: string) => stepIn('/r/b.ts', `${text}() { `);
    const fingerprintOf = (path: readonly PathStep[], rule = 'no-connection-recursion') =>
      identify(rule, { span: first.span, messageId: 'm', path }).fingerprint;
    expect(fingerprintOf([first, through('take')])).toBe(fingerprintOf([through('take'), first]));
    expect(fingerprintOf([first, through('take')])).not.toBe(fingerprintOf([first, through('give')]));
    expect(fingerprintOf([first], 'no-nested-acquire')).not.toBe(fingerprintOf([first]));
  });
});

describe('the declarations around a finding', () => {
  it.each([
    ['', `createClient();`],
    ['analytics', `export const analytics = createClient();`],
    ['services.events', `export const services = { events: createClient() };`],
    ['open', `export function open() { return createClient(); }`],
    ['open', `export const open = () => createClient();`],
    ['Store.constructor', `export class Store { private c; constructor() { this.c = createClient(); } }`],
    ['Store.#client', `export class Store { #client = createClient(); }`],
    ['Store.client', `export class Store { get client() { return createClient(); } }`],
    ['load', `export function load() { return [1].map(() => createClient()); }`],
    ['Names.open', `export namespace Names { export function open() { return createClient(); } }`],
  ])('are %j', (within, text) => {
    expect(identitiesOf(`${header}${text}\n`).map((identity) => identity.within)).toEqual([within]);
  });
});

it('the fingerprint of an undecided factory changes with each further module that constructs clients', () => {
  const client = `${header}export const client = () => createClient();\n`;
  const fingerprintWith = (others: Files) => findingsOf(client, 'src/a.ts', { 'src/b.ts': client, ...others })[0]?.fingerprint;
  expect(fingerprintWith({})).toBe(fingerprintWith({ 'src/other.ts': 'export const other = 1;' }));
  expect(fingerprintWith({})).not.toBe(fingerprintWith({ 'src/c.ts': client }));
});
