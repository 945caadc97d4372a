import type { ServerAnswer } from './server.js';

/** `Code: 62. DB::Exception: …`; `Code: 62, e.displayText() = DB::Exception: …` of old servers; `Poco::Exception. Code: 1000, …` of what lies below. */
const opening =
  /(?:Code|Error): (\d+)(?:\. |, e\.displayText\(\) = )(?:DB|Coordination|Poco|std)::(?:[\w:]*Exception: )?|(?:Poco|std)::[\w:]*exception\. Code: (\d+), /gi;
/** How it ends: type, version, the marks of old servers. */
const closing = /(?:,? e\.what\(\) = \S+|\((?:version|official) [^\n]*\)|\([A-Z][A-Z0-9_]{2,}\))$/;
const longestText = 64 * 1024;
/** Patterns that are anchored at the end look at no more than this, so that no text makes them slow. */
const longestClosing = 300;

/** Reads what a server writes when a statement fails. Only where the text begins so: it may quote any other, and so may anybody. */
export function parseServerText(text: string): ServerAnswer | undefined {
  const trimmed = text.slice(0, longestText).trim();
  const [match] = trimmed.matchAll(opening);
  if (match?.index !== 0) return undefined;
  let words = trimmed.slice(match[0].length);
  let type: string | undefined;
  const hasType = !match[0].includes('displayText');
  for (let end = closingOf(words); end !== undefined; end = closingOf(words)) {
    if (/^\([A-Z]/.test(end)) {
      // Any other belongs to the message: `expected one of (SELECT)`.
      if (type !== undefined || !hasType) break;
      type = end.slice(1, -1);
    }
    words = words.slice(0, -end.length).trimEnd();
  }
  return { clickhouseCode: Number(match[1] ?? match[2]), type, text: words };
}

function closingOf(text: string): string | undefined {
  return closing.exec(text.slice(-longestClosing))?.[0];
}

const frame = '__exception__\r\n';

/**
 * The exception that a server put behind the rows when a statement failed after its headers were sent.
 * Give the end of the body, 64 KiB at most. `tag` is the header `x-clickhouse-exception-tag`: with it this is certain. Without it, on
 * servers before 25.11, a text that a column holds and that looks exactly so, at the very end of the body, is taken for one.
 */
export function findInBandException(tail: string, tag?: string): ServerAnswer | undefined {
  if (tag !== undefined) return findTagged(tail, tag);
  const end = tail.slice(-longestText).trimEnd();
  const row = /(?:^|\n)(?:\{"exception": |\t"exception": )("(?:[^"\\]|\\.)*")\s?\}(?:\s*\])?$/.exec(end)?.[1];
  if (row !== undefined) return parseServerText(unquoted(row));
  const start = [...end.matchAll(opening)].at(-1)?.index;
  return start !== undefined && closingOf(end) !== undefined ? parseServerText(end.slice(start)) : undefined;
}

function findTagged(tail: string, tag: string): ServerAnswer | undefined {
  const end = `${tag}\r\n${frame}`;
  if (!tail.endsWith(end)) return undefined;
  const start = tail.lastIndexOf(`${frame}${tag}`, tail.length - end.length - 1);
  const framed = start === -1 ? tail : tail.slice(start + frame.length + tag.length);
  return parseServerText(framed.slice(0, -end.length).replace(/\n\d+ $/, ''));
}

function unquoted(json: string): string {
  const text: unknown = JSON.parse(json);
  return typeof text === 'string' ? text : '';
}
