import { describe, expect, test } from 'vitest';
import { BodyContent } from '../../../runtime/src/statement/body-content.js';

/** Adds the text in chunks of this many bytes, before or after the scan begins. */
function contentOf(text: string, size: number, scanBegins: 'before' | 'after' = 'before'): BodyContent {
  const content = new BodyContent();
  if (scanBegins === 'before') content.beginScan();
  for (let start = 0; start < text.length; start += size) content.add(Buffer.from(text.slice(start, start + size)));
  if (scanBegins === 'after') content.beginScan();
  return content;
}

const exception = '{"n":1}\nCode: 395. DB::Exception: a\n{"n":2}\n';

describe('the content of a body', () => {
  test.each(Array.from(exception, (_, index) => index + 1))('may have an exception that arrived in chunks of %i bytes', (size) => {
    expect(contentOf(exception, size).mayHaveException).toBe(true);
    expect(contentOf(exception, size, 'after').mayHaveException).toBe(true);
  });

  test.each([1, 5, 6, 64])('has no exception among rows in chunks of %i bytes', (size) => {
    expect(contentOf('{"n":"Code"}\n'.repeat(20), size).mayHaveException).toBe(false);
  });

  test('may have an exception if its beginning is no longer known', () => {
    expect(contentOf('x'.repeat(200_000), 65_536, 'after').mayHaveException).toBe(true);
  });

  test('may have an exception after a chunk that is no bytes', () => {
    const content = new BodyContent();
    content.addUnknown();
    content.beginScan();
    expect(content.mayHaveException).toBe(true);
  });

  test('keeps the last 64 KiB', () => {
    const text = Array.from({ length: 40_000 }, (_, n) => `${n}\n`).join('');
    expect(contentOf(text, 1_000).tail.toString()).toBe(text.slice(-65_536));
  });
});
