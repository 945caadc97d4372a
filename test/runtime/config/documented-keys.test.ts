import { describe, expect, it } from 'vitest';
import { ConfigError, loadClickHouseConfig } from '../../../runtime/src/index.js';
import { keyNames } from '../../../runtime/src/config/options.js';
import { codeSpans, rowsBelow } from '../../docs/runtime-readme.js';

const rows = rowsBelow('All keys').map(([key = '', type = '', , fallback = '', range = '', variable = '']) => ({
  key: codeSpans(key)[0] ?? '',
  type,
  fallback,
  range,
  variable: codeSpans(variable)[0],
}));
const numeric = rows.flatMap(({ key, fallback, range, variable = '' }) => {
  const [, least, most] = /^([\d,]+) to ([\d,]+)$/.exec(range) ?? [];
  return least === undefined || most === undefined ? [] : [{ key, fallback, variable, least: numberOf(least), most: numberOf(most) }];
});

function numberOf(text: string): number {
  return Number(text.replaceAll(',', ''));
}

const configOf = (env: Record<string, string>, input: object = {}) => loadClickHouseConfig(input, { CLICKHOUSE_URL: 'http://h', ...env });

/** Values that a variable of this key accepts, together with the URL of the test. */
const values: Readonly<Record<string, string>> = {
  url: 'http://h',
  host: 'h',
  port: '9123',
  pathname: '/p',
  accessToken: 'abc',
  secure: 'no',
  compressRequests: 'on',
  compressResponses: 'on',
};

const valueFor = (key: string): string => values[key] ?? (numeric.some((row) => row.key === key) ? '7' : 'text');

describe('the table of all keys in the README', () => {
  it('has a row for each key, and no other', () => {
    const inCode = ['settings', 'client', 'connection', 'environment'];
    expect(rows.map(({ key }) => key).sort()).toEqual([...keyNames, ...inCode].sort());
    expect(rows.filter(({ variable }) => variable === undefined).map(({ key }) => key)).toEqual(inCode);
  });

  const readable = rows.filter(({ key, variable }) => variable !== undefined && !/File$|^dataPath$|^password$|^accessToken$/.test(key));
  it.each(readable)('names the variable of $key', ({ key, variable = '' }) => {
    const config = configOf({ [variable]: valueFor(key) });
    expect(Object.entries(config.provenance)).toContainEqual([key === 'url' ? 'host' : key, variable]);
  });

  it.each(numeric)('has the default and the range of $key', ({ key, fallback, variable, least, most }) => {
    const read = (value: string): unknown => Reflect.get(configOf({ [variable]: value }), key);
    const isAccepted = (value: number): boolean => {
      try {
        configOf({ [variable]: String(value) });
        return true;
      } catch (error) {
        if (error instanceof ConfigError) return false;
        throw error;
      }
    };
    if (/^[\d,]+$/.test(fallback)) expect(Reflect.get(configOf({}), key)).toBe(numberOf(fallback));
    else expect(Reflect.get(configOf({}), key)).toBeUndefined();
    expect([read(String(least)), read(String(most))]).toEqual([least, most]);
    expect([least - 1, most + 1, least + 0.5].map(isAccepted)).toEqual([false, false, false]);
  });

  it('has the defaults of the keys that are text or boolean', () => {
    const { engine, database } = configOf({});
    expect(engine).toMatchObject({
      kind: 'server',
      url: 'http://h:8123',
      username: 'default',
      compressRequests: false,
      compressResponses: false,
    });
    expect(database).toBe('default');
    expect(configOf({ CLICKHOUSE_URL: '', CLICKHOUSE_HOST: 'h', CLICKHOUSE_SECURE: '1' }).engine).toMatchObject({ url: 'https://h:8443' });
    expect(loadClickHouseConfig({}, {}).engine).toEqual({ kind: 'embedded', dataPath: ':memory:' });
  });
});

describe('the variables of other tools in the README', () => {
  const others = rowsBelow('Variables of other tools').flatMap(([variables = '', key = '']) =>
    codeSpans(variables)
      .filter((name) => name.startsWith('CLICKHOUSE_'))
      .map((variable) => ({ variable, key: codeSpans(key)[0] ?? '' })),
  );
  const valueOf: Readonly<Record<string, string>> = { CLICKHOUSE_PROTOCOL: 'http', CLICKHOUSE_PASS: 'secret' };

  it.each(others)('$variable is read as $key', ({ variable, key }) => {
    const env = key === 'host' ? { CLICKHOUSE_URL: '' } : {};
    const value = valueOf[variable] ?? valueFor(key);
    expect(Object.entries(configOf({ ...env, [variable]: value }).provenance)).toContainEqual([key, variable]);
  });
});
