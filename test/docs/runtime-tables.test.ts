import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as runtime from '../../runtime/src/index.js';
import { repository } from '../places.js';
import { codeSpans, rowsBelow } from './runtime-readme.js';

const manifest = JSON.parse(readFileSync(join(repository, 'runtime/package.json'), 'utf8')) as {
  readonly engines: { readonly node: string };
  readonly exports: Readonly<Record<string, unknown>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
};

const source = readdirSync(join(repository, 'runtime/src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(join(repository, 'runtime/src', file), 'utf8'))
  .join('\n');

describe('the README of the runtime has', () => {
  const rows = rowsBelow('Requirements and install');

  it('the oldest version of each package, and which ones are optional', () => {
    expect(rows[0]?.[1]).toBe('20 from 20.19, 22 from 22.13, or 24 and later');
    expect(manifest.engines.node).toBe('^20.19 || ^22.13 || >=24');
    const packages = rows.filter(([name = '']) => manifest.peerDependencies[codeSpans(name)[0] ?? ''] !== undefined);
    expect(packages).toHaveLength(5);
    for (const [cell = '', version = ''] of packages) {
      const [name = ''] = codeSpans(cell);
      const oldest = /[\d.]+/.exec(version)?.[0] ?? '';
      expect(manifest.peerDependencies[name]?.replace(/^[>=^]*/, '')).toMatch(new RegExp(`^${oldest.replaceAll('.', '\\.')}(\\.0)*$`));
      expect(manifest.peerDependencies[name]?.startsWith('^')).toBe(version.includes('in 1.x'));
      expect(manifest.peerDependenciesMeta[name]?.optional ?? false).toBe(version.endsWith('optional'));
    }
  });

  it('each entry point', () => {
    const listed = rows.flatMap(([cell = '']) =>
      codeSpans(cell).flatMap((span) => {
        const path = span.startsWith('/') ? span : /^@clickhouse-ssot\/runtime(.*)$/.exec(span)?.[1];
        return path === undefined ? [] : [`.${path}`];
      }),
    );
    expect(listed.sort()).toEqual(
      Object.keys(manifest.exports)
        .filter((path) => path !== './package.json')
        .sort(),
    );
  });

  it('functions that exist', () => {
    const names = rowsBelow('Other functions').flatMap(([cell = '']) => codeSpans(cell).map((span) => span.replace(/\(.*/, '')));
    const predicates = rowsBelow('Predicates').flatMap(([cell = '']) => codeSpans(cell).map((span) => span.replace(/\(.*/, '')));
    expect(names).toHaveLength(12);
    expect([...names, ...predicates].filter((name) => typeof Reflect.get(runtime, name) !== 'function')).toEqual([]);
  });

  it('each channel, by its name in the source', () => {
    const channels = new Set([...source.matchAll(/^ {2}'(clickhouse-ssot:[\w:-]+)': /gm)].map(([, name]) => name));
    expect(
      rowsBelow('Channels')
        .map(([cell = '']) => codeSpans(cell)[0])
        .sort(),
    ).toEqual([...channels].sort());
  });

  it.each(rowsBelow('Names that changed').map(([, old = '', name = '']) => ({ old, name })))('the new name of $old', ({ old, name }) => {
    for (const replaced of codeSpans(old).filter((span) => /^\w+Error$/.test(span) && span !== 'AbortedError'))
      expect(runtime).not.toHaveProperty(replaced);
    for (const current of codeSpans(name).filter((span) => !/^\d+$/.test(span)))
      expect(source.includes(current.replace(/^CLICKHOUSE_|^\w+\.(?=\w)/, '')), current).toBe(true);
  });

  it('one name for all process warnings', () => {
    const calls = [...source.matchAll(/process\.emitWarning\(([^;]*)\);/g)].map(([, text = '']) => text);
    expect(calls.length).toBeGreaterThan(3);
    expect(calls.filter((text) => !/'ClickHouseSsotWarning'|warningName/.test(text))).toEqual([]);
  });
});
