import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { observe, type StatementEvent } from '../../../runtime/src/index.js';
import { instrumentIngests } from '../../../runtime/src/otel/ingest-metrics.js';
import { createInstruments } from '../../../runtime/src/otel/instruments.js';
import { clickHouse, closeClickHouse } from '../../../runtime/src/index.js';
import { codeSpans, rowsBelow } from '../../docs/runtime-readme.js';
import { repository } from '../../places.js';

describe('the README', () => {
  it('has the properties of a statement event', async () => {
    const events: StatementEvent[] = [];
    const observer = observe('clickhouse-ssot:statement:end', (event) => events.push(event));
    await clickHouse({ env: {} }).command({ query: 'SELECT 1' });
    observer[Symbol.dispose]();
    await closeClickHouse();
    const names = rowsBelow('`StatementEvent`').flatMap(([name = '']) => codeSpans(name));
    expect(names).toHaveLength(9);
    for (const name of names) expect(name in (events[0] ?? {}), name).toBe(true);
    expect(events[0]).toMatchObject({ operation: 'SELECT', table: undefined, attempts: 1, endpoint: 'chdb:', failure: undefined });
    expect(Object.keys(events[0]?.manager ?? {})).toEqual(expect.not.arrayContaining(['query']) as unknown);
  });

  it('has each metric and attribute of OpenTelemetry, with its kind', () => {
    const created: (readonly [name: string, kind: string])[] = [];
    const record = (kind: string) => (name: string) => {
      created.push([name, kind]);
      return { addCallback: () => undefined, removeCallback: () => undefined };
    };
    const meter = {
      createHistogram: record('histogram, seconds'),
      createCounter: record('counter'),
      createObservableUpDownCounter: record('up-down counter'),
      createObservableCounter: record('counter'),
      createObservableGauge: record('gauge, seconds'),
    } as never;
    createInstruments(meter);
    for (const observer of instrumentIngests(meter)) observer[Symbol.dispose]();
    const rows = rowsBelow('OpenTelemetry');
    const metrics = rows
      .filter(({ length }) => length === 3)
      .flatMap(([name = '', kind = '']) => codeSpans(name).map((each) => [each, kind]));
    expect(metrics.sort()).toEqual(created.map((entry) => [...entry]).sort());
    const folder = join(repository, 'runtime/src/otel');
    const source = readdirSync(folder)
      .map((file) => readFileSync(join(folder, file), 'utf8'))
      .join('\n');
    const attributes = rows.filter(({ length }) => length === 2).flatMap(([name = '']) => codeSpans(name));
    const inSource = [...source.matchAll(/'((?:db|server|error)\.[\w.]+)'/g)].map(([, name = '']) => name);
    const names = new Set(created.map(([name]) => name));
    expect([...new Set(inSource)].filter((name) => !names.has(name)).sort()).toEqual(attributes.sort());
  });
});
