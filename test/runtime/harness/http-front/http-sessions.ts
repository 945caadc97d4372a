import { type Engine, type EngineConnection } from './engine.js';
import { ServerException } from './exceptions.js';

const defaultTimeoutSeconds = 60;
const maxTimeoutSeconds = 3_600;

/** The connection of a request, which the request gives back. */
export interface LeasedConnection {
  readonly connection: EngineConnection;
  /** Whether later requests use the connection. */
  readonly isKept: boolean;
  readonly release: () => void;
}

interface HttpSession {
  readonly connection: EngineConnection;
  isInUse: boolean;
  expiry: NodeJS.Timeout | undefined;
}

/** Returns the function that leases the connection of a request: its session's, or a new one. */
export function sessionsOf(engine: Engine): (parameters: URLSearchParams, user: string) => LeasedConnection {
  const sessions = new Map<string, HttpSession>();

  return (parameters, user) => {
    const id = parameters.get('session_id') ?? '';
    if (id === '') {
      const connection = engine.connect();
      return { connection, isKept: false, release: () => connection.close() };
    }
    const timeout = timeoutOf(parameters);
    const key = JSON.stringify([user, id]);
    const existing = sessions.get(key);
    if (existing === undefined && parameters.get('session_check') === '1')
      throw new ServerException(372, 'SESSION_NOT_FOUND', `Session ${id} not found`);
    if (existing?.isInUse === true) throw new ServerException(373, 'SESSION_IS_LOCKED', `Session ${id} is locked by a concurrent client`);
    const session: HttpSession = existing ?? { connection: engine.connect(), isInUse: true, expiry: undefined };
    sessions.set(key, session);
    clearTimeout(session.expiry);
    session.isInUse = true;
    const close = (): void => {
      sessions.delete(key);
      session.connection.close();
    };
    return {
      connection: session.connection,
      isKept: true,
      release: () => {
        session.isInUse = false;
        if (parameters.get('close_session') === '1') close();
        else session.expiry = setTimeout(close, timeout * 1_000).unref();
      },
    };
  };
}

function timeoutOf(parameters: URLSearchParams): number {
  const text = parameters.get('session_timeout');
  if (text === null) return defaultTimeoutSeconds;
  if (!/^\d+$/.test(text)) throw new ServerException(374, 'INVALID_SESSION_TIMEOUT', `Invalid session timeout: '${text}'`);
  if (Number(text) > maxTimeoutSeconds)
    throw new ServerException(
      374,
      'INVALID_SESSION_TIMEOUT',
      `Session timeout '${text}' is larger than max_session_timeout: ${maxTimeoutSeconds}. Maximum session timeout could be modified in configuration file.`,
    );
  return Number(text);
}
