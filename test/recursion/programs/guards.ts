import type { Pair } from './pair.js';

/** Returns an accessor and a manager that calls it with `args`. The pairs differ in the guard or in the arguments. */
function guard(name: string, why: string, accessor: string, args: string, overrides: Partial<Pick<Pair, 'path' | 'settings'>> = {}): Pair {
  return {
    name,
    why,
    path: ['getClient', 'Manager.take'],
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { manager } from './manager.js';
${accessor}`,
      'manager.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { getClient${accessor.includes('enum Mode') ? ', Mode' : ''} } from './client.js';
class Manager {
  take(): ClickHouseClient {
    return getClient(${args});
  }
}
export const manager = new Manager();`,
    },
    ...overrides,
  };
}

const flag = 'bypassManager: boolean): ClickHouseClient {';
const option = 'options: { bypassManager?: boolean } = {}): ClickHouseClient {';

function declared(bypass: object): Pick<Pair, 'settings'> {
  return { settings: { accessors: [{ module: 'client.ts', name: 'getClient', bypass }] } };
}

/** Programs whose manager calls the accessor back; a guard or an argument decides whether the cycle exists. */
export const guards: readonly Pair[] = [
  guard(
    'if and else',
    'The negation decides which branch a bypassed call takes.',
    `export function getClient(${flag}
  if («!→»bypassManager) return createClient();
  else return manager.take();
}`,
    'true',
  ),
  guard(
    'an early return',
    'Without the return, control goes on to the manager.',
    `export function getClient(${flag}
  if (bypassManager) «→return »createClient();
  return manager.take();
}`,
    'true',
  ),
  guard(
    'an early throw',
    'A throw ends the path to the manager; a warning does not.',
    `export function getClient(${flag}
  try {
    return managed(bypassManager);
  } catch {
    return createClient();
  }
}
function managed(direct: boolean): ClickHouseClient {
  if (direct) «console.warn→throw new Error»('this client has no manager');
  return manager.take();
}`,
    'true',
    { path: ['getClient', 'managed', 'Manager.take'] },
  ),
  guard(
    'a ternary',
    'The negation decides which branch a bypassed call takes.',
    `export function getClient(${flag}
  return «!→»bypassManager ? createClient() : manager.take();
}`,
    'true',
  ),
  guard(
    '&&',
    'The right side of && does not run if the left side is false.',
    `export function getClient(${flag}
  return (!bypassManager «||→&&» manager.take()) || createClient();
}`,
    'true',
  ),
  guard(
    '||',
    'A client is truthy, so the right side of || does not run.',
    `export function getClient(${flag}
  const direct = bypassManager ? createClient() : undefined;
  return direct «&&→||» manager.take();
}`,
    'true',
  ),
  guard(
    '??',
    'A client is not nullish, so the right side of ?? does not run.',
    `export function getClient(${flag}
  return (bypassManager ? «undefined→createClient()» : undefined) ?? manager.take();
}`,
    'true',
  ),
  guard(
    '?? as a default',
    'The default replaces the omitted option.',
    `export function getClient(${option}
  const isDirect = options.bypassManager ?? «false→true»;
  if (isDirect) return createClient();
  return manager.take();
}`,
    '{}',
  ),
  guard(
    'switch (true)',
    'The case that is true runs.',
    `export function getClient(${flag}
  switch (true) {
    case «!→»bypassManager:
      return createClient();
    default:
      return manager.take();
  }
}`,
    'true',
  ),
  guard(
    'a case that falls through',
    'Without a return, a case falls through to the next one.',
    `export function getClient(${flag}
  switch (bypassManager) {
    case true:
      «void→return» createClient();
    default:
      return manager.take();
  }
}`,
    'true',
  ),
  guard(
    'double negation',
    'Two negations cancel out.',
    `export function getClient(${flag}
  if (!«→!»bypassManager) return createClient();
  return manager.take();
}`,
    'true',
  ),
  guard(
    'comparison with true',
    'The literal decides which value takes the branch.',
    `export function getClient(${option}
  if (options.bypassManager === «false→true») return createClient();
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'comparison with false',
    'An omitted argument is not false.',
    `export function getClient(bypassManager?: boolean): ClickHouseClient {
  if (bypassManager «===→!==» false) return createClient();
  return manager.take();
}`,
    '',
  ),
  guard(
    'a comparison with undefined',
    'A flag that is set is not undefined.',
    `export function getClient(${option}
  if (options.bypassManager «===→!==» undefined) return createClient();
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'a renamed and destructured parameter',
    'The new name has the value of the flag.',
    `export function getClient({ bypassManager: isDirect = false }: { bypassManager?: boolean } = {}): ClickHouseClient {
  if («!→»isDirect) return createClient();
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'a default in a pattern',
    'The default of the pattern replaces the omitted option.',
    `export function getClient({ bypassManager = «false→true» }: { bypassManager?: boolean } = {}): ClickHouseClient {
  return bypassManager ? createClient() : manager.take();
}`,
    '{}',
  ),
  guard(
    'a defaulted parameter',
    'The default replaces the omitted argument.',
    `export function getClient(bypassManager = «false→true»): ClickHouseClient {
  return bypassManager ? createClient() : manager.take();
}`,
    '',
  ),
  guard(
    'destructuring in the body',
    'The destructured variable has the value of the option.',
    `export function getClient(${option}
  const { bypassManager, ...rest } = options;
  if («!→»bypassManager) return createClient(rest);
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'a constant derived from the flag',
    'The constant has the value of the flag or its negation.',
    `export function getClient(${option}
  const isManaged = «→!»options.bypassManager;
  return isManaged ? manager.take() : createClient();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'Boolean()',
    'A conversion to boolean keeps the truth value.',
    `export function getClient(options?: { bypassManager?: boolean }): ClickHouseClient {
  if («!→»Boolean(options?.bypassManager)) return createClient();
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'a flag that the body assigns',
    'A flag that is reset does not bypass the manager.',
    `export function getClient(bypassManager = false): ClickHouseClient {
  bypassManager «=→||=» false;
  if (bypassManager) return createClient();
  return manager.take();
}`,
    'true',
  ),
  guard(
    'options with a default in the body',
    'A default for missing options does not reset the flag.',
    `export function getClient(options?: { bypassManager?: boolean }): ClickHouseClient {
  options «=→??=» {};
  if (options.bypassManager) return createClient();
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'a forwarded options object',
    'The inner function receives the options of the outer one.',
    `export function getClient(${option}
  return open(«→options»);
}
function open({ bypassManager = false }: { bypassManager?: boolean } = {}): ClickHouseClient {
  return bypassManager ? createClient() : manager.take();
}`,
    '{ bypassManager: true }',
    { path: ['open', 'Manager.take', 'getClient'] },
  ),
  guard(
    'an options object forwarded by spread',
    'A property after the spread overrides it.',
    `export function getClient(${option}
  return open({ ...options«, bypassManager: false→» });
}
function open(options: { bypassManager?: boolean }): ClickHouseClient {
  return options.bypassManager ? createClient() : manager.take();
}`,
    '{ bypassManager: true }',
    { path: ['open', 'Manager.take', 'getClient'] },
  ),
  guard(
    'defaults spread after the flag',
    'A property of the spread defaults overrides the flag.',
    `export const defaults = { bypassManager: «false→true» };
export function getClient(${option}
  const settings = { ...options, ...defaults };
  return settings.bypassManager ? createClient() : manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'a flag forwarded twice, under other names',
    'The constant in the middle discards the flag of the caller.',
    `export function getClient(${flag}
  return open(bypassManager);
}
function open(direct: boolean): ClickHouseClient {
  return connect({ managed: !«false→direct» });
}
function connect({ managed }: { managed: boolean }): ClickHouseClient {
  return managed ? manager.take() : createClient();
}`,
    'true',
    { path: ['connect', 'Manager.take', 'getClient', 'open'] },
  ),
  guard(
    'a flag that guards a handler',
    'Only the selected function runs.',
    `const direct = (): ClickHouseClient => createClient();
const managed = (): ClickHouseClient => manager.take();
export function getClient(${flag}
  if (bypassManager) return «managed→direct»();
  return managed();
}`,
    'true',
    { path: ['getClient', 'managed', 'Manager.take'] },
  ),
  guard(
    'a mode that the settings name',
    'Only the declared value bypasses the manager.',
    `export function getClient({ mode }: { mode: 'direct' | 'pooled' }): ClickHouseClient {
  return mode === 'direct' ? createClient() : manager.take();
}`,
    `{ mode: '«pooled→direct»' }`,
    declared({ parameter: 'mode', value: 'direct' }),
  ),
  guard(
    'a mode in a switch',
    'The case of the declared mode bypasses the manager.',
    `export function getClient(mode: string): ClickHouseClient {
  switch (mode) {
    case '«plain→direct»':
      return createClient();
    default:
      return manager.take();
  }
}`,
    `'direct'`,
    declared({ parameter: 'mode', value: 'direct' }),
  ),
  guard(
    'an enum',
    'A member of an enum has a constant value.',
    `export enum Mode {
  Direct = 'direct',
  Pooled = 'pooled',
}
export function getClient(mode: Mode): ClickHouseClient {
  if (mode === Mode.Direct) return createClient();
  return manager.take();
}`,
    'Mode.«Pooled→Direct»',
    declared({ parameter: 'mode', value: 'direct' }),
  ),
  guard(
    'a bypass by false',
    'The settings declare which value is the bypass.',
    `export function getClient({ managed = true } = {}): ClickHouseClient {
  return managed ? manager.take() : createClient();
}`,
    '{ managed: «true→false» }',
    declared({ parameter: 'managed', value: false }),
  ),
  guard(
    'a mode without settings',
    'A string that the code compares with is a mode.',
    `export function getClient(mode: string, bypassManager = false): ClickHouseClient {
  if (bypassManager || mode === 'direct') return createClient();
  return manager.take();
}`,
    `'«pooled→direct»'`,
  ),
];
