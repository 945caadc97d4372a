import type { IncomingMessage } from 'node:http';
import { ServerException } from './exceptions.js';
import type { FrontUser } from './options.js';

/** An exception whose response asks for credentials, since the request has none. */
export class MissingCredentials extends ServerException {}

/** Returns the user of a request. @throws ServerException */
export function authenticate(request: IncomingMessage, parameters: URLSearchParams, users: readonly FrontUser[]): FrontUser {
  const headerUser = first(request.headers['x-clickhouse-user']);
  const headerKey = first(request.headers['x-clickhouse-key']);
  const authorization = request.headers.authorization;
  const hasHeaders = headerUser !== undefined || headerKey !== undefined;
  const hasParameters = parameters.has('user') || parameters.has('password');
  if ([hasHeaders, authorization !== undefined, hasParameters].filter(Boolean).length > 1)
    throw failed('Invalid authentication: it is not allowed to use several ways of authentication simultaneously');
  const [scheme = '', credentials = ''] = authorization?.split(' ') ?? [];
  if (scheme.toLowerCase() === 'bearer') {
    const owner = users.find(({ token }) => token !== undefined && token === credentials);
    if (owner === undefined) throw failed('Authentication failed: the token is not valid.');
    return owner;
  }
  if (scheme !== '' && scheme.toLowerCase() !== 'basic')
    throw failed(`Invalid authentication: '${scheme}' HTTP Authorization scheme is not supported`);
  const basic = Buffer.from(credentials, 'base64').toString();
  const [basicName, basicPassword] = basic.includes(':')
    ? [basic.slice(0, basic.indexOf(':')), basic.slice(basic.indexOf(':') + 1)]
    : [basic, ''];
  const name = headerUser ?? (authorization === undefined ? parameters.get('user') : basicName) ?? 'default';
  const password = headerKey ?? (authorization === undefined ? parameters.get('password') : basicPassword) ?? '';
  const user = users.find((each) => each.name === name && each.password === password);
  if (user !== undefined) return user;
  const message = `${name}: Authentication failed: password is incorrect, or there is no user with such name.`;
  throw hasHeaders || hasParameters || authorization !== undefined
    ? failed(message)
    : new MissingCredentials(516, 'AUTHENTICATION_FAILED', message);
}

function failed(message: string): ServerException {
  return new ServerException(516, 'AUTHENTICATION_FAILED', message);
}

function first(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}
