// A server that answers like ClickHouse, at once and from memory. Sends its port to the parent process.
import { createServer } from 'node:http';

const row = (/** @type {number} */ id) => `{"id":${id},"name":"name of row ${id}","value":${id / 7}}\n`;
const blockOfRows = Buffer.from(Array.from({ length: 1_000 }, (_, id) => row(id)).join(''));
const blockOfText = Buffer.from(`${'x'.repeat(99)}\n`.repeat(10_000));
/** Each answer as a block and its number. @type {Readonly<Record<string, readonly [Buffer, number]>>} */
const answers = { rows: [blockOfRows, 1_000], text: [blockOfText, 80], small: [Buffer.from(row(1)), 1] };

const server = createServer((request, response) => {
  let text = '';
  request.on('data', (chunk) => {
    if (text === '') text = String(chunk.subarray(0, 10));
  });
  request.on('end', async () => {
    const [block, count] = answers[/^\w+/.exec(text)?.[0] ?? ''] ?? [Buffer.alloc(0), 0];
    response.setHeader('x-clickhouse-summary', '{"read_rows":"1"}');
    for (let index = 0; index < count; index++)
      if (!response.write(block)) await new Promise((resolve) => response.once('drain', () => resolve(undefined)));
    response.end();
  });
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : undefined);
});
