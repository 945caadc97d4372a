import { beforeAll, describe, expect, it } from 'vitest';
import { audit } from '../../src/audit/audit.js';
import type { AuditFinding } from '../../src/audit/audit-result.js';
import { codeBase } from '../project/code-base.js';

interface Guard {
  readonly name: string;
  readonly parameter: string;
  /** The body of the accessor. */
  readonly body: string;
  /** Declarations beside the accessor. */
  readonly declarations?: string;
  /** Arguments with which the accessor calls the manager, and does not. */
  readonly open: string;
  readonly bypassed: string;
  /** The value that the message names. */
  readonly named?: string;
  /** Whether the message says that the flag may not be set. */
  readonly isUnsure?: boolean;
}

const options = 'options: { bypassManager?: boolean } = {}';

const guards: readonly Guard[] = [
  {
    name: 'the option is compared with null',
    parameter: options,
    body: `if (options.bypassManager == null) return getManager().take(); return createClient();`,
    open: '',
    bypassed: '{ bypassManager: false }',
  },
  {
    name: 'the option is present',
    parameter: options,
    body: `if (!('bypassManager' in options)) return getManager().take(); return createClient();`,
    open: '{}',
    bypassed: '{ bypassManager: true }',
  },
  {
    name: 'a function of another package decides',
    declarations: `import { parse } from 'unseen';`,
    parameter: options,
    body: `const { bypassManager } = parse(options); if (!bypassManager) return getManager().take(); return createClient();`,
    open: '{ bypassManager: false }',
    bypassed: '{ bypassManager: true }',
  },
  {
    name: 'a mode is switched over',
    parameter: `mode: 'direct' | 'managed' = 'managed'`,
    body: `switch (mode) { case 'direct': return createClient(); default: return getManager().take(); }`,
    open: '',
    bypassed: `'direct'`,
    named: `"mode = 'direct'"`,
  },
  {
    name: 'one of two modes goes past the manager',
    parameter: `options: { via?: 'raw' | 'plain' | 'pool' } = {}`,
    body: `return options.via === 'raw' || options.via === 'plain' ? createClient() : getManager().take();`,
    open: `{ via: 'pool' }`,
    bypassed: `{ via: 'plain' }`,
    named: `"via: 'raw'" or "via: 'plain'"`,
  },
  {
    name: 'a member of an enum goes past the manager',
    declarations: `export enum Mode { Managed, Direct }`,
    parameter: `mode: Mode = Mode.Managed`,
    body: `return mode === Mode.Direct ? createClient() : getManager().take();`,
    open: 'Mode.Managed',
    bypassed: 'Mode.Direct',
    named: `"mode = Mode.Direct"`,
  },
  {
    name: 'a flag of another name goes past the manager',
    parameter: `isManaged = true`,
    body: `return isManaged ? getManager().take() : createClient();`,
    open: '',
    bypassed: 'false',
    named: `"isManaged = false"`,
  },
  {
    name: 'an absent flag is on',
    parameter: `options: { useManager?: boolean } = {}`,
    body: `return options.useManager !== false ? getManager().take() : createClient();`,
    open: '{}',
    bypassed: '{ useManager: false }',
    named: `"useManager: false"`,
    isUnsure: true,
  },
  {
    name: 'the flag of a bypass is a string',
    parameter: `options: { bypass?: 'yes' | 'no' } = {}`,
    body: `return options.bypass === 'yes' ? createClient() : getManager().take();`,
    open: `{ bypass: 'no' }`,
    bypassed: `{ bypass: 'yes' }`,
    named: `"bypass: 'yes'"`,
  },
  {
    name: 'a number goes past the manager',
    parameter: `level: 0 | 1 = 0`,
    body: `return level === 1 ? createClient() : getManager().take();`,
    open: '0',
    bypassed: '1',
    named: `"level = 1"`,
  },
  {
    name: 'an argument that is there goes past the manager',
    parameter: `url?: string`,
    body: `return url ? createClient({ url }) : getManager().take();`,
    open: '',
    bypassed: `'http://localhost'`,
    named: `"url"`,
  },
  {
    name: 'Reflect and JSON read the options',
    parameter: options,
    body: `return Reflect.get(JSON.parse(JSON.stringify(options)), 'bypassManager') ? createClient() : getManager().take();`,
    open: '{}',
    bypassed: '{ bypassManager: true }',
  },
];

function program(root: string, guard: Guard, args: string): Record<string, string> {
  return {
    [`${root}/db.ts`]: `import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { getManager } from './manager.js';
${guard.declarations ?? ''}
export async function getClient(${guard.parameter}): Promise<ClickHouseClient> { ${guard.body} }
`,
    [`${root}/manager.ts`]: `import * as db from './db.js';
${args.includes('Mode.') ? `import { Mode } from './db.js';` : ''}
export class ConnectionManager {
  async take() { return db.getClient(${args}); }
}
const manager = new ConnectionManager();
export function getManager() { return manager; }
`,
  };
}

describe.each(guards)('a manager is found if $name', (guard) => {
  let findings: readonly AuditFinding[] = [];

  beforeAll(() => {
    const outcome = audit({ root: codeBase({ ...program('open', guard, guard.open), ...program('bypassed', guard, guard.bypassed) }) });
    if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
    findings = outcome.result.findings.filter(({ rule }) => rule === 'require-manager-bypass');
  });

  it('and a call of the accessor that leads back to it is reported', () => {
    expect(findings.map(({ file }) => file)).toEqual(['open/manager.ts']);
    const named = guard.named ?? '"bypassManager"';
    expect(findings[0]?.message).toContain(`ConnectionManager calls \`getClient\` ${guard.isUnsure ? 'with a' : 'without'} ${named}`);
  });
});

/** The code of a manager whose method `take` the accessor calls. */
const managers: readonly (readonly [name: string, code: (flag: boolean) => string])[] = [
  [
    'a function of its module passes its options on',
    (flag) => `function open(options: Options) { return getClient(options); }
export class ConnectionManager { take() { return open({ bypassManager: ${String(flag)} }); } }`,
  ],
  [
    'a method passes its options on',
    (flag) => `export class ConnectionManager {
  take() { return this.open({ bypassManager: ${String(flag)} }); }
  open(options: Options) { return getClient(options); }
}`,
  ],
  [
    'the flag is applied before the call',
    (flag) => `const opener = (bypassManager: boolean) => () => getClient({ bypassManager });
const open = opener(${String(flag)});
export class ConnectionManager { take() { return open(); } }`,
  ],
  [
    'a promise passes the options to the accessor',
    (flag) => `export class ConnectionManager { take() { return Promise.resolve({ bypassManager: ${String(flag)} }).then(getClient); } }`,
  ],
  [
    'a list passes the options to the accessor',
    (flag) =>
      `export class ConnectionManager { take() { return [{ bypassManager: ${String(flag)} }].map((options) => getClient(options))[0]; } }`,
  ],
  [
    'all arguments are passed on',
    (flag) => `const open = (...args: [Options]) => getClient(...args);
export class ConnectionManager { take() { return open({ bypassManager: ${String(flag)} }); } }`,
  ],
  [
    'Reflect deletes an option',
    (
      flag,
    ) => `function open(options: Options) { Reflect.deleteProperty(options, '${flag ? 'label' : 'bypassManager'}'); return getClient(options); }
export class ConnectionManager { take() { return open({ bypassManager: true }); } }`,
  ],
  [
    'lodash applies the options',
    (flag) => `import { partial } from 'lodash';
const open = partial(getClient, { bypassManager: ${String(flag)} });
export class ConnectionManager { take() { return open(); } }`,
  ],
  [
    'the accessor passes its own options',
    (flag) => `export class ConnectionManager {
  take(options: Options = {}) { return getClient({ ${flag ? '...options, bypassManager: true' : 'bypassManager: true, ...options'} }); }
}`,
  ],
];

describe.each(managers)('the accessor call of a manager is judged by what its callers pass if %s', (_, code) => {
  it.each([
    [false, ['require-manager-bypass']],
    [true, []],
  ])('bypassed: %s', (flag, expected) => {
    const root = codeBase({
      'db.ts': `import { createClient, type ClickHouseClient } from '@clickhouse/client';
import { manager } from './manager.js';
export interface Options { bypassManager?: boolean }
export async function getClient(options: Options = {}): Promise<ClickHouseClient> {
  if (!options.bypassManager) return manager.take(options);
  return createClient();
}`,
      'manager.ts': `import { getClient, type Options } from './db.js';
${code(flag)}
export const manager = new ConnectionManager();`,
    });
    const outcome = audit({ root });
    if (outcome.kind === 'error') throw new Error(outcome.problems.join('\n'));
    const rules = outcome.result.findings.map(({ rule }) => rule);
    expect(rules.filter((rule) => rule === 'require-manager-bypass')).toEqual(expected);
  });
});
