import rule from '../../rules/single-client-per-purpose.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/clients.ts`;

/** Returns a module with the given code below the import of the client. */
function code(text: string): string {
  return `import { createClient } from '@clickhouse/client';\n${text}`;
}

const duplicate = (line: number, column?: number) => ({
  messageId: 'duplicate' as const,
  line,
  ...(column === undefined ? {} : { column }),
});

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'one client', filename, code: code("export const client = createClient({ url: 'a' });") },
    {
      name: 'two users',
      filename,
      code: code(
        "const url = 'a';\nexport const one = createClient({ url, username: 'r' });\nexport const two = createClient({ url, username: 'w' });",
      ),
    },
    {
      name: 'options that change between the clients',
      filename,
      code: code(
        "const options = { url: 'a', database: 'x' };\nexport const one = createClient(options);\noptions.database = 'y';\nexport const two = createClient(options);",
      ),
    },
    {
      name: 'options that a function changes',
      filename,
      code: code(
        "const options = { url: 'a' };\nObject.assign(options, { username: 'w' });\nexport const one = createClient({ url: 'a' });\nexport const two = createClient(options);",
      ),
    },
    {
      name: 'a class that no code makes',
      filename,
      code: code("export const one = createClient({ url: 'a' });\nexport class Old {\n  client = createClient({ url: 'a' });\n}"),
    },
    {
      name: 'a database that a spread sets',
      filename,
      code: code(
        "const own = { database: 'x' };\nexport const one = createClient({ url: 'a', ...own });\nexport const two = createClient({ url: 'a' });",
      ),
    },
    {
      name: 'a configuration that is not known',
      filename,
      code: code(
        'import { options } from "./options";\nexport const one = createClient(options());\nexport const two = createClient(options());',
      ),
    },
    {
      name: 'the branches of a condition',
      filename,
      code: code("export const client = process.env.X ? createClient({ url: 'a' }) : createClient({ url: 'a' });"),
    },
    {
      name: 'a reconnection',
      filename,
      code: code(
        "class Store {\n  client = createClient({ url: 'a' });\n  async again() { await this.client.close(); this.client = createClient({ url: 'a' }); }\n}\nexport const store = new Store();",
      ),
    },
    {
      name: 'a factory for two databases',
      filename,
      code: code(
        "const make = (database: string) => createClient({ url: 'a', database });\nexport const one = make('x');\nexport const two = make('y');",
      ),
    },
  ],
  invalid: [
    {
      name: 'two equal literals',
      filename,
      code: code(
        "export const one = createClient({ url: 'a', database: 'x' });\nexport const two = createClient({ database: 'x', url: 'a' });",
      ),
      errors: [duplicate(3, 20)],
    },
    {
      name: 'the same constant',
      filename,
      code: code(
        "const options = { url: 'a' };\nexport const one = createClient(options);\nexport const two = createClient({ ...options });",
      ),
      errors: [duplicate(4, 20)],
    },
    {
      name: 'environment variables',
      filename,
      code: code(
        "export const one = createClient({ url: process.env.URL ?? 'a' });\nexport const two = createClient({ url: process.env.URL ?? 'a' });",
      ),
      errors: [duplicate(3)],
    },
    {
      name: 'two fields of a class',
      filename,
      code: code(
        "export class Store {\n  one = createClient({ url: 'a' });\n  two = createClient({ url: 'a' });\n}\nexport const store = new Store();",
      ),
      errors: [duplicate(4, 9)],
    },
    {
      name: 'two calls of a factory',
      filename,
      code: code(
        "const make = (database: string) => createClient({ url: 'a', database });\nexport const one = make('x');\nexport const two = make('x');",
      ),
      errors: [duplicate(4)],
    },
    {
      name: 'a client of a constructor',
      filename,
      code: code(
        "export const one = createClient({ url: 'a' });\nexport class Store {\n  private client;\n  constructor() { this.client = createClient({ url: 'a' }); }\n}\nexport const store = new Store();",
      ),
      errors: [duplicate(5)],
    },
  ],
});
