import { expect, it, vi } from 'vitest';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig, observe } from '../../../runtime/src/index.js';

/** Longer than the shortest stall that is reported, with the interval of the samples. */
const stallMs = 900;

function block(): void {
  const end = performance.now() + stallMs;
  while (performance.now() < end);
}

/** A slow machine: each step of the start blocks the event loop. */
vi.mock('chdb/connection', async (importOriginal) => {
  block();
  const original = await importOriginal<typeof import('chdb/connection')>();
  return {
    ...original,
    createChdbConnection: (...parameters: Parameters<typeof original.createChdbConnection>) => {
      block();
      const connection = original.createChdbConnection(...parameters);
      const command = connection.command.bind(connection);
      let isFirst = true;
      connection.command = (params) => {
        if (isFirst) block();
        isFirst = false;
        return command(params);
      };
      return connection;
    },
  };
});

it('the start of the embedded engine causes no warning about the event loop', async () => {
  const warnings: string[] = [];
  const onWarning = ({ message }: Error): void => void warnings.push(message);
  process.on('warning', onWarning);
  const stalls: unknown[] = [];
  using observer = observe('clickhouse-ssot:event-loop:stall', (stall) => stalls.push(stall));
  const manager = new ClickHouseConnectionManager({ config: loadClickHouseConfig({}, {}), factory: new ClickHouseConnectionFactory() });
  await manager.service.command({ query: 'SELECT 1' });
  await manager.close();
  // A warning is emitted in a later turn.
  await new Promise(setImmediate);
  process.off('warning', onWarning);
  expect({ warnings, stalls, observer }).toMatchObject({ warnings: [], stalls: [] });
});
