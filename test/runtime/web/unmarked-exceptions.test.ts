import type { DataFormat } from '@clickhouse/client-web';
import { describe, expect, it } from 'vitest';
import { ownHeaders, serviceAnswering } from './service-answering.js';

const exception = 'Code: 395. DB::Exception: boom:\nwhile executing. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)\n';

/** Returns the result of a server before 25.11, whose body has these chunks. */
async function resultOf(chunks: readonly string[], format: DataFormat = 'JSONEachRow') {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
      controller.close();
    },
  });
  const send = () => Promise.resolve(new Response(body, { headers: ownHeaders }));
  return serviceAnswering(send).query({ query: 'SELECT n FROM t', format });
}

/** Reads the lines of a result until it ends or fails. */
async function linesOf(result: Awaited<ReturnType<typeof resultOf>>): Promise<{ readonly lines: string[]; readonly failure?: unknown }> {
  const lines: string[] = [];
  const reader = result.stream().getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) lines.push(...part.value.map(({ text }) => text));
    return { lines };
  } catch (failure) {
    return { lines, failure };
  }
}

const expected = { kind: 'StreamError', cause: { kind: 'ServerError', clickhouseCode: 395 } };

describe('an exception after rows, which the server has not marked', () => {
  it.each([
    ['in one chunk', [`{"n":1}\n${exception}`]],
    ['in a chunk of its own', ['{"n":1}\n', exception]],
    ['in chunks of one byte', Array.from(`{"n":1}\n${exception}`)],
    ['without rows before it', [exception]],
    ['behind a part of a row', ['{"n":1}\n{"n":', exception]],
    ['behind a row with its text and many others', ['{"n":"Code: 1"}\n', '{"n":1}\n'.repeat(10_000), exception]],
  ])('%s is the error of json() and of text()', async (_, chunks) => {
    await expect((await resultOf(chunks)).json()).rejects.toMatchObject(expected);
    await expect((await resultOf(chunks)).text()).rejects.toMatchObject(expected);
  });

  it.each([
    ['JSONEachRow', ['{"n":1}\n', exception]],
    ['CSV', ['1\n', exception]],
    ['JSONEachRow', ['{"n":1}\n{"n":', exception]],
    ['CSV', ['Code: 1\n', '1\n'.repeat(40_000), exception]],
    ['JSONEachRow', [`{"exception":"${'y'.repeat(70_000)}"}\n`, `{"exception": ${JSON.stringify(exception.trim())}}\n`]],
    ['JSONEachRow', ['{"n":1}\n', `{"exception": ${JSON.stringify(exception.trim())}}\n`]],
    ['JSONCompactEachRow', ['[1,2]\n', `[${JSON.stringify(exception.trim())}]\n`]],
  ] as const)('is no row of a stream of %s', async (format, chunks) => {
    const { lines, failure } = await linesOf(await resultOf(chunks, format));
    expect(failure).toMatchObject(expected);
    expect(lines.filter((line) => /Code: 395|executing/.test(line))).toEqual([]);
  });
});

describe('rows that begin like an exception', () => {
  it.each([
    ['CSV', ['Code: 1\nCo', 'de: 2\nC', '\n', '3\n']],
    ['JSONEachRow', ['{"exception":"a"}\n', '{"exception":"b"}\n']],
    ['JSONCompactEachRow', ['["Code: 1"]\n["Co', 'de: 2"]\n', '[3]\n']],
  ] as const)('are rows of %s', async (format, chunks) => {
    expect(await linesOf(await resultOf(chunks, format))).toEqual({ lines: chunks.join('').trimEnd().split('\n') });
  });

  it('are delivered before the end if more follow than an exception has', async () => {
    const many = 'Code: 1\n'.repeat(10_000);
    let isEnded = false;
    const body = new ReadableStream<Uint8Array>({
      start: (controller) => controller.enqueue(new TextEncoder().encode(many)),
      cancel: () => void (isEnded = true),
    });
    const send = () => Promise.resolve(new Response(body, { headers: ownHeaders }));
    const result = await serviceAnswering(send).query({ query: 'SELECT n FROM t', format: 'CSV' });
    const reader = result.stream().getReader();
    const { value = [] } = await reader.read();
    // The last 64 KiB may be an exception.
    expect([value.length, isEnded]).toEqual([(80_000 - 65_536) / 8, false]);
    await reader.cancel();
  });
});
