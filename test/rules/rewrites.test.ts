import { describe, expect, it } from 'vitest';
import { settingsFileName } from '../../src/settings/load-settings.js';
import { findingsOf, type Program } from '../recursion/recursions-of.js';
import { programs } from './rewrites/programs.js';
import { type ProgramRewrite, programRewrites } from './rewrites/rewrites.js';

/** Rules whose place is one of the calls on a path. */
const placedByPath = new Set(['no-connection-recursion', 'no-possible-connection-recursion', 'require-manager-bypass']);

const entries = Object.entries(programs);

/** Puts all programs into folders of one project, each with its manifest, and returns the names of the files with a finding of the rule. */
function found(kind: 'files' | 'neighbor', rewrite: ProgramRewrite): ReadonlyMap<string, readonly string[]> {
  const rewritten = entries.map(([name, { [kind]: files }]): Program => {
    const isOnRuntime = JSON.stringify(files).includes('@clickhouse-ssot/runtime');
    const dependencies = { '@clickhouse/client': '1', ...(isOnRuntime ? { '@clickhouse-ssot/runtime': '1' } : {}) };
    // Settings make the program a project of its own: the runtime is the factory of a whole project.
    const settings = isOnRuntime ? { [settingsFileName]: '{}' } : {};
    return { ...rewrite(files), ...settings, 'package.json': JSON.stringify({ name, dependencies }) };
  });
  const rules = entries.map(([name]) => name);
  const findings = findingsOf(rules, rewritten);
  return new Map(
    entries.map(([name], index) => [
      name,
      (findings[index] ?? []).filter(({ rule }) => rule === name).map(({ file }) => /([\w-]+)(?:\.test)?\.\w+$/.exec(file)?.[1] ?? file),
    ]),
  );
}

const unchanged = found('files', (program) => program);

describe('a program that is written in another way has the findings that it had', () => {
  it.each(entries)('%s reports the program as it is', (rule) => {
    expect(unchanged.get(rule)).toHaveLength(1);
  });

  describe.each(Object.entries(programRewrites))('with %s', (change, rewrite) => {
    const [violations, neighbors] = [found('files', rewrite), found('neighbor', rewrite)];
    const judged = entries.filter(([, { needsTypes }]) => needsTypes !== true || !/JS|JavaScript/.test(change)).map(([rule]) => rule);

    it.each(judged)('%s', (rule) => {
      // A wrapper is a further function of the recursion: its place is another one.
      if (placedByPath.has(rule)) expect(violations.get(rule)).toHaveLength(1);
      else expect(new Set(violations.get(rule))).toEqual(new Set(unchanged.get(rule)));
      expect(neighbors.get(rule)).toEqual([]);
    });
  });
});
