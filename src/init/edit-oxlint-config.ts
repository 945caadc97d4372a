import { type EditOutcome, editOf } from '../edits/file-edit.js';
import { changeJson, isObject, type JsonChange, parseJsonObject, writeJson } from '../edits/json-text.js';

const entry = { name: 'clickhouse-ssot', specifier: 'eslint-plugin-clickhouse-ssot' };

/** Adds the plugin and its rules to a configuration of oxlint. `text` is undefined if the file does not exist. */
export function editOxlintConfig(
  file: string,
  text: string | undefined,
  rules: Readonly<Record<string, 'error' | 'warn'>>,
  indent: string,
): EditOutcome {
  if (text === undefined) return editOf(file, undefined, writeJson({ jsPlugins: [entry], rules }, indent));
  const config = /\.jsonc?$/.test(file) ? parseJsonObject(text) : undefined;
  const lines = [`"jsPlugins": [${JSON.stringify(entry)}],`, `"rules": ${JSON.stringify(rules, undefined, 2)}`].flatMap((part) =>
    part.split('\n'),
  );
  if (!config) {
    const reason = /\.jsonc?$/.test(file) ? 'It is not valid JSON.' : 'It is code, which init does not change.';
    return isMentioned(text) ? { kind: 'unchanged' } : { kind: 'manual', step: { where: file, reason, lines } };
  }
  const plugins = config['jsPlugins'];
  const present = isObject(config['rules']) ? config['rules'] : {};
  if (isMentioned(JSON.stringify(plugins ?? ''))) return { kind: 'unchanged' };
  const changes: JsonChange[] = [
    { kind: 'append', path: ['jsPlugins'], value: entry },
    ...Object.entries(rules)
      .filter(([name]) => !(name in present))
      .map(([name, value]) => ({ kind: 'set' as const, path: ['rules', name], value })),
  ];
  return editOf(file, text, changeJson(text, changes));
}

function isMentioned(text: string): boolean {
  return text.includes(entry.specifier);
}
