import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from './rule-files.js';

/** The files of a new rule, before `npm run generate` fills in the rest. */
export function filesOfNewRule(name: string): Record<string, string> {
  return { [`rules/${name}.ts`]: ruleModule(name), [`docs/rules/${name}.md`]: page(name), [`test/rules/${name}.test.ts`]: test(name) };
}

/** What is wrong with a name for a new rule; undefined if nothing is. */
export function problemOfName(name: string | undefined): string | undefined {
  const expected = 'expected a name in kebab-case that starts with a verb, such as no-raw-http or require-release';
  if (name === undefined) return `npm run new-rule: found no name, ${expected}. Run: npm run new-rule -- no-raw-http`;
  if (!/^[a-z]+(?:-[a-z]+)+$/.test(name)) return `npm run new-rule: found "${name}", ${expected}.`;
  const existing = Object.keys(filesOfNewRule(name)).find((file) => existsSync(join(repository, file)));
  return existing === undefined
    ? undefined
    : `npm run new-rule: found that ${existing} exists, expected a new name. Choose another one, or delete the three files of the rule and run npm run generate.`;
}

function ruleModule(name: string): string {
  return `import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: '${name}',
  description: 'Disallow …',
  preset: 'strict',
  messages: {
    found: '{{name}} constructs a client here, and … was expected. Do …',
  },

  *check({ model }) {
    // Read the model and yield findings. This example reports every client construction.
    for (const { span, constructor } of model.constructions) yield { span, messageId: 'found', data: { name: constructor.name } };
  },
});
`;
}

function page(name: string): string {
  return `<!-- begin header -->
<!-- end header -->

## Why

Say in two sentences what goes wrong in production without this rule.

## Incorrect

\`\`\`ts incorrect
import { createClient } from '@clickhouse/client';

export const client = createClient();
\`\`\`

## Correct

\`\`\`ts correct
import type { ClickHouseClient } from '@clickhouse/client';

export async function countEvents(client: ClickHouseClient) {
  const result = await client.query({ query: 'SELECT count() FROM events' });
  return result.json();
}
\`\`\`

## Messages

Quote each message text of \`rules/${name}.ts\`, so that a search finds this page.

\`\`\`
{{name}} constructs a client here, and … was expected. Do …
\`\`\`

## Options and settings

The rule has no options. Name the settings of \`clickhouse-ssot.config.json\` that change its findings.

## When not to use it

Say for which code bases the rule is wrong.

## Limits

List what the rule does not find and what it is known to get wrong.

## Related rules

List the rules that a reader may look for instead.
`;
}

function test(name: string): string {
  return `import rule from '../../rules/${name}.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = \`\${fixture('rule-tester')}/src/service.ts\`;

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'a client that is a parameter', filename, code: \`import type { ClickHouseClient } from '@clickhouse/client'; export const ping = (client: ClickHouseClient) => client.ping();\` },
  ],
  invalid: [
    {
      name: 'a client that is constructed',
      filename,
      code: \`import { createClient } from '@clickhouse/client'; createClient();\`,
      errors: [{ messageId: 'found', line: 1, column: 52 }],
    },
  ],
});
`;
}

/** Writes the files of a new rule. Refuses a wrong name and never overwrites a file. */
export function createRule(name: string): string[] {
  const files = filesOfNewRule(name);
  for (const [file, content] of Object.entries(files)) writeFileSync(join(repository, file), content, { flag: 'wx' });
  return Object.keys(files);
}
