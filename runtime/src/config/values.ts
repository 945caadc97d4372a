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

/** Reads one value as its key wants it. `name` is what the reader knows it by: a key or a variable. */
export function readValue(key: Key, given: unknown, name: string): Reading {
  const { kind } = keys[key];
  const shown = kind === 'secret' || kind === 'url' ? 'a value that is not shown' : show(given);
  const wrong = (expected: string): Reading => ({ ok: false, problem: { key: name, found: shown, expected } });
  switch (kind) {
    case 'flag': {
      const flag = typeof given === 'boolean' ? given : typeof given === 'string' ? flags.get(given.trim().toLowerCase()) : undefined;
      return flag === undefined ? wrong('true or false') : { ok: true, value: flag };
    }
    case 'port':
      return readInteger(given, 1, 65_535) ?? wrong('a port, 1 to 65535');
    case 'count':
      return readInteger(given, 1, 1_000_000) ?? wrong('a whole number, 1 or more');
    case 'milliseconds':
      return readInteger(given, 1, 86_400_000) ?? wrong('a whole number of milliseconds, 1 or more');
    case 'text':
      return typeof given === 'string' && given.trim() !== '' ? { ok: true, value: given.trim() } : wrong('text that is not empty');
    default:
      return typeof given === 'string' ? { ok: true, value: given } : wrong('text');
  }
}

function show(given: unknown): string {
  return typeof given === 'string' ? JSON.stringify(given) : String(given);
}

/** `NaN`, fractions and half-numbers like `10s` would otherwise pass and blow up, or unbound a queue, much later. */
function readInteger(given: unknown, least: number, most: number): Reading | undefined {
  const number = typeof given === 'number' ? given : typeof given === 'string' && /^\s*\d+\s*$/.test(given) ? Number(given) : Number.NaN;
  return Number.isInteger(number) && number >= least && number <= most ? { ok: true, value: number } : undefined;
}
