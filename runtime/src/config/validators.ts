import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import {
  array,
  boolean,
  check,
  type GenericSchema,
  integer,
  maxValue,
  minValue,
  nonEmpty,
  number,
  picklist,
  pipe,
  rawCheck,
  regex,
  safeParse,
  string,
  toLowerCase,
  transform,
  trim,
  union,
} from 'valibot';

export type ParseResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly found: string; readonly expected: string };

/** A schema, as far as declarations may know: whoever installs this package has no valibot to read its types from. */
export type Read<T> = (given: unknown) => ParseResult<T>;

/**
 * The message of a schema says what was expected, and what was found is said by us: by valibot it would be quoted, whatever it is. Schemas are
 * made when the first value is read: they are a good part of what importing this package would cost.
 */
function by<T>(make: () => GenericSchema<unknown, T>, show: (given: unknown) => string = shown): Read<T> {
  let schema: GenericSchema<unknown, T> | undefined;
  return (given) => {
    const result = safeParse((schema ??= make()), given);
    if (result.success) return { ok: true, value: result.output };
    const [{ type, received, message }] = result.issues;
    return { ok: false, found: type === 'raw_check' ? received : show(given), expected: message };
  };
}

/** For what may hold a password: a URL does, also where it does not belong. */
const hidden = () => 'a value that is not shown';

function shown(given: unknown): string {
  if (typeof given !== 'string') return String(given);
  return /[@\r\n]|-----/.test(given) ? hidden() : JSON.stringify(given);
}

/** What a value may not be although its schema lets it: what to call it, and what was expected. */
interface Fault {
  readonly received: string;
  readonly message: string;
}

const refuse = <T>(faultOf: (value: T) => Fault | undefined) =>
  rawCheck<T>(({ dataset, addIssue }) => {
    const fault = dataset.typed ? faultOf(dataset.value) : undefined;
    if (fault) addIssue(fault);
  });

const trimmed = (expected: string) => pipe(string(expected), trim(), nonEmpty(expected));

/** `NaN`, fractions and half-numbers like `10s` would otherwise pass and blow up, or unbound a queue, much later. */
const whole = (most: number, expected: string) => {
  const digits = pipe(string(), trim(), regex(/^\d+$/, expected), transform(Number));
  return pipe(union([number(), digits], expected), integer(expected), minValue(1, expected), maxValue(most, expected));
};

export const count = by(() => whole(1_000_000, 'a whole number, 1 to 1,000,000'));
export const milliseconds = by(() => whole(86_400_000, 'a whole number of milliseconds, 1 to 86,400,000'));

/** The ports of the native protocol, and the usual HTTP port of a server that has them. To map them would be to connect to a port that nobody named. */
const nativePorts: ReadonlyMap<number, number> = new Map([
  [9000, 8123],
  [9440, 8443],
]);

function faultOfPort(given: number): Fault | undefined {
  const http = nativePorts.get(given);
  if (http === undefined) return undefined;
  return { received: `port ${given}, which speaks the native protocol`, message: `the port of the HTTP interface, usually ${http}` };
}

export const port = by(() => pipe(whole(65_535, 'a port, 1 to 65,535'), refuse(faultOfPort)));

const [yes, no] = [new Set(['true', '1', 'yes', 'on']), new Set(['false', '0', 'no', 'off'])];
const isYes = (word: string) => yes.has(word);
const word = () => pipe(string(), trim(), toLowerCase(), picklist([...yes, ...no]), transform(isYes));

export const flag = by(() => union([boolean(), word()], 'true or false'));
export const text = by(() => trimmed('text that is not empty'));
export const secret = by(() => string('text'), hidden);

const joined = (parts: string[]) => parts.join(',');
/** A list says what a variable says with commas. */
export const urls = by(() => union([string(), pipe(array(string()), transform(joined))], 'text'), hidden);

const hostAlone = 'the name or address of a host and nothing else: a port and a URL have keys of their own';
const bracketed = (given: string) => (isIPv6(given) ? `[${given}]` : given);
const isHost = (given: string) => /^[^\s/@:?#,[\]\\]+$/.test(given) || isIPv6(/^\[(.*)\]$/.exec(given)?.[1] ?? '');

export const host = by(() => pipe(string(hostAlone), trim(), transform(bracketed), check(isHost, hostAlone)), hidden);

const pem = { certificate: /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/, 'private key': /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/ };

/** The path of a file with the one that is wanted; one of both serves as either. */
export function pemFile(wanted: keyof typeof pem): Read<string> {
  const faultOf = (path: string) => contentIn(path) ?? faultOfPem(path, wanted);
  return by(() => pipe(trimmed('the path of a PEM file'), refuse(faultOf)));
}

/** A key in place of its path must not be shown, whichever way it was put into one value. */
function contentIn(path: string): Fault | undefined {
  if (/-----|^[\w+/=]{100,}$/.test(path)) return { received: 'the content of a PEM file', message: 'its path' };
  return /[\r\n]/.test(path) ? { received: 'a value of several lines', message: 'its path' } : undefined;
}

function faultOfPem(path: string, wanted: keyof typeof pem): Fault | undefined {
  const other = wanted === 'certificate' ? 'private key' : 'certificate';
  const fault = (what: string): Fault => ({
    received: `${JSON.stringify(path)}, which ${what}`,
    message: `the path of a PEM file with a ${wanted}, that this process may read`,
  });
  try {
    const stored = readFileSync(path, 'latin1');
    if (pem[wanted].test(stored)) return undefined;
    return fault(pem[other].test(stored) ? `holds a ${other} and no ${wanted}` : 'holds no PEM');
  } catch (error) {
    return fault(error instanceof Error && 'code' in error ? `cannot be read (${String(error.code)})` : 'cannot be read');
  }
}
