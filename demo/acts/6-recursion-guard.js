import {
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  ConnectionRecursionError,
  closeClickHouse,
  getClickHouseClient,
  loadClickHouseConfig,
  useClickHouseConnectionManager,
} from '@clickhouse-ssot/runtime';
import { environment } from '../fixtures.js';

/** Repeats the mistake of the outage: code that runs while a connection is created calls the getter. */
const onCreate = async () => {
  const client = await getClickHouseClient();
  await client.ping();
};

/** @type {import('../act.js').Act} */
export default {
  title: 'The same mistake at run time: the getter is called while a connection is created',

  async play(stage) {
    const factory = new ClickHouseConnectionFactory({ onCreate });
    useClickHouseConnectionManager(new ClickHouseConnectionManager({ config: loadClickHouseConfig({}, environment()), factory }), factory);
    stage.show(`onCreate = ${onCreate}`);
    try {
      const client = await getClickHouseClient();
      const error = await client.command({ query: 'SELECT 1' }).catch((/** @type {unknown} */ thrown) => thrown);
      stage.show(String(error));
      stage.claim(
        'the call fails at once with ConnectionRecursionError, the path and the remedy',
        error instanceof ConnectionRecursionError,
      );
    } finally {
      await closeClickHouse();
    }
  },
};
