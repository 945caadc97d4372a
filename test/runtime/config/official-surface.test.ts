import type {
  ClickHouseClient,
  ClickHouseClientConfigOptions,
  CommandParams,
  ExecParams,
  InsertParams,
  QueryParams,
} from '@clickhouse/client';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { officialOptions, type PassedOption } from '../../../runtime/src/config/official-options.js';
import type { ClickHouseClientOptions, ConfiguredClientOptions, ManagedClient } from '../../../runtime/src/index.js';
import { repository } from '../../places.js';

/*
 * The surface of the official client, held by the type checker. Each list below has exactly the keys of a type of the client: a version with
 * a further one fails the type check, until its place is decided.
 */

/** The methods that a service replaces. */
const methods = {
  query: 'replaced',
  insert: 'replaced',
  command: 'replaced',
  exec: 'replaced',
  ping: 'replaced',
  close: 'replaced',
  [Symbol.asyncDispose]: 'replaced',
} as const satisfies Readonly<Record<keyof ClickHouseClient, 'replaced'>>;

/**
 * The parameters of a statement. `passed`: unchanged to the client. `completed`: the runtime adds its own value, such as the query id of a
 * further attempt.
 */
type Handling = 'passed' | 'completed';

const withoutParams = {
  clickhouse_settings: 'completed',
  abort_signal: 'completed',
  query_id: 'completed',
  session_id: 'passed',
  role: 'passed',
  auth: 'passed',
  http_headers: 'passed',
  use_multipart_params: 'passed',
  use_multipart_params_auto: 'passed',
} as const;
const common = { ...withoutParams, query_params: 'passed' } as const;
const exec = { ...common, query: 'passed', decompress_response_stream: 'passed', ignore_error_response: 'passed' } as const;

type PingParams = NonNullable<Parameters<ClickHouseClient['ping']>[0]>;
/** The keys of all members of a union. */
type KeysOf<Union> = Union extends unknown ? keyof Union : never;

const parameters = {
  query: { ...common, query: 'passed', format: 'passed' } satisfies Record<keyof QueryParams, Handling>,
  insert: { ...common, table: 'passed', values: 'passed', format: 'passed', columns: 'passed' } satisfies Record<
    keyof InsertParams,
    Handling
  >,
  command: exec satisfies Record<keyof CommandParams, Handling>,
  exec: { ...exec, values: 'passed' } satisfies Record<keyof ExecParams | KeysOf<Parameters<ClickHouseClient['exec']>[0]>, Handling>,
  ping: { ...withoutParams, select: 'passed' } satisfies Record<KeysOf<PingParams>, Handling>,
};

/** Has a value only if the types are equal. */
type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : never) : never;

describe('the surface of the official client', () => {
  it('is known completely: options, methods and parameters', () => {
    const options: Same<keyof typeof officialOptions, keyof ClickHouseClientConfigOptions | 'impl'> = true;
    const passed: Same<PassedOption, keyof ClickHouseClientOptions> = true;
    const types: Same<Required<ConfiguredClientOptions>, Required<Pick<ClickHouseClientConfigOptions, PassedOption>>> = true;
    const service: Same<keyof ManagedClient, keyof typeof methods> = true;
    expect([options, passed, types, service]).toEqual([true, true, true, true]);
    expect(Object.keys(parameters)).toEqual(Object.keys(methods).filter((name) => name !== 'close'));
  });

  const page = readFileSync(join(repository, 'runtime/README.md'), 'utf8');
  const section = /^### Options of the official client\n(.*?)^##/ms.exec(page)?.[1] ?? '';
  const rows = new Map([...section.matchAll(/^\| `(\w+)` +\| (.*) \|$/gm)].map(([, name = '', place = '']) => [name, place]));

  it('has a row in the README for each option, and no other row', () => {
    expect([...rows.keys()].sort()).toEqual(Object.keys(officialOptions).sort());
  });

  it.each(Object.entries(officialOptions))('has the right row in the README: %s', (name, place) => {
    const row = rows.get(name) ?? '';
    if (place.kind === 'passed') expect(row).toContain(`\`client.${name}\``);
    else if (place.kind === 'refused') expect(row).toMatch(/^none/);
    else for (const [, key = ''] of place.instead.matchAll(/"([\w.]+)"/g)) expect(row).toContain(`\`${key}\``);
  });
});
