import { editOf, type EditOutcome } from '../edits/file-edit.js';
import { changeJson } from '../edits/json-text.js';
import type { RootManifest } from './package-json.js';

/** The script that runs the audit, and the change that adds it. */
export interface AuditScript {
  /** Name of the script. */
  readonly name: string;
  readonly outcome: EditOutcome;
}

/** Adds a script that runs the audit to `package.json`, unless a script does so already. A script that init wrote gets the new command. */
export function addAuditScript({ text, scripts }: RootManifest, command: string): AuditScript {
  const present = [...scripts].find(([, script]) => script.includes('clickhouse-ssot audit'));
  if (present && (present[1] !== 'clickhouse-ssot audit' || present[1] === command))
    return { name: present[0], outcome: { kind: 'unchanged' } };
  const name = present ? present[0] : scripts.has('lint:clickhouse') ? 'lint:clickhouse-ssot' : 'lint:clickhouse';
  return { name, outcome: editOf('package.json', text, changeJson(text, [{ kind: 'set', path: ['scripts', name], value: command }])) };
}
