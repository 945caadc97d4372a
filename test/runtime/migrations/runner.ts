import { clickHouse, closeClickHouse } from '../../../runtime/src/index.js';
import { migrate, MigrationError, type MigrationService } from '../../../runtime/src/migrations.js';
import { parseRunnerOptions } from './start-runner.js';

/** The process of one runner. Its argument is the options as JSON. It writes its result as JSON to standard output. */
const { url, database, folder, hangsAt, leaseMs } = parseRunnerOptions(process.argv[2] ?? '');
const clickhouse = clickHouse({ url, database, requestTimeoutMs: 60_000, env: false });

/** A service that never sends the statement with this text, as a process that is stopped before it. */
const hanging: MigrationService = {
  query: (params) => clickhouse.query(params),
  insert: (params) => clickhouse.insert(params),
  command: (params) => {
    if (hangsAt === undefined || !params.query.includes(hangsAt)) return clickhouse.command(params);
    console.log('hanging');
    return new Promise(() => setInterval(() => undefined, 60_000));
  },
};

try {
  console.log(JSON.stringify(await migrate(hanging, { folder, ...(leaseMs !== undefined && { leaseMs }) })));
} catch (error) {
  console.log(JSON.stringify({ reason: error instanceof MigrationError ? error.reason : String(error), message: String(error) }));
}
await closeClickHouse();
