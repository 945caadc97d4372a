import { createInterface } from 'node:readline';
import { clickHouse } from '@clickhouse-ssot/runtime';

/** A container of a serverless platform: one connection for each container, and one statement for each line of standard input. */
const clickhouse = clickHouse();

for await (const line of createInterface({ input: process.stdin })) {
  try {
    if (line === 'read') await (await clickhouse.query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' })).json();
    else await clickhouse.insert({ table: 'events', values: [{ id: 1 }], format: 'JSONEachRow' });
    console.log('done');
  } catch (error) {
    console.log(String(error));
  }
}
