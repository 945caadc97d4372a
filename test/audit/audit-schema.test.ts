import { spawnSync } from 'node:child_process';
import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { read } from '../../scripts/generated.js';
import { runCommand } from '../cli/run-command.js';
import { copyOf, git } from '../e2e/hosts.js';
import { allFixtures, repository } from '../places.js';

type Schema = Readonly<Record<string, unknown>>;

const schema = JSON.parse(read('audit.schema.json')) as Schema;

/** The schema without room for properties that it does not describe. */
function closed(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(closed);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]): [string, unknown] => [key, closed(value)]);
  return { ...Object.fromEntries(entries), ...('properties' in part ? { additionalProperties: false } : {}) };
}

function problemsOf(result: unknown): unknown[] {
  const ajv = new Ajv({ allErrors: true });
  return ajv.validate(closed(schema) as Schema, result) ? [] : (ajv.errors ?? []);
}

function jsonOf(folder: string, ...args: string[]): Record<string, unknown> {
  const { stdout } = runCommand(['audit', folder, '--preset', 'strict', '--format', 'json', ...args]);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe('the published JSON schema', () => {
  it.each(allFixtures())('describes the JSON of the fixture %s, each property of it', (name) => {
    const result = jsonOf(copyOf(name));
    expect(result['schemaVersion']).toBe(1);
    expect(problemsOf(result)).toEqual([]);
  });

  it('describes the JSON with a baseline and a revision', () => {
    const folder = copyOf('incident-before');
    git(folder, 'init', '--quiet');
    git(folder, 'add', '--all');
    git(folder, '-c', 'user.name=a', '-c', 'user.email=a@b.c', 'commit', '--quiet', '--message', 'x', '--no-gpg-sign');
    expect(problemsOf(jsonOf(folder, '--since', 'HEAD'))).toEqual([]);
    const updated = jsonOf(folder, '--baseline', '--update-baseline', '--since', 'HEAD');
    expect(Object.keys(updated)).toEqual(expect.arrayContaining(['baseline', 'since']));
    expect(problemsOf(updated)).toEqual([]);
  });

  it.each([
    ['a missing property', (result: Record<string, unknown>) => ({ ...result, findings: undefined })],
    ['another type', (result: Record<string, unknown>) => ({ ...result, files: '12' })],
    ['another version', (result: Record<string, unknown>) => ({ ...result, schemaVersion: 2 })],
  ])('refuses %s', (_, change) => {
    const result = change(jsonOf(copyOf('negative-control')));
    expect(problemsOf(JSON.parse(JSON.stringify(result)))).not.toEqual([]);
  });

  it('accepts a property of a later version', () => {
    const result = { ...jsonOf(copyOf('negative-control')), later: 1 };
    expect(new Ajv().validate(schema, result)).toBe(true);
  });

  it('describes every property, for completion in editors', () => {
    const definitions = Object.values(schema['definitions'] as Readonly<Record<string, { readonly properties?: Schema }>>);
    const properties = definitions.flatMap((definition) => Object.entries(definition.properties ?? {}));
    expect(properties.length).toBeGreaterThan(60);
    expect(properties.filter(([, property]) => !(property as Schema)['description']).map(([name]) => name)).toEqual([]);
  });

  it('is an export of the package', () => {
    const { status } = spawnSync(process.execPath, ['-e', `require.resolve('eslint-plugin-clickhouse-ssot/audit.schema.json')`], {
      cwd: repository,
    });
    expect(status).toBe(0);
  });
});
