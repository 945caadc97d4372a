import { ClickHouseClient } from '@clickhouse/client';
import { overrideInspect } from '../config/secret.js';
import { UnsupportedByBackendError } from '../errors/index.js';

type ClientInput = ConstructorParameters<typeof ClickHouseClient>[0];
type Implementation = ClientInput['impl'];

/**
 * A client of the official class without a connection, as the base of services: TypeScript accepts an object where a `ClickHouseClient` is
 * expected only if it extends that class, which has private members. A subclass replaces every method. A method that only a newer version
 * of the official client has fails, and bypasses nothing.
 */
export class DetachedClient extends ClickHouseClient {
  /** @param name what the object is, for logs */
  constructor(name: string) {
    super({ impl: implementation(name) });
    overrideInspect(name, this);
  }
}

/** Opens no connection. Each part rejects its use. */
function implementation(name: string): Implementation {
  const reject = (): never => {
    throw new UnsupportedByBackendError(
      `The ${name}`,
      'this method of the installed @clickhouse/client',
      'Use query, insert, command or exec, or update @clickhouse-ssot/runtime.',
    );
  };
  const rejectLater = (): Promise<never> => Promise.resolve().then(reject);
  return {
    make_connection: () => ({
      query: rejectLater,
      insert: rejectLater,
      command: rejectLater,
      exec: rejectLater,
      ping: rejectLater,
      close: rejectLater,
    }),
    make_result_set: reject,
    values_encoder: () => ({ validateInsertValues: reject, encodeValues: reject }),
  };
}
