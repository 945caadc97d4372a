import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'single-config-source',
  description: 'Disallow ClickHouse settings outside the configuration module.',
  preset: 'recommended',
  messages: {
    read: '`{{variable}}` is read from the environment here, but the ClickHouse settings of this program come from {{sources}}. With two readers, a new name or default reaches only one of them. Take the value from {{source}}. {{setting}}',
    schema:
      '`{{variable}}` is a key of a second schema for the environment. The ClickHouse settings of this program come from {{sources}}. Remove the key here, and take the value from {{source}}. {{setting}}',
    flow: '`{{variable}}` is read from the environment here and reaches a ClickHouse client, but the ClickHouse settings of this program come from {{sources}}. Read it there, and import the value. {{setting}}',
    assigned:
      '`{{variable}}` gets a value here that is written in the code, but the ClickHouse settings of this program come from {{sources}}. Put the default there, so that one place decides. {{setting}}',
    address:
      '{{address}} is the address of a ClickHouse server, written in the code. The ClickHouse settings of this program come from {{sources}}. Take the address from there. {{setting}}',
    credentials:
      'A password or token of a ClickHouse server is written in the code. Set it in the environment, read it in {{source}}, and take it from there. If it is in use, change it on the server.',
  },

  *check({ model, config, pathOf, textOf }) {
    for (const { span, kind, variable, sources } of model.outsideSettings()) {
      const address = kind === 'address' ? textOf(span) : '';
      yield {
        span,
        messageId: kind,
        data: {
          variable,
          address,
          sources: listOf(sources.map(pathOf), 'and'),
          source: listOf(sources.map(pathOf), 'or'),
          setting: settingFor(sources.length, config.length > 0),
        },
      };
    }
  },
});

/** The sentence that says how the setting decides which modules are meant. */
function settingFor(sources: number, isDeclared: boolean): string {
  if (isDeclared) return `The setting "config" names ${sources === 1 ? 'it' : 'them'}.`;
  return sources === 1
    ? 'If that is not the configuration module, name the right one under "config" in clickhouse-ssot.config.json.'
    : 'If only one of them is the configuration module, name it under "config" in clickhouse-ssot.config.json.';
}

/** A message names at most this many modules. */
const maxNames = 3;

function listOf(paths: readonly string[], conjunction: 'and' | 'or'): string {
  const names = paths.length > maxNames ? [...paths.slice(0, maxNames - 1), `${paths.length - maxNames + 1} more modules`] : paths;
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${conjunction} ${names.at(-1) ?? ''}`;
}
