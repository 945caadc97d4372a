/** A user of the front. */
export interface FrontUser {
  readonly name: string;
  /** Empty: the user needs no password. */
  readonly password: string;
  /** The user's token for `Authorization: Bearer`. */
  readonly token?: string;
  /** Value of the setting `readonly` in each of the user's statements. Default: 0. */
  readonly readonly?: 0 | 1 | 2;
}

/** Options of the front's process. */
export interface FrontOptions {
  /** TCP port on 127.0.0.1. 0: a free port. */
  readonly port: number;
  /** Folder of the engine's data. */
  readonly dataPath: string;
  /** Folder for named pipes and request bodies. */
  readonly temporaryPath: string;
  readonly users: readonly FrontUser[];
  /** Time without a request after which a connection is closed, in seconds. */
  readonly keepAliveSeconds: number;
}

/** The user whose statements need no password. */
export const defaultUser: FrontUser = { name: 'default', password: '' };

/** Returns the options in the text that the parent process passes as an argument. @throws SyntaxError, TypeError */
export function parseOptions(text: string): FrontOptions {
  const parsed: unknown = JSON.parse(text);
  if (!isOptions(parsed)) throw new TypeError(`The options of the HTTP front are invalid: ${text}`);
  return parsed;
}

function isOptions(value: unknown): value is FrontOptions {
  return (
    typeof value === 'object' &&
    value !== null &&
    'port' in value &&
    'dataPath' in value &&
    'temporaryPath' in value &&
    'keepAliveSeconds' in value &&
    'users' in value &&
    Array.isArray(value.users)
  );
}
