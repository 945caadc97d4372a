import { describe, expect, it } from 'vitest';
import { filesOfNewRule, problemOfName } from '../../scripts/rule-template.js';

describe('npm run new-rule', () => {
  it('creates the rule, its page and its test', () => {
    expect(Object.keys(filesOfNewRule('no-example'))).toEqual([
      'rules/no-example.ts',
      'docs/rules/no-example.md',
      'test/rules/no-example.test.ts',
    ]);
  });

  it.each([
    ['no name', undefined, 'found no name'],
    ['a name in camel case', 'noExample', 'expected a name in kebab-case'],
    ['a single word', 'example', 'expected a name in kebab-case'],
    ['a path', '../no-example', 'expected a name in kebab-case'],
    ['a rule that exists', 'no-direct-client', 'exists, expected a new name'],
  ])('refuses %s', (_, name, message) => {
    expect(problemOfName(name)).toContain(message);
  });

  it('accepts a new name', () => {
    expect(problemOfName('no-example')).toBeUndefined();
  });
});
