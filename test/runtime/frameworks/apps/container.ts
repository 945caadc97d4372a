import { createInterface } from 'node:readline';
import { clickHouse } from '@clickhouse-ssot/runtime';

/** A container of a serverless platform: one connection for each container, and one statement for each line of standard input. */
const clickhouse = clickHouse();

const statements: Readonly<Record<string, () => Promise<unknown>>> = {
  read: async () => (await clickhouse.query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' })).json(),
  write: () => clickhouse.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' }),
};

async function run(name: string): Promise<void> {
  try {
    await statements[name]?.();
    console.log('done');
  } catch (error) {
    console.log(String(error));
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const [name = '', delayMs] = line.split(' ');
  // A timer that has expired during the freeze runs before the process sees the closed connection.
  if (delayMs === undefined) await run(name);
  else setTimeout(() => void run(name), Number(delayMs));
}
