/** A text that no value of the configuration can be, with what to write instead. */
export interface TextFault {
  readonly found: string;
  readonly expected: string;
}

/** A shape that tells what a text is without its content, which may be a secret. */
interface Shape {
  readonly matches: (text: string) => boolean;
  readonly describe: (text: string) => string;
}

const placeholder = /\$\{\s*(\w+)?/;
const isQuoted = (text: string) => /^\s*(["'`])(.*)\1\s*$/s.test(text);
const hasControlCharacter = (text: string) => /\p{Cc}/u.test(text);

/** `${NAME}` anywhere. The other notations only as the whole text, since a name may contain their characters. */
const isPlaceholder = (text: string) =>
  placeholder.test(text) || /^(\$[A-Za-z_]\w*|\$\(.*\)|\{\{.*\}\}|<[\w .-]+>|%\w+%)$/.test(text.trim());

/** The name of the variable is shown and its default is not, since that may be a secret. */
function describePlaceholder(text: string): string {
  const name = placeholder.exec(text)?.[1];
  return name === undefined ? 'a placeholder that was not replaced' : `an unexpanded \${${name}}`;
}

/** In the order of precision. */
const shapes: readonly Shape[] = [
  { matches: (text) => text === '', describe: () => 'an empty text' },
  { matches: (text) => text.trim() === '', describe: () => 'only spaces' },
  { matches: (text) => text.includes('-----'), describe: () => 'the content of a PEM file' },
  { matches: (text) => /[\r\n]/.test(text.trim()), describe: () => 'a value of several lines' },
  { matches: isQuoted, describe: () => 'text in quotes' },
  { matches: isPlaceholder, describe: describePlaceholder },
  { matches: hasControlCharacter, describe: () => 'text with a control character' },
  { matches: (text) => text.includes('://'), describe: () => 'a URL' },
  { matches: (text) => text.includes('@'), describe: () => 'text with "@", as in user:password@host' },
  { matches: (text) => /^[^\s:]+:\d+$/.test(text), describe: () => 'host:port' },
  { matches: (text) => /^\[?[\da-f:.]+%\w+\]?$/i.test(text), describe: () => 'an IPv6 address with a zone' },
  { matches: (text) => /^\S+(\s*,\s*\S+)+$/.test(text), describe: () => 'several values separated by commas' },
  { matches: (text) => /^\s/.test(text), describe: () => 'text with a space at the beginning' },
  { matches: (text) => /\s$/.test(text), describe: () => 'text with a space at the end' },
  { matches: (text) => /\s/.test(text), describe: () => 'text with a space in it' },
  { matches: (text) => text.includes('/'), describe: () => 'text with "/"' },
];

/** Describes a value that may contain a secret by its shape, never by its content. */
export function describeShape(input: unknown): string {
  if (typeof input === 'string') return shapes.find(({ matches }) => matches(input))?.describe(input) ?? 'a text of another form';
  if (input === null || input === undefined) return String(input);
  if (Array.isArray(input)) return 'a list';
  return typeof input === 'object' ? 'an object' : `a ${typeof input}`;
}

/** Returns the fault of a text that its source did not mean, or undefined: left-over quotes, a placeholder, a control character. */
export function findTextFault(text: string): TextFault | undefined {
  if (isQuoted(text)) return { found: 'text in quotes', expected: 'it without the quotes, which `docker --env-file` passes on' };
  if (isPlaceholder(text)) return { found: describePlaceholder(text), expected: 'the value; nothing replaced the placeholder' };
  return hasControlCharacter(text.trim())
    ? { found: describeShape(text), expected: 'text of one line without control characters' }
    : undefined;
}
