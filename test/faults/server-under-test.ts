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
  /** The configuration besides the URL. Default: none. */
  readonly input?: ClickHouseConfigInput;
  /** Further options of the manager. Default: none. */
  readonly options?: Partial<ManagerOptions>;
}

/** Returns a manager of these servers. Disposal closes it. */
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

/** Resolves with the error of a rejected promise. @throws if it resolves */
export async function failureOf(promise: Promise<unknown>): Promise<ClickHouseSsotError> {
  return promise.then(
    () => {
      throw new Error('Expected a failure, found success.');
    },
    (error: unknown) => parseFailure(error),
  );
}
