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

interface ManagerInput {
  readonly input?: ClickHouseConfigInput;
  readonly options?: Partial<ManagerOptions>;
}

/** Creates a manager that is closed at the end of the test. */
export function managerOf(
  url: string,
  { input = {}, options = {} }: ManagerInput = {},
): { readonly manager: ClickHouseConnectionManager } & AsyncDisposable {
  const manager = new ClickHouseConnectionManager({
    config: loadClickHouseConfig({ url, ...input }, {}),
    factory: new ClickHouseConnectionFactory(),
    ...options,
  });
  return { manager, [Symbol.asyncDispose]: () => manager.close() };
}

/** Returns the error that a caller receives. */
export async function failureOf(promise: Promise<unknown>): Promise<ClickHouseSsotError> {
  return promise.then(
    () => {
      throw new Error('Expected a failure, found success.');
    },
    (error: unknown) => parseFailure(error),
  );
}
