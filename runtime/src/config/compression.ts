import type { ClickHouseClientOptions } from './client-options.js';
import type { LoadedValues } from './load-sources.js';
import { withoutPrototype } from './own-properties.js';

const compressionKeys = { request: 'compressRequests', response: 'compressResponses' } as const;

/**
 * Returns the values with those that codecs imply: a codec turns compression on, and so do `true` and `false` in its place. The options are
 * code, so they go before variables. Both in code must not contradict each other.
 */
export function applyCompression(parsed: LoadedValues, { compression = {} }: ClickHouseClientOptions): LoadedValues {
  const [values, sources] = [withoutPrototype({ ...parsed.values }), withoutPrototype({ ...parsed.sources })];
  const problems = [...parsed.problems];
  for (const direction of ['request', 'response'] as const) {
    const codec = compression[direction];
    const key = compressionKeys[direction];
    if (codec === undefined) continue;
    const isOn = codec !== false;
    const name = `client.compression.${direction}`;
    if (sources[key] === key && values[key] !== undefined && values[key] !== isOn)
      problems.push({
        key: name,
        found: `compression that is ${isOn ? 'on' : 'off'}, and ${key}: ${String(values[key])}`,
        expected: 'only one of the two',
      });
    values[key] = isOn;
    sources[key] = name;
  }
  return { ...parsed, values, sources, problems };
}
