import { JSDOM } from 'jsdom';
import { expect, it } from 'vitest';
import type { AuditResult } from '../../src/audit/audit-result.js';
import { toJunit } from '../../src/report/junit.js';
import { clean, finding } from './results.js';

/** Reads a report as XML: text that is not well-formed throws. */
function read(result: AuditResult) {
  const { document } = new JSDOM(toJunit(result), { contentType: 'text/xml' }).window;
  return {
    all: (selector: string) => [...document.querySelectorAll(selector)],
    names: (selector: string, name = 'name') => [...document.querySelectorAll(selector)].map((node) => node.getAttribute(name)),
  };
}

it('has a suite for each rule, and a failure for each finding', () => {
  const { names, all } = read({ ...clean, findings: [finding, { ...finding, line: 9 }] });
  expect(names('testsuite')).toEqual(clean.rules);
  expect(names('testsuite[name="no-direct-client"] testcase')).toEqual(['src/a.ts:3:7', 'src/a.ts:9:7']);
  expect(all('testsuite[name="no-direct-client"] failure').map(({ textContent }) => textContent)).toEqual([
    'src/a.ts:3:7\nA client is constructed outside the factory.',
    'src/a.ts:9:7\nA client is constructed outside the factory.',
  ]);
  expect(names('testsuites', 'failures')).toEqual(['2']);
  expect(names('testsuites', 'tests')).toEqual([String(clean.rules.length + 1)]);
});

it('has a test that passes for each rule without findings', () => {
  const { names, all } = read(clean);
  expect(names('testcase')).toEqual(clean.rules.map(() => 'no finding'));
  expect(all('failure, skipped')).toHaveLength(0);
});

it('skips known findings', () => {
  const known: AuditResult = { ...clean, since: { revision: 'main', commit: 'abc', known: [finding], gone: [] } };
  const { all, names } = read(known);
  expect(all('failure')).toHaveLength(0);
  expect(names('testsuite[name="no-direct-client"]', 'skipped')).toEqual(['1']);
});

it('is well-formed whatever a name contains', () => {
  const name = `<a b="c">]]>&amp;\u0000\u001B\uD800 'x'\n\u{1F600}`;
  const { names } = read({ ...clean, findings: [{ ...finding, file: name, message: name }] });
  expect(names('failure', 'message')).toEqual([`<a b="c">]]>&amp;\uFFFD\uFFFD\uFFFD 'x'`]);
  expect(names('testcase[file]', 'file')).toEqual([`<a b="c">]]>&amp;\uFFFD\uFFFD\uFFFD 'x'\n\u{1F600}`]);
});
