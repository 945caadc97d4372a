import type { Pair } from './pair.js';

/** One accessor, one manager that asks it: what differs is the guard, or what the manager gives. */
function guard(name: string, why: string, accessor: string, given: string, rest: Partial<Pick<Pair, 'path' | 'settings'>> = {}): Pair {
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
    return getClient(${given});
  }
}
export const manager = new Manager();`,
    },
    ...rest,
  };
}

const flag = 'bypassManager: boolean): ClickHouseClient {';
const option = 'options: { bypassManager?: boolean } = {}): ClickHouseClient {';

function declared(bypass: object): Pick<Pair, 'settings'> {
  return { settings: { accessors: [{ module: 'client.ts', name: 'getClient', bypass }] } };
}

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
    'A throw ends the way to the manager; a warning does not.',
    `export function getClient(${flag}
  try {
    return managed(bypassManager);
  } catch {
    return createClient();
  }
}
function managed(direct: boolean): ClickHouseClient {
  if (direct) «console.warn→throw new Error»('nobody manages this one');
  return manager.take();
}`,
    'true',
    { path: ['getClient', 'managed', 'Manager.take'] },
  ),
  guard(
    'a ternary',
    'The negation decides which arm a bypassed call takes.',
    `export function getClient(${flag}
  return «!→»bypassManager ? createClient() : manager.take();
}`,
    'true',
  ),
  guard(
    '&&',
    'What stands behind && does not run once its left side is false.',
    `export function getClient(${flag}
  return (!bypassManager «||→&&» manager.take()) || createClient();
}`,
    'true',
  ),
  guard(
    '||',
    'A client is truthy, so what stands behind || does not run.',
    `export function getClient(${flag}
  const direct = bypassManager ? createClient() : undefined;
  return direct «&&→||» manager.take();
}`,
    'true',
  ),
  guard(
    '??',
    'A client is not nullish, so what stands behind ?? does not run.',
    `export function getClient(${flag}
  return (bypassManager ? «undefined→createClient()» : undefined) ?? manager.take();
}`,
    'true',
  ),
  guard(
    '?? as a default',
    'The default stands for what the call leaves out.',
    `export function getClient(${option}
  const isDirect = options.bypassManager ?? «false→true»;
  if (isDirect) return createClient();
  return manager.take();
}`,
    '{}',
  ),
  guard(
    'switch (true)',
    'The case that is true is the one that runs.',
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
    'Without its return a case goes on into the next.',
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
    'Two negations are none.',
    `export function getClient(${flag}
  if (!«→!»bypassManager) return createClient();
  return manager.take();
}`,
    'true',
  ),
  guard(
    'comparison with true',
    'The literal decides.',
    `export function getClient(${option}
  if (options.bypassManager === «false→true») return createClient();
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'comparison with false',
    'What is absent is not false.',
    `export function getClient(bypassManager?: boolean): ClickHouseClient {
  if (bypassManager «===→!==» false) return createClient();
  return manager.take();
}`,
    '',
  ),
  guard(
    'a value that is compared with nothing',
    'Set is not undefined.',
    `export function getClient(${option}
  if (options.bypassManager «===→!==» undefined) return createClient();
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'a renamed and destructured parameter',
    'The new name is the flag.',
    `export function getClient({ bypassManager: isDirect = false }: { bypassManager?: boolean } = {}): ClickHouseClient {
  if («!→»isDirect) return createClient();
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'a default in a pattern',
    'The default of the pattern stands for the option that the call leaves out.',
    `export function getClient({ bypassManager = «false→true» }: { bypassManager?: boolean } = {}): ClickHouseClient {
  return bypassManager ? createClient() : manager.take();
}`,
    '{}',
  ),
  guard(
    'a defaulted parameter',
    'The default stands for the argument that the call leaves out.',
    `export function getClient(bypassManager = «false→true»): ClickHouseClient {
  return bypassManager ? createClient() : manager.take();
}`,
    '',
  ),
  guard(
    'destructuring in the body',
    'What is taken out of the options is the option.',
    `export function getClient(${option}
  const { bypassManager, ...rest } = options;
  if («!→»bypassManager) return createClient(rest);
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'a constant made of the flag',
    'The constant says the same as the flag.',
    `export function getClient(${option}
  const isManaged = «→!»options.bypassManager;
  return isManaged ? manager.take() : createClient();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'Boolean()',
    'A conversion keeps the truth.',
    `export function getClient(options?: { bypassManager?: boolean }): ClickHouseClient {
  if («!→»Boolean(options?.bypassManager)) return createClient();
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'a flag that the body changes',
    'A flag that is taken back no longer cuts.',
    `export function getClient(bypassManager = false): ClickHouseClient {
  bypassManager «=→||=» false;
  if (bypassManager) return createClient();
  return manager.take();
}`,
    'true',
  ),
  guard(
    'options that the body completes',
    'Completing what is missing takes back nothing.',
    `export function getClient(options?: { bypassManager?: boolean }): ClickHouseClient {
  options «=→??=» {};
  if (options.bypassManager) return createClient();
  return manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'an options object passed on whole',
    'The inner function sees what the outer one was given.',
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
    'an options object passed on by spread',
    'What stands behind the spread wins.',
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
    'defaults spread behind the flag',
    'What the spread holds takes the flag back.',
    `export const defaults = { bypassManager: «false→true» };
export function getClient(${option}
  const settings = { ...options, ...defaults };
  return settings.bypassManager ? createClient() : manager.take();
}`,
    '{ bypassManager: true }',
  ),
  guard(
    'a flag forwarded twice, under other names',
    'The constant in the middle loses what the caller said.',
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
    { path: ['open', 'connect', 'Manager.take', 'getClient'] },
  ),
  guard(
    'a flag that guards a handler',
    'The function that is chosen is the one that runs.',
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
    'Only the declared value goes past the manager.',
    `export function getClient({ mode }: { mode: 'direct' | 'pooled' }): ClickHouseClient {
  return mode === 'direct' ? createClient() : manager.take();
}`,
    `{ mode: '«pooled→direct»' }`,
    declared({ parameter: 'mode', value: 'direct' }),
  ),
  guard(
    'a mode in a switch',
    'The case of the declared mode is the way past the manager.',
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
    'A member of an enum is its value.',
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
    'a flag that is false past the manager',
    'The settings say which value means the bypass.',
    `export function getClient({ managed = true } = {}): ClickHouseClient {
  return managed ? manager.take() : createClient();
}`,
    '{ managed: «true→false» }',
    declared({ parameter: 'managed', value: false }),
  ),
  guard(
    'a mode that no settings name',
    'A text that the code compares with is a switch as good as any.',
    `export function getClient(mode: string, bypassManager = false): ClickHouseClient {
  if (bypassManager || mode === 'direct') return createClient();
  return manager.take();
}`,
    `'«pooled→direct»'`,
  ),
];
