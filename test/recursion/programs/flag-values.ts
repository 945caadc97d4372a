import type { Pair } from './pair.js';

const honoured = `options: { bypassManager?: boolean } = {}): ClickHouseClient {
  if (options.bypassManager) return createClient();
  return manager.take();
}`;

/** Returns an accessor `getClient(…)`, and a manager with this body of `take` and these declarations before its class. */
function program(
  name: string,
  why: string,
  take: string,
  { accessor = honoured, before = '', members = '', path = ['getClient', 'Manager.take'] } = {},
): Pair {
  return {
    name,
    why,
    path,
    files: {
      'client.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { manager } from './manager.js';
export function getClient(${accessor}`,
      'manager.ts': `import type { ClickHouseClient } from '@clickhouse/client';
import { getClient } from './client.js';
interface Options { bypassManager?: boolean }
${before}
class Manager {
  ${members}
  take(): ClickHouseClient {
    ${take}
  }
}
export const manager = new Manager();`,
    },
  };
}

/** Programs in which the value of the bypass takes a way through variables, objects, fields and functions. */
export const flagValues: readonly Pair[] = [
  program('three further options', 'Flags that decide nothing must not hide the bypass.', 'return getClient({ «→bypassManager: true» });', {
    accessor: `options: { readOnly?: boolean; compress?: boolean; json?: boolean; bypassManager?: boolean } = {}): ClickHouseClient {
  if (options.readOnly && options.compress && options.json) console.log('archive');
  if (options.bypassManager) return createClient();
  return manager.take();
}`,
  }),
  program('a loose comparison with null', 'Undefined equals null.', 'return getClient({ «→bypassManager: true» });', {
    accessor: `options: { bypassManager?: boolean } = {}): ClickHouseClient {
  if (options.bypassManager == null) return manager.take();
  return createClient();
}`,
  }),
  program(
    'a deleted option',
    'After delete, the option is absent.',
    'const o: Options = { bypassManager: true };\n    «delete o.bypassManager;→»\n    return getClient(o);',
  ),
  program(
    'options from entries',
    'The pairs are known.',
    "return getClient(Object.fromEntries([['bypassManager', «false→true»], ['label', true]]));",
  ),
  program(
    'options with a prototype',
    'Reads go through the prototype.',
    'const o: Options = Object.create({ bypassManager: «false→true» });\n    return getClient(o);',
  ),
  program(
    'an overwritten option',
    'The last assignment counts.',
    'const o: Options = { bypassManager: true };\n    o.bypassManager = «false→true»;\n    return getClient(o);',
  ),
  program(
    'an option that is set later',
    'An assignment adds the option.',
    'const o: Options = {};\n    «→o.bypassManager = true;»\n    return getClient(o);',
  ),
  program(
    'an alias of the options',
    'Both names hold one object.',
    'const o: Options = { bypassManager: true };\n    const same = o;\n    same.bypassManager = «false→true»;\n    return getClient(o);',
  ),
  program('a rest parameter pattern', 'The rest holds what the pattern does not take.', 'return open({ bypassManager: true, label: 1 });', {
    path: ['getClient', 'Manager.take', 'open'],
    before: 'function open({ «bypassManager→label», ...rest }: { bypassManager?: boolean; label?: number }) { return getClient(rest); }',
  }),
  program(
    'a rest in the body',
    'The rest holds what the pattern does not take.',
    'const { «bypassManager→label», ...rest } = { bypassManager: true, label: 1 };\n    return getClient(rest);',
  ),
  program('a switch that returns', 'A matching case that returns ends the function.', 'return getClient(true);', {
    accessor: `bypassManager: boolean): ClickHouseClient {
  switch (bypassManager) {
    case true: «break→return createClient()»;
  }
  return manager.take();
}`,
  }),
  program('a loop that is left', 'Break leaves the loop, return leaves the function.', 'return getClient(true);', {
    accessor: `bypassManager: boolean): ClickHouseClient {
  while (bypassManager) { «break→return createClient()»; }
  return manager.take();
}`,
  }),
  program(
    'a let that changes',
    'The value at the call counts.',
    'let direct = «true→false»;\n    direct = !direct;\n    return getClient({ bypassManager: direct });',
  ),
  program('a function that makes the options', 'Its result is known.', 'return getClient(make(«false→true»));', {
    before: 'function make(direct: boolean): Options { return direct ? { bypassManager: true } : {}; }',
  }),
  program(
    'a function that changes the options',
    'It sets the option of the object that it gets.',
    'const o: Options = {};\n    mark(o);\n    return getClient(o);',
    { before: 'function mark(o: Options): void { o.bypassManager = «false→true»; }' },
  ),
  program('a predicate', 'Its result decides the branch.', 'return getClient({ «→bypassManager: true» });', {
    accessor: `options: { bypassManager?: boolean } = {}): ClickHouseClient {
  return isDirect(options) ? createClient() : manager.take();
}
const isDirect = (options: { bypassManager?: boolean }) => options.bypassManager === true;`,
  }),
  program('a curried function', 'The inner function keeps the options.', 'return opener({ bypassManager: «false→true» })();', {
    path: ['getClient', 'Manager.take', '.*'],
    before: 'const opener = (options: Options) => () => getClient(options);',
  }),
  program('bound options', 'Bind gives the first argument.', 'return this.open();', {
    members: 'private readonly open = getClient.bind(null, { bypassManager: «false→true» });',
  }),
  program('a readonly field', 'Only the initialiser gives its value.', 'return getClient(this.options);', {
    members: 'private readonly options: Options = { bypassManager: «false→true» };',
  }),
  program('a field by constructor', 'All constructions agree.', 'return getClient({ bypassManager: this.direct });', {
    members: 'constructor(private readonly direct = «false→true») {}',
  }),
  program('a static field', 'A readonly field is a constant.', 'return getClient({ bypassManager: Manager.DIRECT });', {
    members: 'private static readonly DIRECT = «false→true»;',
  }),
  program(
    'Object.assign',
    'Later sources win.',
    'return getClient(Object.assign({}, { bypassManager: true }, { bypassManager: «false→true» }));',
  ),
  program(
    'a default by ??=',
    'It sets only what is absent.',
    'const o: Options = { bypassManager: «false→undefined» };\n    o.bypassManager ??= true;\n    return getClient(o);',
  ),
  program('the operator in', 'The key decides, not its value.', 'return getClient({ «→bypassManager: false» });', {
    accessor: `options: { bypassManager?: boolean } = {}): ClickHouseClient {
  if ('bypassManager' in options) return createClient();
  return manager.take();
}`,
  }),
  program('typeof', 'A boolean in place of the options is the flag.', 'return getClient(«{ bypassManager: false }→true»);', {
    accessor: `how: boolean | { bypassManager?: boolean } = {}): ClickHouseClient {
  const bypassManager = typeof how === 'boolean' ? how : how.bypassManager;
  if (bypassManager) return createClient();
  return manager.take();
}`,
  }),
  program(
    'point-free then',
    'The promise gives the argument.',
    'return Promise.resolve({ bypassManager: «false→true» }).then(getClient) as never;',
  ),
  program(
    'a guard that is reset',
    'A guard that is reset before the call ends nothing.',
    'if (this.busy) return getClient({ bypassManager: true });\n    this.busy = true;\n    «this.busy = false;→»\n    return getClient();',
    { members: 'private busy = false;' },
  ),
];
