import { createHash } from 'node:crypto';
import { Secret } from '../config/secret.js';
import { identityNumber } from '../process/object-identity.js';

/**
 * Returns a hash of the value. Two values that say the same have the same hash, also if two evaluations of one module made them, as hot
 * module replacement and bundles for each route do. Secrets are part of the hash, and cannot be recovered from it.
 * - Data is compared by its content, without keys that are undefined. A frozen object counts as data.
 * - A function is compared by its source text, and a native or bound one by identity, since their texts are all the same.
 * - Other objects, such as an agent or a tracer, are compared by identity.
 */
export function identityOf(value: unknown): string {
  return createHash('sha256').update(describe(value)).digest('hex');
}

function describe(value: unknown): string {
  if (value instanceof Secret) return `secret ${JSON.stringify(value.reveal())}`;
  if (typeof value === 'function') {
    const text = Function.prototype.toString.call(value);
    return text.includes('[native code]') ? idOf(value) : `function ${JSON.stringify(text)}`;
  }
  if (typeof value === 'object' && value !== null) return describeObject(value);
  return typeof value === 'string' ? JSON.stringify(value) : `${typeof value} ${String(value)}`;
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return `[${value.map(describe).join()}]`;
  if (ArrayBuffer.isView(value)) return `bytes ${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}`;
  if (!isData(value)) return idOf(value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return `{${entries
    .map(([key, inner]) => `${JSON.stringify(key)}:${describe(inner)}`)
    .sort()
    .join()}}`;
}

/** Whether the object is a literal, of any realm, or cannot change. */
function isData(value: object): boolean {
  const prototype = Reflect.getPrototypeOf(value);
  return prototype === null || Reflect.getPrototypeOf(prototype) === null || Object.isFrozen(value);
}

function idOf(value: object): string {
  return `object ${identityNumber(value)}`;
}
