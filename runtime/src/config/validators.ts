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

/** The valid value, or a description of the input and of the valid values. */
export type ValidationResult<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly found: string; readonly expected: string };

/** Validates and converts an input. The type hides valibot, since users of this package cannot resolve its types. */
export type Validator<T> = (input: unknown) => ValidationResult<T>;

/**
 * Returns a validator for a schema. The message of the schema says what is expected. `describe` says what was found, since valibot would
 * quote a secret. The schema is created at the first validation: at import, all schemas together would be a large part of the load time.
 */
function validatorOf<T>(createSchema: () => GenericSchema<unknown, T>, describe: (input: unknown) => string = quote): Validator<T> {
  let schema: GenericSchema<unknown, T> | undefined;
  return (input) => {
    const result = safeParse((schema ??= createSchema()), input);
    if (result.success) return { ok: true, value: result.output };
    const [{ type, received, message }] = result.issues;
    return { ok: false, found: type === 'raw_check' ? received : describe(input), expected: message };
  };
}

/** For values that may contain a password. A URL may, also as the value of another key. */
const hide = () => 'a value that is not shown';

function quote(input: unknown): string {
  if (typeof input !== 'string') return String(input);
  return /[@\r\n]|-----/.test(input) ? hide() : JSON.stringify(input);
}

/** A value that has the right type and is invalid. */
interface Fault {
  /** What was found. */
  readonly received: string;
  /** What was expected. */
  readonly message: string;
}

const rejectIf = <T>(findFault: (value: T) => Fault | undefined) =>
  rawCheck<T>(({ dataset, addIssue }) => {
    const fault = dataset.typed ? findFault(dataset.value) : undefined;
    if (fault) addIssue(fault);
  });

const trimmed = (expected: string) => pipe(string(expected), trim(), nonEmpty(expected));

/** Rejects `NaN`, fractions and texts such as `10s`, which would disable a limit or fail much later. */
const wholeNumber = (max: number, expected: string, min = 1) => {
  const digits = pipe(string(), trim(), regex(/^\d+$/, expected), transform(Number));
  return pipe(union([number(), digits], expected), integer(expected), minValue(min, expected), maxValue(max, expected));
};

export const count = validatorOf(() => wholeNumber(1_000_000, 'a whole number, 1 to 1,000,000'));
export const countFromZero = validatorOf(() => wholeNumber(1_000_000, 'a whole number, 0 to 1,000,000', 0));
export const milliseconds = validatorOf(() => wholeNumber(86_400_000, 'a whole number of milliseconds, 1 to 86,400,000'));

/** The default ports of the native protocol, with the default HTTP port of the same server. They are rejected and not replaced: the user chooses the port. */
const nativePorts: ReadonlyMap<number, number> = new Map([
  [9000, 8123],
  [9440, 8443],
]);

function findPortFault(value: number): Fault | undefined {
  const http = nativePorts.get(value);
  if (http === undefined) return undefined;
  return { received: `port ${value} of the native protocol`, message: `the port of the HTTP interface, usually ${http}` };
}

export const port = validatorOf(() => pipe(wholeNumber(65_535, 'a port, 1 to 65,535'), rejectIf(findPortFault)));

const [trueWords, falseWords] = [new Set(['true', '1', 'yes', 'on']), new Set(['false', '0', 'no', 'off'])];
const isTrueWord = (word: string) => trueWords.has(word);
const booleanWord = () => pipe(string(), trim(), toLowerCase(), picklist([...trueWords, ...falseWords]), transform(isTrueWord));

export const flag = validatorOf(() => union([boolean(), booleanWord()], 'true or false'));
export const text = validatorOf(() => trimmed('text that is not empty'));
export const secret = validatorOf(() => string('text'), hide);

const joined = (parts: string[]) => parts.join(',');
/** A text with commas, or a list of texts. */
export const urls = validatorOf(() => union([string(), pipe(array(string()), transform(joined))], 'text'), hide);

const expectedHost = 'the name or address of a host and nothing else; a port and a URL have their own keys';
const bracketed = (value: string) => (isIPv6(value) ? `[${value}]` : value);
const isHost = (value: string) => /^[^\s/@:?#,[\]\\]+$/.test(value) || isIPv6(/^\[(.*)\]$/.exec(value)?.[1] ?? '');

export const host = validatorOf(() => pipe(string(expectedHost), trim(), transform(bracketed), check(isHost, expectedHost)), hide);

const pem = { certificate: /-----BEGIN [A-Z0-9 ]*CERTIFICATE-----/, 'private-key': /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----/ };

/** Returns a validator for the path of a PEM file that contains a block of this kind. A file with both kinds is valid for either. */
export function pemFile(kind: keyof typeof pem): Validator<string> {
  const findFault = (path: string) => findContentFault(path) ?? findFileFault(path, kind);
  return validatorOf(() => pipe(trimmed('the path of a PEM file'), rejectIf(findFault)));
}

/** Detects the content of a file in place of its path. It may be a private key in any encoding, which must not be shown. */
function findContentFault(path: string): Fault | undefined {
  if (/-----|^[\w+/=]{100,}$/.test(path)) return { received: 'the content of a PEM file', message: 'its path' };
  return /[\r\n]/.test(path) ? { received: 'a value of several lines', message: 'its path' } : undefined;
}

function findFileFault(path: string, kind: keyof typeof pem): Fault | undefined {
  const otherKind = kind === 'certificate' ? 'private-key' : 'certificate';
  const [name, otherName] = [kind.replace('-', ' '), otherKind.replace('-', ' ')];
  const fault = (description: string): Fault => ({
    received: `${JSON.stringify(path)}, which ${description}`,
    message: `the path of a PEM file with a ${name}, which this process can read`,
  });
  try {
    const content = readFileSync(path, 'latin1');
    if (pem[kind].test(content)) return undefined;
    return fault(pem[otherKind].test(content) ? `holds a ${otherName} and no ${name}` : 'holds no PEM');
  } catch (error) {
    return fault(error instanceof Error && 'code' in error ? `cannot be read (${String(error.code)})` : 'cannot be read');
  }
}
