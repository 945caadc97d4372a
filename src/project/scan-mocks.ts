import { gap, quotedString, specifierOf } from './scan-specifiers.js';

/** One of these is in each text that `mockCall` or `stubbedKey` matches. They are found faster. */
const mockParts = ['ock', 'td.', 'replace', 'quibble', 'proxyquire'];

/** A call that replaces a module, with the string that names it: `vi.mock('x')`, `mock.module('x')`, `jest.mock<T>(import('x'))`. */
const mockCall = new RegExp(
  String.raw`\b(?:(?:do|set)?[mM]ock|mockModule|unstable_mockModule|module|replace(?:Esm|Cjs)?|registerMock|registerSubstitute|quibble|esm)${gap}(?:<[^;]*?>)?${gap}\(${gap}(?:import${gap}\(${gap})?${quotedString}`,
  'g',
);

/** A package that loads a module with replaced imports. The keys of an object name them. */
const loaders = /\b(?:proxyquire|esmock)\b/;
const stubbedKey = new RegExp(String.raw`${quotedString}${gap}:`, 'g');

/**
 * Returns each string that the text may replace as a module by a test double. It scans instead of parsing, because thousands of tests mock
 * something. It may return too many.
 */
export function mockedModulesIn(text: string): ReadonlySet<string> {
  const mocked = new Set<string>();
  if (!mockParts.some((part) => text.includes(part))) return mocked;
  for (const search of [mockCall, ...(loaders.test(text) ? [stubbedKey] : [])])
    for (const match of text.matchAll(search)) mocked.add(specifierOf(match));
  mocked.delete('');
  return mocked;
}
