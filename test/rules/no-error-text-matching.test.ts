import rule from '../../rules/no-error-text-matching.js';
import { fixture } from '../places.js';
import { testRule } from './rule-tester.js';

const filename = `${fixture('rule-tester')}/src/rows.ts`;

/** Returns a function whose `catch` begins with the statement in line 4. */
function caught(statement: string): string {
  return `import { client } from './factory.js';
export async function store(values: object[]) {
  try { return await client.insert({ table: 't', values }); } catch (error: any) {
${statement}
    throw error;
  }
}
`;
}

const matched = (column: number, line = 4) => ({ messageId: 'matched', line, column });

testRule(rule, {
  valid: [
    { name: 'an empty file', filename, code: '' },
    { name: 'a code', filename, code: caught("if (error.code === '252') return undefined;") },
    { name: 'a type', filename, code: caught("if (error.type === 'TOO_MANY_PARTS') return undefined;") },
    { name: 'a name', filename, code: caught("if (error.name === 'AbortError') return undefined;") },
    { name: 'a code of Node.js', filename, code: caught("if (error.code === 'ECONNRESET') return undefined;") },
    { name: 'a text in a log', filename, code: caught("console.error(error.message.replace(/password/, '***'));") },
    { name: 'a text that is passed on', filename, code: caught('throw new Error(`not stored: ${error.message}`);') },
    {
      name: 'a text that gets its beginning',
      filename,
      code: caught("throw new Error(error.message.startsWith('store: ') ? error.message : 'store: ' + error.message);"),
    },
    { name: 'whether a text is there, for a counter', filename, code: caught("count(error.message.includes('Too many parts'));") },
  ],
  invalid: [
    {
      name: 'a text that chooses the error that is thrown',
      filename,
      code: caught("throw error.message.startsWith('Cannot parse') ? new RangeError(error.message) : error;"),
      errors: [matched(7)],
    },
    {
      name: 'a text that a callback decides by',
      filename,
      code: `import { client } from './factory.js';
export async function store(values: object[], onEnd: (retry: boolean) => void) {
  try { return await client.insert({ table: 't', values }); } catch (error: any) {
    onEnd(error.message.includes('aborted'));
  }
}
`,
      errors: [matched(11)],
    },
    {
      name: 'a text in a condition',
      filename,
      code: caught("if (error.code === '252' || error.message.includes('Too many parts')) return undefined;"),
      errors: [matched(29)],
    },
    {
      name: 'several texts in one condition',
      filename,
      code: caught("if (/ECONNRESET/.test(error.message) || error.message.includes('socket hang up')) return undefined;"),
      errors: [matched(5)],
    },
    {
      name: 'a condition for each text',
      filename,
      code: caught('if (/ECONNRESET/.test(error)) return undefined; else if (/EPIPE/.test(error)) return null;'),
      errors: [matched(5), matched(58)],
    },
    {
      name: 'a `switch`',
      filename,
      code: caught("switch (error.message) { case 'Timeout error.': return undefined; }"),
      errors: [matched(9)],
    },
    { name: 'a table', filename, code: caught("return ({ 'Timeout error.': 'slow' } as any)[String(error)];"), errors: [matched(8)] },
    {
      name: 'what to ask instead, for known texts',
      filename,
      code: caught('if (/Memory limit|socket hang up/.test(error.message)) return undefined;'),
      errors: [
        {
          messageId: 'matched',
          data: {
            source: '`client.insert`',
            texts: ': "/Memory limit|socket hang up/"',
            remedy:
              "`error.code === '241'` or `error.type === 'MEMORY_LIMIT_EXCEEDED'` of a `ClickHouseError` or `error.code === 'ECONNRESET'`",
          },
        },
      ],
    },
    {
      name: 'what to ask instead, for any text',
      filename,
      code: caught('if (error.message.includes(String(values.length))) return undefined;'),
      errors: [
        {
          messageId: 'matched',
          data: {
            source: '`client.insert`',
            texts: '',
            remedy: '`error.code` or `error.type` of a `ClickHouseError`, or `error.code` of an error of Node.js',
          },
        },
      ],
    },
  ],
});
