import type { ConfigProblem } from '../errors/index.js';
import type { ClickHouseClientOptions } from './client-options.js';
import type { ParsedValues } from './parsed-values.js';

/** Options that also mean something without a server. The values of `compression` become values of own keys. */
const neutralOptions = new Set(['json', 'log', 'compression']);

/** Yields the problems of options that are valid alone, and contradict keys of this package. */
export function* clientConflicts(options: ClickHouseClientOptions, { values, sources }: ParsedValues): Iterable<ConfigProblem> {
  const { http_agent, set_basic_auth_header } = options;
  const isServer = values.host !== undefined;
  // A server whose URL or host is invalid has its own problem.
  if (!isServer && sources.url === undefined && sources.host === undefined)
    for (const name of Object.keys(options))
      if (!neutralOptions.has(name))
        yield {
          key: `client.${name}`,
          found: 'an option for a server, and no server',
          expected: 'the URL of a server as well; the embedded engine does not use this option',
        };
  if (set_basic_auth_header === false && values.password !== undefined && values.password !== '')
    yield {
      key: 'client.set_basic_auth_header',
      found: `false, and a password (${String(sources.password)})`,
      expected: 'no password: without the header nothing sends it',
    };
  if (http_agent && isServer) yield* agentConflicts(http_agent, values.secure === true, sources);
}

/** The agent opens the connections, so keys for the agent of this package have no effect. */
function* agentConflicts(agent: object, secure: boolean, sources: ParsedValues['sources']): Iterable<ConfigProblem> {
  for (const key of ['caFile', 'certFile', 'keyFile', 'connectTimeoutMs'] as const)
    if (sources[key] !== undefined)
      yield {
        key: sources[key],
        found: 'a value for the connections of this package, and client.http_agent, which opens its own',
        expected: 'the option of that agent instead',
      };
  // An agent of another class may choose its protocol for each request.
  const [http, https] = [process.getBuiltinModule('node:http').Agent, process.getBuiltinModule('node:https').Agent];
  const prototype = Reflect.getPrototypeOf(agent);
  if (prototype === (secure ? http : https).prototype)
    yield {
      key: 'client.http_agent',
      found: `an agent of node:${secure ? 'http' : 'https'}, and a server ${secure ? 'with' : 'without'} TLS`,
      expected: `an agent of node:${secure ? 'https' : 'http'}`,
    };
}
