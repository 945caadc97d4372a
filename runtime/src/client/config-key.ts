import { createHash } from 'node:crypto';
import type { ClickHouseConfig } from '../config/config.js';
import { identityNumber } from '../process/object-identity.js';

/** Returns a hash over everything that distinguishes two connections. It includes the secrets, which cannot be recovered from it. */
export function configKey({
  engine,
  database,
  application,
  connectTimeoutMs,
  requestTimeoutMs,
  settings,
  client,
}: ClickHouseConfig): string {
  const identity =
    engine.kind === 'server'
      ? [
          engine.url,
          engine.username,
          engine.password.reveal(),
          engine.accessToken?.reveal() ?? null,
          engine.pathname ?? null,
          engine.role ?? null,
          engine.caFile ?? null,
          engine.certFile ?? null,
          engine.keyFile ?? null,
          engine.compressRequests,
          engine.compressResponses,
        ]
      : ['embedded', engine.dataPath];
  const sorted = Object.entries(settings).sort(([one], [other]) => (one < other ? -1 : 1));
  const parts = [...identity, database, application ?? null, connectTimeoutMs, requestTimeoutMs, sorted, comparable(client)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Functions, classes and objects of classes are equal if they are the same, and all other values if their content is. */
function comparable(value: unknown): unknown {
  if (typeof value === 'function') return ['function', identityNumber(value)];
  if (typeof value !== 'object' || value === null) return value;
  const prototype = Reflect.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return ['object', identityNumber(value)];
  const entries: [string, unknown][] = Object.entries(value);
  return entries.map(([name, inner]) => [name, comparable(inner)] as const).sort(([one], [other]) => (one < other ? -1 : 1));
}
