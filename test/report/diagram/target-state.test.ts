import { describe, expect, test } from 'vitest';
import { isSameState, targetState } from '../../../src/report/diagram/target-state.js';
import { edgesOf, graphOf, largeGraph } from './graphs.js';

describe('the target state', () => {
  test('of a recursion is one way from the consumers to the server', () => {
    const target = targetState(
      graphOf(
        'consumer app/report.ts',
        'accessor app/get.ts',
        'manager app/manager.ts',
        'function app/pool.ts',
        'construction app/client.ts',
        'construction app/other.ts',
        'server ClickHouse',
        'server process.env.URL',
        'app/report.ts -> app/get.ts',
        'app/get.ts => app/manager.ts',
        'app/manager.ts => app/pool.ts',
        'app/pool.ts => app/get.ts',
        'app/get.ts -> app/client.ts',
        'app/client.ts -> ClickHouse',
        'app/other.ts -> process.env.URL',
      ),
    );
    expect(edgesOf(target)).toEqual([
      'app/client.ts -> ClickHouse',
      'app/get.ts -> app/manager.ts',
      'app/manager.ts -> app/client.ts',
      'app/other.ts -> app/get.ts',
      'app/report.ts -> app/get.ts',
    ]);
    expect(target.nodes.find(({ id }) => id === 'app/client.ts')?.kind).toBe('factory');
  });

  test('has one factory where two files construct clients', () => {
    const target = targetState(
      graphOf(
        'factory app/db.ts',
        'construction app/job.ts',
        'server https://a.example:8443',
        'server https://b.example:8443',
        'app/db.ts -> https://a.example:8443',
        'app/job.ts -> https://b.example:8443',
      ),
    );
    expect(edgesOf(target)).toEqual([
      'app/db.ts -> https://a.example:8443',
      'app/db.ts -> https://b.example:8443',
      'app/job.ts -> app/db.ts',
    ]);
    expect(target.nodes.filter(({ kind }) => kind === 'factory')).toHaveLength(1);
  });

  test('keeps a factory of each deployable', () => {
    const target = targetState(
      graphOf(
        'construction api/db.ts',
        'construction web/db.ts',
        'server ClickHouse',
        'api/db.ts -> ClickHouse',
        'web/db.ts -> ClickHouse',
      ),
    );
    expect(target.nodes.map(({ kind, id }) => `${kind} ${id}`)).toEqual(['factory api/db.ts', 'factory web/db.ts', 'server ClickHouse']);
  });

  test('lets a file that constructs clients ask the factory of a shared package that its deployable uses', () => {
    const target = targetState(
      graphOf(
        'factory shared/db.ts',
        'consumer web/page.ts',
        'construction web/job.ts',
        'server ClickHouse',
        'shared/db.ts -> ClickHouse',
        'web/page.ts -> shared/db.ts',
        'web/job.ts -> ClickHouse',
      ),
    );
    expect(edgesOf(target)).toEqual(['shared/db.ts -> ClickHouse', 'web/job.ts -> shared/db.ts', 'web/page.ts -> shared/db.ts']);
  });

  test('sends the consumers of a manager through its accessor', () => {
    const target = targetState(
      graphOf(
        'consumer app/a.ts',
        'accessor app/get.ts',
        'manager app/manager.ts',
        'factory app/db.ts',
        'server ClickHouse',
        'app/a.ts -> app/manager.ts',
        'app/get.ts -> app/manager.ts',
        'app/manager.ts -> app/db.ts',
        'app/db.ts -> ClickHouse',
      ),
    );
    expect(edgesOf(target)).toContain('app/a.ts -> app/get.ts');
    expect(edgesOf(target)).not.toContain('app/a.ts -> app/manager.ts');
  });

  test('of code that keeps the rules is the current state', () => {
    const clean = graphOf(
      'consumer app/a.ts',
      'accessor app/get.ts',
      'factory app/db.ts',
      'server ClickHouse',
      'app/a.ts -> app/get.ts',
      'app/get.ts -> app/db.ts',
      'app/db.ts -> ClickHouse',
    );
    const runtime = graphOf('consumer app/a.ts', 'runtime runtime', 'server ClickHouse', 'app/a.ts -> runtime', 'runtime -> ClickHouse');
    for (const graph of [clean, runtime]) expect(isSameState(graph, targetState(graph))).toBe(true);
  });

  test('does not change when it is computed again', () => {
    const once = targetState(largeGraph(60));
    expect(isSameState(once, targetState(once))).toBe(true);
  });
});
