import type { Agent } from 'node:http';
import type { ClickHouseClient } from '@clickhouse/client';
import type { ClickHouseConfig, Engine } from '../config/config.js';
import { agentFor } from './agent.js';
import { readTlsFiles } from './tls.js';

/** Resolves with the options of the official client for a server. @throws ConfigError if a TLS file cannot be read */
export async function serverOptions(engine: Extract<Engine, { kind: 'server' }>, config: ClickHouseConfig) {
  const { database, requestTimeoutMs } = config;
  const { url, pathname, role, username, compressRequests, compressResponses } = engine;
  const [password, files] = [engine.password.reveal(), await readTlsFiles(engine)];
  const common = {
    url,
    database,
    ...(engine.accessToken ? { access_token: engine.accessToken.reveal() } : { username, password }),
    ...(pathname !== undefined && { pathname }),
    ...(role && { role: [...role] }),
    request_timeout: requestTimeoutMs,
    compression: compressionOf(config.client, compressRequests, compressResponses),
  };
  const { http_agent } = config.client;
  if (http_agent) return { ...common, http_agent };
  // Without a password the certificate authenticates the user, and only the official client's own agent sends the header for it. That agent
  // has no connect timeout, and its sockets are not counted. Permits limit the statements: the queue of an agent has no bound and no timeout.
  return files.identity && password === '' && !engine.accessToken
    ? {
        ...common,
        max_open_connections: Infinity,
        tls: { ...files.identity, ca_cert: files.ca ?? Buffer.from(process.getBuiltinModule('node:tls').rootCertificates.join('\n')) },
      }
    : { ...common, http_agent: agentFor(url, config, files) };
}

/** Returns the agent that a client has created. The client declares it private, so it may be absent in another version. */
export function agentOf(client: ClickHouseClient): Agent | undefined {
  const connection: unknown = Reflect.get(client, 'connection');
  const agent: unknown = typeof connection === 'object' && connection !== null ? Reflect.get(connection, 'agent') : undefined;
  return agent instanceof process.getBuiltinModule('node:http').Agent ? agent : undefined;
}

/** Returns the codecs for the directions that are compressed. */
function compressionOf({ compression = {} }: ClickHouseConfig['client'], request: boolean, response: boolean) {
  const { request: requestCodec = true, response: responseCodec = true } = compression;
  return { request: request && requestCodec, response: response && responseCodec };
}
