import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as Valibot from 'valibot';
import { withoutBom } from '../../project/document-store.js';
import type { AuditBaselineEntry } from '../audit-result.js';

/** The entries of a baseline file, or why it cannot be used. `missing`: there is no such file. */
export type BaselineContent =
  | { readonly kind: 'entries'; readonly entries: readonly AuditBaselineEntry[]; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'invalid'; readonly problem: string };

const schemaVersion = 1;

/** Reads and validates a baseline file. Never throws. */
export function readBaseline(path: string): BaselineContent {
  try {
    const text = withoutBom(readFileSync(path, 'utf8'));
    const { entries, problem } = parse(text, path);
    return problem === undefined ? { kind: 'entries', entries, text } : { kind: 'invalid', problem };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return { kind: 'missing' };
    if (code === 'EISDIR') return { kind: 'invalid', problem: `${path}: found a folder, expected a baseline file. Name a file.` };
    return { kind: 'invalid', problem: `${path}: found that it cannot be read (${messageOf(error)}), expected a readable file.` };
  }
}

/**
 * Returns the text of a baseline: sorted, one property a line, without dates, so that two branches can be merged. The layout is that of
 * Prettier.
 */
export function formatBaseline(entries: readonly AuditBaselineEntry[]): string {
  const findings = [...entries]
    .sort(byContent)
    .map(({ file, rule, within, fingerprint, count = 1, scope }) => ({
      file,
      rule,
      within,
      fingerprint,
      ...(count === 1 ? {} : { count }),
      ...(scope === undefined ? {} : { scope }),
    }));
  return `${JSON.stringify({ schemaVersion, findings }, undefined, 2)}\n`;
}

/** Writes a baseline file. Returns a message if that fails. */
export function writeBaseline(path: string, text: string): string | undefined {
  try {
    writeFileSync(path, text);
    return undefined;
  } catch (error) {
    return `${path}: found that it cannot be written (${messageOf(error)}), expected a file in an existing folder. Name another file.`;
  }
}

interface Parsed {
  readonly entries: readonly AuditBaselineEntry[];
  readonly problem?: string;
}

function parse(text: string, path: string): Parsed {
  const invalid = (found: string): Parsed => ({ entries: [], problem: `${path}: found ${found}` });
  if (/^<{7} /m.test(text))
    return invalid('the conflict markers of a merge, expected a baseline. Take one side, then run with --update-baseline.');
  const value = parseJson(text);
  if (value instanceof SyntaxError) return invalid(`text that is not JSON (${value.message}), expected a baseline. ${advice}`);
  const version = versionOf(value);
  if (typeof version === 'number' && version > schemaVersion)
    return invalid(
      `"schemaVersion" ${version}, expected ${schemaVersion}. A newer version of this program wrote the file. Update the program.`,
    );
  const v = load('valibot');
  const result = v.safeParse(baselineSchema(v), value, { abortEarly: true });
  if (result.success) return { entries: result.output.findings };
  const [issue] = result.issues;
  const key = v.getDotPath(issue);
  const expected = issue.expected === 'never' ? 'no such key' : (issue.expected ?? 'another value');
  return invalid(`${issue.received}${key === null ? '' : ` at "${key}"`}, expected ${expected}. ${advice}`);
}

const advice = 'Restore the file, or delete it and run with --update-baseline.';

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return error;
    throw error;
  }
}

function versionOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'schemaVersion' in value ? value.schemaVersion : undefined;
}

function baselineSchema(v: typeof Valibot) {
  return v.strictObject({
    schemaVersion: v.literal(schemaVersion),
    findings: v.array(
      v.strictObject({
        file: v.string(),
        rule: v.string(),
        within: v.string(),
        fingerprint: v.string(),
        count: v.exactOptional(v.pipe(v.number(), v.integer(), v.minValue(1))),
        scope: v.exactOptional(v.literal('test')),
      }),
    ),
  });
}

/** Loaded at the first baseline: an audit without one validates nothing. */
const load: (id: 'valibot') => typeof Valibot = createRequire(import.meta.url);

function byContent(a: AuditBaselineEntry, b: AuditBaselineEntry): number {
  const order = (x: string, y: string) => (x < y ? -1 : x > y ? 1 : 0);
  return order(a.file, b.file) || order(a.rule, b.rule) || order(a.within, b.within) || order(a.fingerprint, b.fingerprint);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
