import {
  type ClickHouseConfigInput,
  ClickHouseConnectionFactory,
  ClickHouseConnectionManager,
  type ClickHouseSsotError,
  loadClickHouseConfig,
  type ManagerOptions,
  parseFailure,
} from '../../runtime/src/index.js';

export const selectOne = { query: 'SELECT 1 AS n', format: 'JSONEachRow' } as const;

interface Given {
  readonly input?: ClickHouseConfigInput;
  readonly options?: Partial<ManagerOptions>;
}

/** A manager that is closed with the test. */
export function managerOf(
  url: string,
  { input = {}, options = {} }: Given = {},
): { readonly manager: ClickHouseConnectionManager } & AsyncDisposable {
  const manager = new ClickHouseConnectionManager({
    config: loadClickHouseConfig({ url, ...input }, {}),
    factory: new ClickHouseConnectionFactory(),
    ...options,
  });
  return { manager, [Symbol.asyncDispose]: () => manager.close() };
}

/** What a caller makes of the failure that it gets. */
export async function failureOf(promise: Promise<unknown>): Promise<ClickHouseSsotError> {
  return promise.then(
    () => {
      throw new Error('It was expected to fail, and did not.');
    },
    (error: unknown) => parseFailure(error),
  );
}
