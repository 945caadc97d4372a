import {
  array,
  boolean,
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
import { hostnameOf, normalPathname } from './address-syntax.js';
import { nativePorts } from './native-ports.js';
import { describeShape, findTextFault, type TextFault } from './text-shape.js';

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

/** A text that may contain a password is described by its shape. A URL may, also as the value of another key. */
function quote(input: unknown): string {
  if (typeof input === 'number' || typeof input === 'boolean') return String(input);
  if (typeof input !== 'string') return describeShape(input);
  return /[@\p{Cc}]|-----/u.test(input) || findTextFault(input) ? describeShape(input) : JSON.stringify(input);
}

const rejectIf = <T>(findFault: (value: T) => TextFault | undefined) =>
  rawCheck<T>(({ dataset, addIssue }) => {
    const fault = dataset.typed ? findFault(dataset.value) : undefined;
    if (fault) addIssue({ received: fault.found, message: fault.expected });
  });

const trimmed = (expected: string) => pipe(string(expected), trim(), nonEmpty(expected));
const plainText = (expected: string) => pipe(trimmed(expected), rejectIf(findTextFault));

/** Rejects `NaN`, fractions and texts such as `10s`, which would disable a limit or fail much later. */
const wholeNumber = (max: number, expected: string, min = 1) => {
  const digits = pipe(string(), trim(), regex(/^\d+$/, expected), transform(Number));
  return pipe(union([number(), digits], expected), integer(expected), minValue(min, expected), maxValue(max, expected));
};

export const count = validatorOf(() => wholeNumber(1_000_000, 'a whole number, 1 to 1,000,000'));
export const countFromZero = validatorOf(() => wholeNumber(1_000_000, 'a whole number, 0 to 1,000,000', 0));
export const milliseconds = validatorOf(() => wholeNumber(86_400_000, 'a whole number of milliseconds, 1 to 86,400,000'));

function findPortFault(value: number): TextFault | undefined {
  const http = nativePorts.get(value);
  if (http === undefined) return undefined;
  return { found: `port ${value} of the native protocol`, expected: `the port of the HTTP interface, usually ${http}` };
}

export const port = validatorOf(() => pipe(wholeNumber(65_535, 'a port, 1 to 65,535'), rejectIf(findPortFault)));

const [trueWords, falseWords] = [new Set(['true', '1', 'yes', 'on']), new Set(['false', '0', 'no', 'off'])];
const isTrueWord = (word: string) => trueWords.has(word);
const booleanWord = () => pipe(string(), trim(), toLowerCase(), picklist([...trueWords, ...falseWords]), transform(isTrueWord));

export const flag = validatorOf(() => union([boolean(), booleanWord()], 'true or false'));
/** Whether the word is `https`. `CLICKHOUSE_PROTOCOL` of other tools. */
export const protocol = validatorOf(() => {
  const expected = 'http or https; this package does not speak the native protocol';
  const isHttps = (word: 'http' | 'https') => word === 'https';
  return pipe(string(expected), trim(), toLowerCase(), picklist(['http', 'https'], expected), transform(isHttps));
});
export const text = validatorOf(() => plainText('text that is not empty'));
/** Any text, since a password may have quotes, spaces and the form of a placeholder. */
export const secret = validatorOf(() => string('text'), describeShape);

const expectedToken = 'a token: letters, digits and - . _ ~ + / =';
export const token = validatorOf(() => pipe(string(expectedToken), trim(), regex(/^[\w.~+/=-]+$/, expectedToken)), describeShape);

/** Basic authentication separates user and password by the first colon. */
const findUserFault = (name: string): TextFault | undefined =>
  name.includes(':') ? { found: 'a user name with ":"', expected: 'a name without it, since HTTP cannot send it' } : undefined;
export const user = validatorOf(() => pipe(plainText('text that is not empty'), rejectIf(findUserFault)));

const findHeaderFault = (value: string): TextFault | undefined =>
  /^[\x20-\x7e\x80-\xff]+$/.test(value)
    ? undefined
    : { found: `${JSON.stringify(value)}, which no HTTP header can hold`, expected: 'text of Latin characters' };
export const headerText = validatorOf(() => pipe(plainText('text that is not empty'), rejectIf(findHeaderFault)));

const expectedNames = 'a name, or several names separated by commas';
const splitNames = (names: string | string[]) => (typeof names === 'string' ? names.split(',') : names).map((name) => name.trim());
const areNames = (names: string[]) => names.length > 0 && names.every((name) => name !== '' && !findTextFault(name));
const findNameFault = (names: string[]): TextFault | undefined =>
  areNames(names)
    ? undefined
    : { found: names.length === 0 ? 'an empty list' : 'an empty name, or one that is no name', expected: expectedNames };
/** A text with commas, or a list of texts. */
export const nameList = validatorOf(() =>
  pipe(union([string(), array(string())], expectedNames), transform(splitNames), rejectIf(findNameFault)),
);

const joined = (parts: string[]) => parts.join(',');
/** A text with commas, or a list of texts. */
export const urls = validatorOf(() => union([string(), pipe(array(string()), transform(joined))], 'text'), describeShape);

const expectedHost = 'the name or address of a host, host:port, or a URL';
const findHostFault = (value: string): TextFault | undefined =>
  findTextFault(value) ??
  (hostnameOf(value) === undefined
    ? { found: describeHost(value), expected: value.includes(',') ? severalHosts : expectedHost }
    : undefined);
const severalHosts = 'one host; several servers are URLs separated by commas in the key for the URL';
const describeHost = (value: string) => (/^[^\s/@:]*$/.test(value) ? JSON.stringify(value) : describeShape(value));
const normalHost = (value: string) => hostnameOf(value) ?? value;

export const host = validatorOf(() => pipe(string(expectedHost), trim(), rejectIf(findHostFault), transform(normalHost)), describeShape);

const expectedPathname = 'the path of ClickHouse behind a proxy, such as /clickhouse';
const findPathnameFault = (value: string): TextFault | undefined =>
  findTextFault(value) ??
  (normalPathname(value) === undefined
    ? { found: `the path ${quote(value)}`, expected: `${expectedPathname}, without ? # and ..` }
    : undefined);
export const pathname = validatorOf(() =>
  pipe(
    string(expectedPathname),
    trim(),
    rejectIf(findPathnameFault),
    transform((value) => normalPathname(value) ?? value),
  ),
);

/** Validates the path of a PEM file, not its content: only some run times have files. */
export const pemPath = validatorOf(() => pipe(trimmed('the path of a PEM file'), rejectIf(findContentFault)));

/** Detects the content of a file in place of its path. It may be a private key in any encoding, which must not be shown. */
function findContentFault(path: string): TextFault | undefined {
  if (/-----|^[\w+/=]{100,}$/.test(path)) return { found: 'the content of a PEM file', expected: 'its path' };
  return /[\r\n]/.test(path) ? { found: 'a value of several lines', expected: 'its path' } : findTextFault(path);
}
