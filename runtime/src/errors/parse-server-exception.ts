import type { ServerException } from './server.js';

/** `Code: 62. DB::Exception: …`; `Code: 62, e.displayText() = DB::Exception: …` of old servers; `Poco::Exception. Code: 1000, …` of libraries. */
const prefixes =
  /(?:Code|Error): (\d+)(?:\. |, e\.displayText\(\) = )(?:DB|Coordination|Poco|std)::(?:[\w:]*Exception: )?|(?:Poco|std)::[\w:]*exception\. Code: (\d+), /gi;
/** The type, the version, and the suffix of old servers. */
const suffix = /(?:,? e\.what\(\) = \S+|\((?:version|official) [^\n]*\)|\([A-Z][A-Z0-9_]{2,}\))$/;
/** In characters. */
const maxTextLength = 64 * 1024;
/** In characters. Limits the input of patterns that are anchored at the end, so that a long text does not make them slow. */
const maxSuffixLength = 300;

/** Parses an exception text of the server. Returns undefined unless the text begins with the prefix: other texts may only quote one. */
export function parseServerText(text: string): ServerException | undefined {
  const trimmed = text.slice(0, maxTextLength).trim();
  const [match] = trimmed.matchAll(prefixes);
  if (match?.index !== 0) return undefined;
  let message = trimmed.slice(match[0].length);
  let type: string | undefined;
  const hasType = !match[0].includes('displayText');
  for (let end = suffixOf(message); end !== undefined; end = suffixOf(message)) {
    if (/^\([A-Z]/.test(end)) {
      // A further one belongs to the message: `expected one of (SELECT)`.
      if (type !== undefined || !hasType) break;
      type = end.slice(1, -1);
    }
    message = message.slice(0, -end.length).trimEnd();
  }
  return { clickhouseCode: Number(match[1] ?? match[2]), type, text: message };
}

function suffixOf(text: string): string | undefined {
  return suffix.exec(text.slice(-maxSuffixLength))?.[0];
}

const frameMarker = '__exception__\r\n';

/**
 * Returns the exception that a server appended to the rows when the statement failed after the headers were sent, or undefined.
 *
 * Without a tag, on servers before 25.11, a column value at the end of the body that looks exactly like an exception is mistaken for one.
 * @param tail the end of the body, at most 64 KiB
 * @param tag the header `x-clickhouse-exception-tag`. With it, the result is exact.
 */
export function findInBandException(tail: string, tag?: string): ServerException | undefined {
  if (tag !== undefined) return findTagged(tail, tag);
  const end = tail.slice(-maxTextLength).trimEnd();
  const row = /(?:^|\n)(?:\{"exception": |\t"exception": )("(?:[^"\\]|\\.)*")\s?\}(?:\s*\])?$/.exec(end)?.[1];
  if (row !== undefined) return parseServerText(parseJsonString(row));
  const start = [...end.matchAll(prefixes)].at(-1)?.index;
  return start !== undefined && suffixOf(end) !== undefined ? parseServerText(end.slice(start)) : undefined;
}

function findTagged(tail: string, tag: string): ServerException | undefined {
  const end = `${tag}\r\n${frameMarker}`;
  if (!tail.endsWith(end)) return undefined;
  const start = tail.lastIndexOf(`${frameMarker}${tag}`, tail.length - end.length - 1);
  const framed = start === -1 ? tail : tail.slice(start + frameMarker.length + tag.length);
  return parseServerText(framed.slice(0, -end.length).replace(/\n\d+ $/, ''));
}

function parseJsonString(json: string): string {
  const text: unknown = JSON.parse(json);
  return typeof text === 'string' ? text : '';
}
