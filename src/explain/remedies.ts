import type { AuditFinding } from '../audit/audit-result.js';
import { isInside } from '../exceptions/enclosing-names.js';
import type { AuditedFile } from './audit-file.js';
import type { NamedEffect, Remedy } from './explanation.js';
import { settingsOf } from './explain-rule.js';

/** Where the user says why a finding is permitted. */
const reason = 'WHY THIS IS PERMITTED';

/** Returns what would permit a finding, or make the rule judge otherwise: text to paste, the most fitting first. */
export function remediesOf(finding: AuditFinding, audited: AuditedFile): Remedy[] {
  return [
    ...settingsOf(finding.rule).flatMap((setting) => declaration(setting, finding, audited)),
    sanction(finding, audited),
    {
      kind: 'comment',
      effect: `In the line above ${finding.file}:${finding.line}. It permits the finding in linters and in the audit.`,
      text: `// eslint-disable-next-line clickhouse-ssot/${finding.rule} -- ${reason}`,
    },
    {
      kind: 'baseline',
      effect: 'The command lists all findings of today as known. They stay in the code, and do not fail the audit.',
      text: 'clickhouse-ssot audit --baseline --update-baseline',
    },
  ];
}

/** The settings that declare what a module is. Those that only concern other files, and the sanction, are not among them. */
function declaration({ name, effect }: NamedEffect, finding: AuditFinding, audited: AuditedFile): Remedy[] {
  return name.split(/,\s*/).flatMap((key) => {
    const value = declaredValue(key, finding, audited);
    return value === undefined ? [] : [setting(key, value, effect, audited)];
  });
}

function declaredValue(key: string, { rule, file, scope }: AuditFinding, audited: AuditedFile): unknown {
  const { settings, result } = audited;
  switch (key) {
    case 'factories': {
      if (scope === 'test' || !['no-direct-client', 'no-raw-http'].includes(rule)) return undefined;
      const inferred = result.factories.filter(({ status }) => status === 'inferred').map((factory) => factory.file);
      return withFile(settings.factories.length > 0 ? settings.factories : inferred, file);
    }
    case 'config':
      return rule === 'single-config-source' ? withFile(settings.config, file) : undefined;
    case 'service':
      return rule === 'no-adhoc-mock' || rule === 'use-service-interface' ? withFile(settings.service, file) : undefined;
    case 'managers':
      return rule === 'use-service-interface' ? withFile(settings.managers, file) : undefined;
    case 'clients':
      return rule === 'no-raw-http' ? [...settings.clients, { module: file, constructors: ['NAME OF THE EXPORT'] }] : undefined;
    case 'accessors':
      return rule.includes('recursion') ? undeclaredBypass(audited) : undefined;
    default:
      return undefined;
  }
}

/** Of accessors without a known bypass, the user may know one. */
function undeclaredBypass({ result: { accessors }, settings }: AuditedFile): unknown {
  if (settings.accessors.length > 0 || accessors.every(({ bypass }) => bypass !== undefined)) return undefined;
  return accessors.map(({ file, name, bypass }) => ({ module: file, name, bypass: bypass ?? 'NAME OF THE FLAG' }));
}

function withFile(globs: readonly string[], file: string): readonly string[] {
  return [...new Set([...globs, file])];
}

/** The narrowest entry that permits the finding, with the number of findings of the rule that it covers. */
function sanction({ rule, file, line, column }: AuditFinding, audited: AuditedFile): Remedy {
  const { result, namesAt, settings } = audited;
  const names = namesAt({ file, line, column });
  const name = names.join('.');
  const isNamed = /^[^\s.()]+(?:\.[^\s.()]+)*$/.test(name);
  const all = [...result.findings, ...(result.baseline?.known ?? [])].filter((other) => other.rule === rule && other.file === file);
  const covered = isNamed ? all.filter((other) => isInside(namesAt(other), name)) : all;
  const entry = { path: file, rules: [rule], ...(isNamed ? { in: name } : {}), count: Math.max(covered.length, 1), reason };
  const others = covered.length > 1 ? ` It permits ${covered.length} findings of the rule ${isNamed ? 'there' : 'in the file'}.` : '';
  const effect = `Permits what \`in\` names, with a reason.${others}`;
  if (settings.sanctioned.length === 0)
    return setting('sanctioned', [entry], isNamed ? effect : `Permits the file, with a reason.${others}`, audited);
  return { kind: 'setting', effect: `One more entry of "sanctioned" in ${audited.settingsFile}. ${effect}`, text: jsonOf(entry) };
}

function setting(key: string, value: unknown, effect: string, { settingsFile, hasSettingsFile }: AuditedFile): Remedy {
  const text = `${JSON.stringify(key)}: ${jsonOf(value)}`;
  const place = hasSettingsFile ? `In ${settingsFile}` : `In a new file ${settingsFile} in the root`;
  return { kind: 'setting', effect: `${place}. ${effect}`, text: hasSettingsFile ? text : `{ ${text} }` };
}

/** JSON in one line, with spaces as in a settings file. */
function jsonOf(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(jsonOf).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}: ${jsonOf(item)}`)
    .join(', ')} }`;
}
