import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import type { ConfigProblem } from '../errors.js';
import { keys, type Key } from './keys.js';

export type Value = string | number | boolean;

export type Reading = { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: ConfigProblem };

const flags: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['yes', true],
  ['on', true],
  ['false', false],
  ['0', false],
  ['no', false],
  ['off', false],
]);

/** The ports of the native protocol, and the usual HTTP port of a server that has them. */
const nativePorts: ReadonlyMap<number, number> = new Map([
  [9000, 8123],
  [9440, 8443],
]);

/** Reads one value as its key wants it. `name` is what the reader knows it by: a key or a variable. */
export function readValue(key: Key, given: unknown, name: string): Reading {
  const { kind } = keys[key];
  const wrong = (expected: string, found = show(given)): Reading => ({ ok: false, problem: { key: name, found, expected } });
  switch (kind) {
    case 'flag': {
      const flag = typeof given === 'boolean' ? given : typeof given === 'string' ? flags.get(given.trim().toLowerCase()) : undefined;
      return flag === undefined ? wrong('true or false') : { ok: true, value: flag };
    }
    case 'port': {
      const port = readInteger(given, 1, 65_535);
      if (port === undefined) return wrong(`a port, 1 to 65,535${serviceLink(given, name)}`);
      const http = nativePorts.get(port);
      // Mapping it would connect to a port that nobody named.
      return http === undefined
        ? { ok: true, value: port }
        : wrong(`the port of the HTTP interface, usually ${http}`, `port ${port}, which speaks the native protocol`);
    }
    case 'count':
      return whole(readInteger(given, 1, 1_000_000)) ?? wrong('a whole number, 1 to 1,000,000');
    case 'milliseconds':
      return whole(readInteger(given, 1, 86_400_000)) ?? wrong('a whole number of milliseconds, 1 to 86,400,000');
    case 'host':
      return readHost(given) ?? wrong('the name or address of a host and nothing else: a port and a URL have keys of their own', hidden);
    case 'file': {
      if (typeof given !== 'string' || given.trim() === '') return wrong('the path of a PEM file');
      const content = contentIn(given.trim());
      if (content !== undefined) return wrong('its path', content);
      const fault = faultOfPem(given.trim(), key === 'keyFile' ? 'private key' : 'certificate');
      return fault === undefined
        ? { ok: true, value: given.trim() }
        : wrong('the path of a PEM file that this process may read', `${JSON.stringify(given.trim())}, ${fault}`);
    }
    case 'text':
      return typeof given === 'string' && given.trim() !== '' ? { ok: true, value: given.trim() } : wrong('text that is not empty');
    default:
      return typeof given === 'string' ? { ok: true, value: given } : wrong('text', hidden);
  }
}

const pem = { certificate: /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/, 'private key': /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/ };

/** A file of both serves as either. */
function faultOfPem(path: string, wanted: keyof typeof pem): string | undefined {
  const other = wanted === 'certificate' ? 'private key' : 'certificate';
  try {
    const text = readFileSync(path, 'latin1');
    if (pem[wanted].test(text)) return undefined;
    return `which holds ${pem[other].test(text) ? `a ${other} and no ${wanted}` : 'no PEM'}`;
  } catch (error) {
    return error instanceof Error && 'code' in error ? `which cannot be read (${String(error.code)})` : 'which cannot be read';
  }
}

/** What stands where a path should: a key must not be shown, whichever way it was put into one value. */
function contentIn(path: string): string | undefined {
  if (/-----|^[\w+/=]{100,}$/.test(path)) return 'the content of a PEM file';
  return /[\r\n]/.test(path) ? 'a value of several lines' : undefined;
}

/** Kubernetes gives each container the addresses of all services, by variables of their names. */
function serviceLink(given: unknown, variable: string): string {
  if (typeof given !== 'string' || !given.startsWith('tcp://')) return '';
  const service = variable
    .replace(/_PORT$/, '')
    .replaceAll('_', '-')
    .toLowerCase();
  return ` (Kubernetes sets it for a service called "${service}": enableServiceLinks: false)`;
}

/** For what may hold a password: a URL does, also where it does not belong. */
const hidden = 'a value that is not shown';

function show(given: unknown): string {
  if (typeof given !== 'string') return String(given);
  return /[@\r\n]|-----/.test(given) ? hidden : JSON.stringify(given);
}

function readHost(given: unknown): Reading | undefined {
  if (typeof given !== 'string') return undefined;
  const host = given.trim();
  if (isIPv6(host)) return { ok: true, value: `[${host}]` };
  return /^[^\s/@:?#,[\]\\]+$/.test(host) || (host.startsWith('[') && host.endsWith(']') && isIPv6(host.slice(1, -1)))
    ? { ok: true, value: host }
    : undefined;
}

function whole(number: number | undefined): Reading | undefined {
  return number === undefined ? undefined : { ok: true, value: number };
}

/** `NaN`, fractions and half-numbers like `10s` would otherwise pass and blow up, or unbound a queue, much later. */
function readInteger(given: unknown, least: number, most: number): number | undefined {
  const number = typeof given === 'number' ? given : typeof given === 'string' && /^\s*\d+\s*$/.test(given) ? Number(given) : Number.NaN;
  return Number.isInteger(number) && number >= least && number <= most ? number : undefined;
}
