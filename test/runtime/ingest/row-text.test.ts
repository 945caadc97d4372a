import { describe, expect, it } from 'vitest';
import { RowText } from '../../../runtime/src/ingest/batch/row-text.js';

describe('the content of a batch is its lines in UTF-8, each with a line feed, for', () => {
  const lines = { ASCII: 'plain', Latin: 'Zoë', 'an emoji': '🙂', 'half of an emoji': '🙂'.slice(0, 1) };
  const counts = [1, 63, 64, 65, 200];
  it.each(Object.entries(lines).flatMap(([name, line]) => counts.map((count) => [count, name, line] as const)))(
    '%i lines with %s',
    (count, _, line) => {
      const text = new RowText();
      for (let index = 0; index < count; index++) text.add(`{"id":${index},"name":"${index === count - 1 ? line : 'plain'}"}`);
      const expected = Buffer.from(text.toString());
      const content = Buffer.alloc(expected.length + 2);
      text.writeTo(content, 1, expected.length);
      expect(content.subarray(1, -1)).toEqual(expected);
      expect([content.at(0), content.at(-1)]).toEqual([0, 0]);
      expect(expected.toString().split('\n')).toHaveLength(count + 1);
    },
  );
});
