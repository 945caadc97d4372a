import { ClickHouseLogLevel } from '@clickhouse/client';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { ClickHouseConnectionFactory, ClickHouseConnectionManager, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { clientLoggerClass } from '../../../runtime/src/logging.js';
import { fakeServer } from '../harness/fake-server.js';

function lineOf(text: string): { readonly msg: string } {
  const line: { readonly msg: string } = JSON.parse(text);
  return line;
}

it('the log of the official client goes to the logger, without SQL', async () => {
  await using server = await fakeServer(
    (response) => void response.writeHead(404).end("Code: 60. DB::Exception: No 'secret-value'. (UNKNOWN_TABLE)"),
  );
  const lines: { readonly msg: string }[] = [];
  const logger = pino({ level: 'debug' }, { write: (line) => void lines.push(lineOf(line)) });
  const config = loadClickHouseConfig(
    { url: server.url, client: { log: { level: ClickHouseLogLevel.TRACE, LoggerClass: clientLoggerClass(logger) } } },
    {},
  );
  const manager = new ClickHouseConnectionManager({ config, factory: new ClickHouseConnectionFactory() });
  await expect(manager.service.command({ query: "DROP TABLE 'secret-value'", query_id: 'q-1' })).rejects.toThrow('secret-value');
  await manager.close();
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 50,
      event: 'clickhouse.client',
      msg: expect.stringMatching(/^ClickHouse client: /) as string,
      query_id: 'q-1',
      error: expect.objectContaining({ code: '60' }) as object,
    }),
  );
  expect(lines.length).toBeGreaterThan(3);
  expect(JSON.stringify(lines)).not.toContain('secret-value');
});
