import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'single-config-source',
  description: 'Disallow ClickHouse settings outside the configuration module.',
  preset: 'recommended',
  messages: {
    read: '`{{variable}}` is read from the environment here, but the ClickHouse settings of this program come from {{sources}}. With two readers, a new name or default reaches only one of them. Take the value from {{source}}.',
    schema:
      '`{{variable}}` is a key of a second schema for the environment. The ClickHouse settings of this program come from {{sources}}. Remove the key here, and take the value from {{source}}.',
    flow: '`{{variable}}` is read from the environment here and reaches a ClickHouse client, but the ClickHouse settings of this program come from {{sources}}. Read it there, and import the value.',
    assigned:
      '`{{variable}}` gets a value here that is written in the code, but the ClickHouse settings of this program come from {{sources}}. Put the default there, so that one place decides.',
    address:
      '{{address}} is the address of a ClickHouse server, written in the code. The ClickHouse settings of this program come from {{sources}}. Take the address from there.',
    credentials:
      'A password or token of a ClickHouse server is written in the code. Set it in the environment, read it in {{source}}, and take it from there. If it is in use, change it on the server.',
  },

  *check({ model, pathOf, textOf }) {
    for (const { span, kind, variable, sources } of model.outsideSettings()) {
      const address = kind === 'address' ? textOf(span) : '';
      yield {
        span,
        messageId: kind,
        data: { variable, address, sources: listOf(sources.map(pathOf), 'and'), source: listOf(sources.map(pathOf), 'or') },
      };
    }
  },
});

/** A message names at most this many modules. */
const maxNames = 3;

function listOf(paths: readonly string[], conjunction: 'and' | 'or'): string {
  const names = paths.length > maxNames ? [...paths.slice(0, maxNames - 1), `${paths.length - maxNames + 1} more modules`] : paths;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${conjunction} ${names.at(-1) ?? ''}`;
}
