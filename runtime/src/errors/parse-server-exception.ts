import type { ServerException } from './server.js';

/** `Code: 62. DB::Exception: …`; `Code: 62, e.displayText() = DB::Exception: …` of old servers; `Poco::Exception. Code: 1000, …` of libraries. */
export const prefixes =
  /(?:Code|Error): (\d+)(?:\. |, e\.displayText\(\) = )(?:DB|Coordination|Poco|std)::(?:[\w:]*Exception: )?|(?:Poco|std)::[\w:]*exception\. Code: (\d+), /gi;
/** The type, the version, and the suffix of old servers. */
const suffix = /(?:,? e\.what\(\) = \S+|\((?:version|official) [^\n]*\)|\([A-Z][A-Z0-9_]{2,}\))$/;
/** In characters. */
export const maxTextLength = 64 * 1024;
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

/** Returns the part after the message at the end of a text: the type or the version of an exception. Undefined if there is none. */
export function suffixOf(text: string): string | undefined {
  return suffix.exec(text.slice(-maxSuffixLength))?.[0];
}
