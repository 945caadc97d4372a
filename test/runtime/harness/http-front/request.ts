import type { IncomingMessage } from 'node:http';
import { decoded } from './codings.js';
import { notImplemented } from './exceptions.js';
import { formFields } from './multipart.js';

/** A request of the HTTP interface. */
export interface FrontRequest {
  /** Query and body as the server reads them: one after the other, in latin1. */
  readonly source: string;
  readonly parameters: URLSearchParams;
  /** Settings in the order of the parameters. */
  readonly settings: ReadonlyMap<string, string>;
  /** Values of the query's parameters, without the prefix `param_`. */
  readonly values: ReadonlyMap<string, string>;
}

/** Parameters of the interface. All others are settings. */
const reserved = new Set([
  'query',
  'query_id',
  'database',
  'default_format',
  'user',
  'password',
  'quota_key',
  'role',
  'session_id',
  'session_timeout',
  'session_check',
  'close_session',
  'stacktrace',
  'compress',
  'decompress',
  'buffer_size',
  'wait_end_of_query',
  'client_protocol_version',
]);

/** Reads a request. @throws ServerException; the connection's error if it breaks off */
export async function readRequest(request: IncomingMessage, url: URL): Promise<FrontRequest> {
  const body = await decoded(Buffer.concat(await request.toArray()), request.headers['content-encoding']);
  const parameters = new URLSearchParams(url.searchParams);
  for (const name of ['compress', 'decompress'])
    if (['1', 'true'].includes(parameters.get(name) ?? ''))
      throw notImplemented(`The parameter \`${name}\` is for ClickHouse's own compression.`);
  const isForm = request.headers['content-type']?.startsWith('multipart/form-data') ?? false;
  if (isForm) for (const [name, value] of formFields(body, request.headers['content-type'] ?? '')) parameters.append(name, value);
  const query = parameters.get('query') ?? '';
  const separator = query === '' || isForm ? '' : '\n';
  const entries = [...parameters];
  return {
    source: Buffer.from(query + separator).toString('latin1') + (isForm ? '' : body.toString('latin1')),
    parameters,
    settings: new Map(entries.filter(([name]) => !reserved.has(name) && !name.startsWith('param_'))),
    values: new Map(entries.filter(([name]) => name.startsWith('param_')).map(([name, value]) => [name.slice('param_'.length), value])),
  };
}
