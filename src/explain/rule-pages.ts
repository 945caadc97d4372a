/** The page of each rule in `docs/rules`, without its header. Generated: run `npm run generate`. */
export const rulePages: Readonly<Record<string, string>> = {
  'no-adhoc-mock': `## Why

Each test that replaces the client or the factory writes its own idea of ClickHouse. Such doubles answer what the client never answers,
and no compiler compares them with the client. Then the tests stay green when the code breaks.

One double that all tests share is checked once. \`createTestService()\` of \`@clickhouse-ssot/runtime/testing\` has the types of the client,
answers statements by their text, and records them.

### What counts

- A mock of a client package, of the runtime, or of a module that exports a client or a function that gives one: \`vi.mock\`, \`vi.doMock\`,
  \`jest.mock\`, \`jest.setMock\`, \`mock.module\` of Bun and Node.js, \`td.replace\`, \`mockery\`, \`mock-require\`, \`quibble\`, \`proxyquire\` and
  \`esmock\`. The module is the one that the specifier resolves to, also by an alias or through a module that passes the export on.
- A stub of such an export, or of a method of an imported client: \`spyOn\` with an answer, \`sinon.stub\`, \`mock.method\` with a function, an
  assignment.
- In a test, a hand-written object that is cast to the type of the client, and a double that a library makes of that type.

These are no findings:

- A mock of a module above the client, such as a repository.
- A replacement that another module makes: \`createTestService()\`, a double of a module that the setting \`service\` names, a client of a test
  container. A double in a module that several files import is shared too.
- A spy that lets calls through, a wrapper around the original of \`importActual\`, also by a method or an accessor, \`vi.unmock\`,
  \`vi.importActual\`.
- A stub that gets all its answers elsewhere, also by the name of a hoisted variable.
- A test of the factory, which has to replace the package: \`clickhouse.test.ts\` beside \`clickhouse.ts\`.
- A client that is switched off: \`getClient: () => null\`.

## Incorrect

\`\`\`ts incorrect
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const client = createClient();
// src/events.test.ts
import { vi } from 'vitest';

vi.mock('./clickhouse', () => ({ client: { query: vi.fn() } }));
\`\`\`

\`\`\`ts incorrect
// src/events.test.ts
import type { ClickHouseClient } from '@clickhouse/client';

export const client = { query: async () => ({ json: async () => [] }) } as unknown as ClickHouseClient;
\`\`\`

## Correct

\`\`\`ts correct
// src/events.ts
import type { ClickHouseService } from '@clickhouse-ssot/runtime';

export async function countEvents(client: ClickHouseService) {
  const result = await client.query({ query: 'SELECT count() AS n FROM events', format: 'JSONEachRow' });
  return result.json();
}
// src/events.test.ts
import { createTestService } from '@clickhouse-ssot/runtime/testing';
import { countEvents } from './events';

await countEvents(createTestService([{ when: 'FROM events', rows: [{ n: 0 }] }]));
\`\`\`

## Messages

\`\`\`
\`{{by}}\` replaces "{{module}}", which gives the client by \`{{name}}\`, with a double that this file makes for itself. Expected: one double that all tests share. {{advice}}
\`\`\`

\`\`\`
In this test, {{by}} replaces \`{{name}}\` of "{{module}}" with a double that the file makes for itself. Expected: one double that all tests share. {{advice}}
\`\`\`

\`\`\`
A hand-written double takes the type \`{{by}}\` here, the client of "{{module}}", so the compiler does not compare it with the client. Expected: one double that all tests share. {{advice}}
\`\`\`

\`\`\`
In this test, \`{{by}}\` makes a double of \`{{name}}\`, the client of "{{module}}", and the file writes its answers for itself. Expected: one double that all tests share. {{advice}}
\`\`\`

The finding is at the name of the module, at the name of the member, or at the type. \`{{advice}}\` names the double that fits
the project: that of the setting \`service\`, or \`createTestService()\`.

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect |
| --- | --- |
| \`service\` | Modules in which the shared double may be. |
| \`tests\` | Files in which casts and stubs of members are judged. |
| \`clients\` | Packages and modules that the rule treats as clients, in addition to the built-in ones. |
| \`sanctioned\` | Files whose findings are allowed, with a reason. |
| \`vendored\` | Files that are not analysed. |

## When not to use it

Turn the rule off if tests of this project replace modules on purpose and the code under test takes no client from its caller.

## Limits

The rule reads a test without types. It does not find:

- A mock whose name of the module or whose replacement the text does not show.
- A hand-written double that no cast shows: \`as any\` at an argument, a class that implements the client.
- A cast double that a function with parameters makes.
- A double of a class of the project that only wraps a client.
- A mock of a CommonJS module that is the client itself: \`module.exports = createClient()\`.
- A double that ts-mockito makes of the class as a value: \`mock(ClickHouseClient)\`.

It takes two files with the same name, such as \`clickhouse.ts\` and \`clickhouse.test.ts\`, for the factory and its test.

## Related rules

- [no-direct-client](no-direct-client.md) finds the clients that tests construct.`,
  'no-connection-import-cycle': `## Why

If the accessor imports the manager and the manager imports the accessor, the order of imports decides which module runs before the other is
complete. Neither module can be loaded, tested or replaced alone. The recursion in the incident behind this rule went through such a cycle.

Connection modules form layers: \`config\`, \`factory\`, \`manager\`, \`service\`, \`accessor\`. A module may import modules of its own layer and of those
before it in this list.

The rule reports a cycle once, with its whole path. The finding is at the import that takes the least work to remove. That is an import from a
lower layer to a higher one. If there is none, it is the import whose names are used least. The path begins at the module that comes first by
name, so the order of imports has no effect.

A cycle is reported if it contains at least two connection modules. Other modules may lie between them.

### Which imports count

- Imports, re-exports and \`require\` count.
- \`import()\`, and \`require\` inside a function, count as dynamic imports. They delay the cycle and do not end it.
- Imports of types do not count: \`import type\`, \`import { type A }\`, and in TypeScript any import that is only used for types. The compiler
  removes these. The options of the tsconfig count: \`verbatimModuleSyntax\` keeps some of them, so write \`import type\` there. With
  \`emitDecoratorMetadata\`, the types of decorated members are imports at run time. A \`const enum\` is no import, unless \`isolatedModules\` is
  set: the compiler writes its values in place of the name.

## Incorrect

\`\`\`ts incorrect
// accessor.ts
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { manager } from './manager.js';

export async function getClient({ bypassManager = false } = {}): Promise<ClickHouseClient> {
  return bypassManager ? createClient() : manager.take();
}
// manager.ts
import { getClient } from './accessor.js';

class Manager {
  take() {
    return getClient({ bypassManager: true });
  }
}

export const manager = new Manager();
\`\`\`

## Correct

\`\`\`ts correct
// accessor.ts
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { Manager } from './manager.js';

const create = (): ClickHouseClient => createClient();
const manager = new Manager(create);

export function getClient({ bypassManager = false } = {}): ClickHouseClient {
  return bypassManager ? create() : manager.take();
}
// manager.ts
import type { ClickHouseClient } from '@clickhouse/client';

export class Manager {
  constructor(private readonly create: () => ClickHouseClient) {}

  take(): ClickHouseClient {
    return this.create();
  }
}
\`\`\`

## Messages

\`\`\`
Import cycle of {{count}} modules. Suggested import to remove: this one. {{remedy}}
{{path}}
\`\`\`

\`{{path}}\` lists the modules with their roles, one import per line. \`{{remedy}}\` says how to remove the import. If the import goes to a higher
layer, it names the layers first:

\`\`\`text remedy
{{module}} ({{roles}}) should not import {{module}} ({{roles}}), a higher layer. {{repair}}
\`\`\`

\`\`\`text remedy
{{repair}}
\`\`\`

\`{{repair}}\` depends on the form of the import:

\`\`\`text repair
Receive {{names}}{{uses}} as an argument, or move {{object}} to a module outside the cycle.
\`\`\`

\`\`\`text repair
Receive the instance of {{names}} as an argument, and import only its type (\`import type\`).
\`\`\`

\`\`\`text repair
A container injects {{names}}, and this import is the injection token. Move an interface and a token to a module of their own, and inject by that token. A \`forwardRef\` or a lazy import keeps the cycle.
\`\`\`

\`\`\`text repair
Remove this re-export: modules that need {{names}} import it from {{module}} directly.
\`\`\`

\`\`\`text repair
Import {{module}} for its effect from the entry point.
\`\`\`

\`{{object}}\` is "it" or "them". \`{{uses}}\` says how often the module uses the names, if it does:

\`\`\`text uses
 (used once here)
\`\`\`

\`\`\`text uses
 (used {{count}} times here)
\`\`\`

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect | default |
| --- | --- | --- |
| \`config\` | Modules with the role \`config\`. | Modules that read \`CLICKHOUSE_…\` variables from the environment. |
| \`factories\` | Modules with the role \`factory\`. | Modules that construct clients, also those that are not the [inferred factory](no-direct-client.md#the-inferred-factory). |
| \`managers\` | Modules with the role \`manager\`. | Modules with a class that an accessor calls unless its bypass is set. |
| \`service\` | Modules with the role \`service\`: the interface through which code runs statements, and its implementations. | None. |
| \`accessors\` | Functions whose modules have the role \`accessor\`. | Functions that return a client and take a bypass flag. |
| \`clients\` | Further client packages, and modules that are clients. | None. |
| \`tests\` | Test files have no role. | Files and folders with the usual names of tests. |
| \`sanctioned\` | Files whose findings are allowed, with a reason. | None. |
| \`vendored\` | Files that are not analysed. | None. |

A module that exports a function or class that gives a client has the role \`accessor\` as well, unless it constructs clients or contains a
manager. If \`factories\` is set, a module outside it that constructs clients has neither the role \`factory\` nor, by its exports, the role \`accessor\`.
Private, protected and \`#\` members do not count: a class that keeps its client to itself gives none. A module that only passes the
environment on (\`{ ...process.env }\`) does not read it.

\`\`\`json
{
  "factories": ["src/db/factory.ts"],
  "accessors": [{ "module": "src/db/clickhouse.ts", "name": "getClickHouseClient", "bypass": "bypassManager" }],
  "managers": ["src/core/clickhouse-connection-manager.ts"],
  "config": ["src/core/database.ts"],
  "service": ["src/db/service.ts"]
}
\`\`\`

## When not to use it

Turn the rule off if \`import-x/no-cycle\` already covers the whole code base. If a cycle must stay, sanction the file with the suggested import.

## Limits

The rule does not find:

- A cycle with fewer than two connection modules.
- A cycle that no analysed file imports, directly or through other files. A file is analysed if it is a
  [seed file](../architecture.md#10-glossary) or imports a name that gives a client.
- An import whose specifier is computed at run time.

If the removal of one import ends several cycles, only the shortest of them is reported.

## Related rules

- [no-connection-recursion](no-connection-recursion.md) finds the recursion at run time that such a cycle makes possible.
- [\`import-x/no-cycle\`](https://github.com/un-ts/eslint-plugin-import-x/blob/master/docs/rules/no-cycle.md) reports every import cycle of a code
  base. This rule needs no resolver settings, and its time grows with the number of files: see \`bench/README.md\`.`,
  'no-connection-recursion': `## Why

A connection accessor is a function that other code calls to get a client. If it calls itself through other functions or files without end, the
call never returns. In the incident behind this rule, the accessor called the pool manager, and the manager called the accessor. Three files took part.
Each request ended in a stack overflow.

The rule walks the call graph of the whole program. It treats calls with the bypass flag and calls without it separately, and skips the
branches that the flag excludes. So it reports an accessor that declares the flag and ignores it. It does not report a manager that receives the
factory.

Each call of a reported cycle runs for some input. A cycle that depends on an expression that the analysis does not understand is *possible*:
[no-possible-connection-recursion](no-possible-connection-recursion.md) reports it, in the preset \`strict\`.

Statements can recurse too: a query applies settings, and the settings come from a query. The rule checks each public method \`query\`,
\`insert\`, \`command\`, \`exec\`, \`execute\`, \`select\` or \`ping\` of a class that keeps a client, and each function of a module under such a name that
runs a statement on a client. The flag that ends such a cycle may have any name.

## Incorrect

\`\`\`ts incorrect
import { type ClickHouseClient, createClient } from '@clickhouse/client';

class Pool {
  constructor(private readonly open: () => Promise<ClickHouseClient>) {}

  take(): Promise<ClickHouseClient> {
    return this.open();
  }
}

const pool = new Pool(() => getClient());

export async function getClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  if (!options.bypassManager) return pool.take();
  return createClient();
}
\`\`\`

## Correct

\`\`\`ts correct
import { type ClickHouseClient, createClient } from '@clickhouse/client';

class Pool {
  constructor(private readonly open: () => Promise<ClickHouseClient>) {}

  take(): Promise<ClickHouseClient> {
    return this.open();
  }
}

const pool = new Pool(async () => createClient());

export async function getClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  if (!options.bypassManager) return pool.take();
  return createClient();
}
\`\`\`

## Messages

\`\`\`
\`{{accessor}}\` calls itself through this call and never returns. {{remedy}}
{{path}}
\`\`\`

\`\`\`
Through this call, the promise in {{promise}} waits for itself, so the promise of \`{{accessor}}\` never settles. {{remedy}}
{{path}}
\`\`\`

The second one is for a promise that is kept before it settles, as in \`kept ??= open()\`: the second call gets this promise and waits for it.

The finding is at the accessor call that closes the cycle. \`{{path}}\` lists the calls from the accessor back to itself, one per line.
\`{{remedy}}\` is one of these:

\`\`\`text remedy
Pass "{{bypass}}" here: then {{condition}} ends the recursion. Or {{repair}}.
\`\`\`

\`\`\`text remedy
Pass "{{bypass}}" here, or {{repair}}.
\`\`\`

\`\`\`text remedy
The call sets "{{bypass}}", but the accessor ignores it. Call the manager only if "{{bypass}}" is not set.
\`\`\`

\`\`\`text remedy
To end the recursion, {{repair}}.
\`\`\`

After the second message, they say "wait" in place of "recursion".

\`{{repair}}\` needs no flag. The first one is for an accessor that returns a client, the second one for a method that runs statements:

\`\`\`text repair
pass a factory to the called code, so that it does not call the accessor
\`\`\`

\`\`\`text repair
run the inner statement on the client itself
\`\`\`

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect |
| --- | --- |
| \`accessors\` | The accessors and their bypass. If it is set, only the declared functions and methods are checked. If it is empty, accessors are inferred. |
| \`clients\` | Packages that the rule treats as client packages, in addition to the built-in ones. |
| \`managers\` | These files are always analysed. |
| \`sanctioned\` | Files whose findings are allowed, with a reason. |
| \`vendored\` | Files that are not analysed. |

\`\`\`json
{
  "accessors": [{ "module": "src/db/clickhouse.ts", "name": "getClickHouseClient", "bypass": "bypassManager" }]
}
\`\`\`

[require-manager-bypass](require-manager-bypass.md#options-and-settings) describes the forms of \`bypass\`.

## When not to use it

Keep it on. If a reported recursion ends at run time, add the file of the reported call to \`sanctioned\`. The first list under "Limits" has
such cases.

## Limits

\`test/recursion/random-programs.test.ts\` generates random programs, runs each with every combination of its inputs, and compares the result with the
findings. In CI it runs seeds 1 to 2,000: 512 of these programs recurse. The rule finds all of them, and it reports 2 programs that do not
recurse. A run with other seeds missed one program, see below.

The rule reports these without need:

- **A flag that is kept in a field** of an object that several functions share. The rule follows the fields of an object from \`new\` through the
  methods that the same function calls on it. Of an object that a module keeps, it knows the fields that only the constructor assigns.
- **An implementation that is never constructed.** A call through an interface may run each implementation in the analysed files.
- **A cycle that a variable ends at run time**, if the variable is not set before the call in the same function.
- **An own event bus** whose instances share a class: the handlers of two topics of one class count as handlers of both. Names
  that functions take as parameters (\`register('a', f)\`, \`emit('a')\`) are distinguished, if they are keys of a \`Map\` or an object.

The rule does not find:

- A statement cycle through modules on an import cycle of more than twelve files, unless these modules give clients themselves.
- A statement cycle through a call with more than four possible targets.
- A flag that is destructured from an option, kept in an object that a function returns, and read in a closure that other code calls. Of 3,000
  programs of other seeds, one was missed for this reason.
- A once-guard whose collection gets another key in each lap: the rule takes the key of the guard and of the call that adds it for the same.
- A cycle through the traps \`has\` and \`apply\` of a \`Proxy\`, \`Symbol.hasInstance\`, a setter that \`Object.assign\` runs, a getter that a spread reads,
  \`node:diagnostics_channel\`, the cradle of awilix, or a class that a container registers under a string token.
- A cycle that only code outside the project closes, such as an event bus of a library, or a container that calls by name.
- A function without a flag that runs statements, is no method and has another name than \`query\`, \`insert\`, \`command\`, \`exec\`, \`execute\`,
  \`select\` or \`ping\`. The settings can name it.
- An accessor without a flag. Exceptions: the settings name it, or it returns a client and a function that it calls to get a client
  calls it again, or it is the function of an own container by which code requests a client.
- A statement that a method of the same class repeats after a failure, if the handler counts the attempts.

## Related rules

- [no-possible-connection-recursion](no-possible-connection-recursion.md) reports the cycles that are possible, not proven.
- [require-manager-bypass](require-manager-bypass.md) reports each accessor call of a manager without the bypass, and repairs it.
- [no-nested-acquire](no-nested-acquire.md) finds the form that ends in a deadlock instead of a stack overflow.
- [no-connection-import-cycle](no-connection-import-cycle.md) finds the import cycles through which such a recursion often runs.`,
  'no-direct-client': `## Why

A client that is constructed outside the factory has its own configuration, its own sockets and its own error handling. A fix in the factory
does not reach it. The code base behind this rule had five such clients before its outage.

The rule recognises a construction by the origin of the called value, not by its name. It follows the value through the whole program:
aliases, barrel files, \`require\`, dynamic imports, parameters, fields, \`bind\` and \`apply\`.

A code base in which one module constructs clients needs no settings: that module is the [factory](#the-inferred-factory).

## Incorrect

A second client beside a factory:

\`\`\`ts incorrect
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

const client = createClient({ url: process.env.CLICKHOUSE_URL });

export const getClickHouseClient = () => client;
// src/reports.ts
import * as clickhouse from '@clickhouse/client';

const make = clickhouse.createClient;
export const reports = make({ url: 'http://localhost:8123' });
\`\`\`

A client in a script:

\`\`\`ts incorrect
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const client = createClient({ url: process.env.CLICKHOUSE_URL });
// scripts/seed.ts
import { createClient } from '@clickhouse/client';

const client = createClient();
await client.ping();
\`\`\`

Two modules of which neither is more likely to be the factory. They are one finding:

\`\`\`ts incorrect
// src/events.ts
import { createClient } from '@clickhouse/client';

export const events = createClient();
// src/metrics.ts
import { createClient } from '@clickhouse/client';

export const metrics = createClient();
\`\`\`

## Correct

\`\`\`ts correct
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

const client = createClient({ url: process.env.CLICKHOUSE_URL });

export const getClickHouseClient = () => client;
// src/reports.ts
import { getClickHouseClient } from './clickhouse.js';

export const report = () => getClickHouseClient().query({ query: 'SELECT 1' });
\`\`\`

\`\`\`ts correct
import { clickHouse } from '@clickhouse-ssot/runtime';

export const analytics = clickHouse({ connection: 'analytics' });
\`\`\`

\`\`\`ts correct
import { createClient } from 'redis';
import type { ClickHouseClient } from '@clickhouse/client';

export const cache = createClient();
export const close = (client: ClickHouseClient) => client.close();
\`\`\`

A client for another purpose, as a second declared factory:

\`\`\`ts correct
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const client = createClient({ url: process.env.CLICKHOUSE_URL });
// src/tenant.ts
import { createClient } from '@clickhouse/client';

export const connectAs = (username: string, password: string) => createClient({ username, password });
// clickhouse-ssot.config.json
{ "factories": ["src/clickhouse.ts", "src/tenant.ts"] }
\`\`\`

## The inferred factory

If the settings declare \`factories\`, only these modules are factories. Otherwise, if a \`package.json\` of the project depends on
\`@clickhouse-ssot/runtime\`, the runtime is the factory. Otherwise the code decides, in these steps.

1. **Tests do not compete.** These are the files of the setting \`tests\`, the configuration files of Vitest, Jest, Playwright and Cypress, modules that
   only tests import, and the set-up that such a configuration names.
2. **Scripts do not compete.** A module is a script in each of these cases:
   - It is in a folder named \`scripts\`, \`migrations\`, \`migrate\`, \`benchmarks\`, \`bench\`, \`seeds\`, \`playgrounds\` or the singular, or \`tools\` or
     \`tasks\`, and no production module uses the exports that construct.
   - None of its exports leads to the construction, no production module imports it, and no script of \`package.json\` starts it as a
     program. Scripts with names such as \`migrate\`, \`seed\`, \`setup\` or \`backfill\` start none.

   A module is no script, and no test by its importers, if \`main\`, \`module\`, \`bin\` or \`exports\` of its package names it.
3. **Examples and third-party code are not judged.** These are the folders \`examples\`, \`demos\`, \`samples\`, \`vendor\` and \`third_party\`, and
   folders whose name begins with a dot. The audit lists them.
4. **One module remains:** it is the factory, whatever its name.
5. **Several modules remain:** each program has one factory. A program is a folder with a \`package.json\`, a folder with the configuration
   of a framework or host, or a project of a Nest workspace. Frameworks and hosts are Next.js, Nuxt, SvelteKit, Astro, Remix, Electron,
   Wrangler, Serverless, Vercel and Nx. A module competes in the programs that use its exports; uses are followed by name through barrel
   files. If only its own program uses a module, it competes with each module in the folder of that program.
6. **Names come first.** The best name is that of ClickHouse (\`clickhouse.ts\`), or of a connection in a folder or package named after
   ClickHouse (\`clickhouse/client.ts\`). Next are other files in such a folder. All other names are last.
7. **Uses come second.** Among equal names, the module wins that three times as many production modules use as the next one. Only uses of
   the exports that construct count. If the numbers are equal, a module that exports its client wins against one that does not.
8. **Otherwise the program is undecided.** It is also undecided if the best module neither has the best name nor exports its client. If
   exactly one of the tied modules is the factory of another program, that one is the factory here too.

The messages and the audit say why a module was taken for the factory:

| reason | step |
| --- | --- |
| no other module of production code constructs a client | 4 |
| no other module of its program constructs a client | 5 |
| it is named after ClickHouse | 6 |
| most modules use it | 7 |
| it gives the client to other modules | 7 |

Then each construction in another module is a finding. Constructions in the factory are none, however many there are. An undecided
program has one finding, which lists the candidates. A script has a finding that names its factory. If only scripts construct clients, there
is no finding.

### Pin the factory

A new module can change what is inferred: a second client with a better name takes the place of the factory. So pin the factory as soon as
it is right. Each message has the line of settings, and the audit prints it.

\`\`\`json
{ "factories": ["src/clickhouse.ts"] }
\`\`\`

## Messages

A second client beside an inferred factory:

\`\`\`
\`{{constructor}}\` of "{{package}}" creates a further ClickHouse client. The factory is {{factories}}, because {{reason}}. Get the client from there. To pin the factory, set {{setting}} in clickhouse-ssot.config.json; a client for another purpose is a second entry there.
\`\`\`

If its address, user and password come from the caller and the module reads no environment, it may be a client for another purpose:

\`\`\`
\`{{constructor}}\` of "{{package}}" creates a ClickHouse client with options that its caller passes. The factory is {{factories}}, because {{reason}}. If this client has another purpose, such as a user's own credentials, declare both: {{setting}} in clickhouse-ssot.config.json. Otherwise get the client from the factory.
\`\`\`

If the code does not decide:

\`\`\`
\`{{constructor}}\` of "{{package}}" creates a ClickHouse client, and the code does not show which module is the factory: {{factories}}. Declare it, as in {{setting}} in clickhouse-ssot.config.json, and get the client from there in the others.
\`\`\`

In a script:

\`\`\`
\`{{constructor}}\` of "{{package}}" creates a ClickHouse client in a script, or in a program of its own. Get the client from the factory, {{factories}}. If it needs a client of its own, list it under "sanctioned" in clickhouse-ssot.config.json, with a reason.
\`\`\`

In a test, under the option \`tests\`:

\`\`\`
\`{{constructor}}\` of "{{package}}" creates a ClickHouse client in a test. Get the client from the factory, or use a test double of it.
\`\`\`

If the settings declare factories:

\`\`\`
\`{{constructor}}\` of "{{package}}" is called outside the factory ({{factories}}). Get the client from the factory.
\`\`\`

If no declared factory matches a source file:

\`\`\`
\`{{constructor}}\` of "{{package}}" is called outside the factory, and no source file matches "factories": [{{factories}}] in clickhouse-ssot.config.json. Correct that setting.
\`\`\`

If no factory is declared and a \`package.json\` of the project depends on \`@clickhouse-ssot/runtime\`:

\`\`\`
\`{{constructor}}\` of "{{package}}" creates a ClickHouse client outside @clickhouse-ssot/runtime, which is the factory of this project. Get the client from \`clickHouse\` or \`getClickHouseClient\`.
\`\`\`

## Options and settings

| option | default | effect |
| --- | --- | --- |
| \`tests\` | \`false\`; \`true\` in the preset \`strict\` | Whether constructions in tests are findings. |

In ESLint and oxlint, \`["error", { "tests": true }]\` sets it. In the audit, \`--preset strict\` does.

These settings of \`clickhouse-ssot.config.json\` change the findings of the rule:

| setting | effect |
| --- | --- |
| \`factories\` | Modules that may construct clients. Name one for each program, platform (Node.js, edge) or purpose. Default: [inferred](#the-inferred-factory). |
| \`clients\` | Packages and modules that the rule treats as clients, in addition to the [built-in ones](#built-in-client-packages). |
| \`sanctioned\` | Files, functions or classes that may construct clients, with a reason. |
| \`tests\` | Files that are tests: never the factory, and findings only under the option \`tests\`. |
| \`vendored\` | Files that are not analysed. |

\`\`\`json
{
  "factories": ["src/db/clickhouse.ts"],
  "clients": [
    { "package": "@acme/clickhouse", "constructors": ["createClient"] },
    { "module": "src/http/clickhouse-http.ts", "constructors": ["HttpClient"] }
  ],
  "sanctioned": [{ "path": "scripts/migrate.ts", "rules": ["no-direct-client"], "reason": "runs as the DDL user" }]
}
\`\`\`

### Built-in client packages

- **Clients:** \`@clickhouse/client\`, \`@clickhouse/client-web\`, \`clickhouse\`, \`@apla/clickhouse\`, \`@posthog/clickhouse\`,
  \`@cubejs-backend/apla-clickhouse\`, \`@depyronick/clickhouse-client\`, \`clickhouse-nodejs\`, \`@push.rocks/smartclickhouse\`, \`chdb\`.
- **Modules of a dependency container:** \`@depyronick/nestjs-clickhouse\`, \`@md03/nestjs-clickhouse\`, \`@oneralon/nestjs-clickhouse\`,
  \`tr-nestjs-clickhouse\`, \`adonisjs-clickhouse\`, \`@effect/sql-clickhouse\`.
- **Query builders, drivers and stores that create a client inside:** \`@founderpath/kysely-clickhouse\`, \`@hypequery/clickhouse\`,
  \`@mastra/clickhouse\`, \`@cubejs-backend/clickhouse-driver\`, \`@dnap/knex-clickhouse-dialect\`, \`@kopai/clickhouse-datasource\`,
  \`@transitive-sdk/clickhouse\`, \`clickhouse-orm\`. A call that passes an existing client creates none.
- **Migrations:** \`clickhouse-migrations\`, \`migrate-clickhouse\`. They connect by themselves and take no client. So their calls are no findings,
  and the audit lists them.

A package is known by its name, by \`npm:\` and \`jsr:\` specifiers, and by URLs of esm.sh, unpkg, jsDelivr, Skypack and JSPM. Other names count
too: \`npm:\` aliases in \`package.json\`, names in its field \`imports\`, and the import maps of Deno.

A package of your repository may have the name of a client package. It replaces the client for importers that link it: by \`workspace:\`,
\`link:\`, \`file:\` or \`portal:\`, as a member of the same workspaces whose version fits, or by \`paths\` in \`tsconfig.json\`. A copy of
\`@clickhouse/client\` or \`@clickhouse/client-web\` stays a client everywhere.

## When not to use it

Keep the rule on if only a few files need a client of their own. Examples are migrations and a second database user. Sanction these files,
or declare them as further factories. Turn the rule off if the project is a client library, where constructing clients is the purpose.

## Limits

The rule does not find:

- A second client in the factory itself, such as one for each call.
- A constructor whose import specifier is computed at run time.
- A constructor that passes through a file outside the analysis. A file is analysed if it is a seed file or imports a name that gives a
  client. A seed file names a client package or a client module of the settings, opens a session of the runtime, or is named under \`accessors\` or
  \`managers\`.
- Code that speaks ClickHouse's HTTP interface itself, such as \`fetch\` to port 8123. Such code is another way in. Name it under \`clients\`, as
  a \`module\`.
- A construction in the template of a component. The rule reads the scripts of \`.vue\`, \`.svelte\` and \`.astro\` files.
- A construction by code outside the project. The place that passes a constructor to such code is reported instead.

The inference follows names and not values. So a module that is used by a computed name only has no uses.

## Related rules

- [no-connection-import-cycle](no-connection-import-cycle.md) keeps the factory free of imports from the layers above it.
- [no-connection-recursion](no-connection-recursion.md) checks the functions that return clients.`,
  'no-error-text-matching': `## Why

The text of an error changes with each version of the server, and it contains names and values of the statement. A table with the name
\`timeout_log\` makes \`message.includes('timeout')\` true. The official client takes \`Code: 60.\` and \`(UNKNOWN_TABLE)\` out of the message of a
\`ClickHouseError\`, so a search for them finds nothing there. A refused connection to \`localhost\` has an empty message. The branch is then
dead, and no test with a double shows it.

### What is an error of ClickHouse

- What a \`try\` with a statement throws, also if a function of the project runs the statement.
- What a handler of a rejection receives: \`catch\`, the second argument of \`then\`, a retry predicate such as \`shouldRetry\`.
- The \`error\` of the answer of \`ping()\`, and the \`reason\` of a result of \`Promise.allSettled\`.
- What the listener \`error\` of a stream receives, and the first parameter of a callback of a client.
- A value whose type is \`ClickHouseError\`.
- The parameter of a function to which one of these is passed.

### What is reported

A text of such an error is compared with a string, a regular expression, a list or the keys of a table. The answer decides what code does: it
is a condition, chooses in a \`switch\`, filters a list, or is what a retry predicate or a helper answers.

- Something else may fail in the same \`try\`, or another module may call the same helper. Then only texts are reported that the server, the
  client or the socket says: the name or number of an error, \`DB::Exception\`, \`Memory limit\`, \`ECONNRESET\`. Words such as "not found" and
  "timeout" are also words of other systems.
- A branch that only chooses a line of a log is right. So is code that removes, cuts or extracts a part of the text for display.
- Tests are not judged.

### The one module for errors

A text must be compared where the client gives no code. One module may do so for the whole program: its exported functions get the error, and
two other modules call them at least. Then each other match is reported, and the message names a function of this module. If there are
several such modules, it is the one with the most users.

## Incorrect

\`\`\`ts incorrect
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const clickhouse = createClient();
// src/visits.ts
import { clickhouse } from './clickhouse.js';

export async function createVisits() {
  try {
    await clickhouse.command({ query: 'CREATE TABLE visits (id UInt64) ENGINE = MergeTree ORDER BY id' });
  } catch (error) {
    if (String(error).includes('TABLE_ALREADY_EXISTS')) return;
    throw error;
  }
}
\`\`\`

\`\`\`ts incorrect
import { clickHouse } from '@clickhouse-ssot/runtime';

const clickhouse = clickHouse();

export async function visits(): Promise<unknown> {
  return clickhouse.query({ query: 'SELECT * FROM visits' }).catch((error: Error) => {
    switch (error.message) {
      case 'Timeout error.':
        return [];
      default:
        throw error;
    }
  });
}
\`\`\`

\`\`\`ts incorrect
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const clickhouse = createClient();
// src/errors.ts
export const isMissing = (error: unknown) => String(error).includes('Unknown table expression');
// src/visits.ts
import { clickhouse } from './clickhouse.js';
import { isMissing } from './errors.js';

export const visits = () => clickhouse.query({ query: 'SELECT * FROM visits' }).catch((error) => (isMissing(error) ? [] : Promise.reject(error)));
// src/clicks.ts
import { clickhouse } from './clickhouse.js';
import { isMissing } from './errors.js';

export const clicks = () => clickhouse.query({ query: 'SELECT * FROM clicks' }).catch((error) => (isMissing(error) ? [] : Promise.reject(error)));
// src/sales.ts
import { clickhouse } from './clickhouse.js';

export const sales = () =>
  clickhouse.query({ query: 'SELECT * FROM sales' }).catch((error) => (/unknown table/i.test(error.message) ? [] : Promise.reject(error)));
\`\`\`

## Correct

\`\`\`ts correct
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const clickhouse = createClient();
// src/visits.ts
import { ClickHouseError } from '@clickhouse/client';
import { clickhouse } from './clickhouse.js';

export async function createVisits() {
  try {
    await clickhouse.command({ query: 'CREATE TABLE visits (id UInt64) ENGINE = MergeTree ORDER BY id' });
  } catch (error) {
    if (error instanceof ClickHouseError && error.code === '57') return;
    throw error;
  }
}
\`\`\`

\`\`\`ts correct
import { clickHouse, isServerError, isTimeout } from '@clickhouse-ssot/runtime';

const clickhouse = clickHouse();

export async function visits() {
  try {
    return await clickhouse.query({ query: 'SELECT * FROM visits' });
  } catch (error) {
    if (isTimeout(error) || isServerError(error, 60)) return undefined;
    throw error;
  }
}
\`\`\`

## What to ask instead

| failure | official client | runtime |
| --- | --- | --- |
| An answer of the server, as code 60 | \`error.code === '60'\` or \`error.type === 'UNKNOWN_TABLE'\` of a \`ClickHouseError\` | \`isServerError(error, 60)\` |
| Wrong credentials | \`error.code === '516'\` of a \`ClickHouseError\` | \`isAuthenticationError(error)\` |
| No connection | \`error.code === 'ECONNREFUSED'\` | \`isConnectError(error)\` |
| A lost connection | \`error.code === 'ECONNRESET'\` | \`error instanceof ConnectionLostError\`; of a write, \`isAmbiguousWrite(error)\` |
| The request timeout | None: the error has no code. Pass \`AbortSignal.timeout(…)\` as \`abort_signal\`, and ask \`signal.aborted\`. | \`isTimeout(error)\` |
| An abort | \`signal.aborted\`: the name of the error is \`Error\` | \`isAborted(error)\`, or \`error.name === 'AbortError'\` |

## Messages

\`\`\`
This branch depends on the text of an error of {{source}}{{texts}}. The text differs among versions of the server and of the client, and contains parts of the statement. Ask {{remedy}}.
\`\`\`

\`\`\`
This branch depends on the text of an error of {{source}}{{texts}}, and \`{{name}}\` of "{{file}}" is where this code base tells such errors apart. Call it here, and keep each text that is compared in that module.
\`\`\`

The finding is at the comparison. Several comparisons in one condition are one finding, at the first of them.

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect |
| --- | --- |
| \`tests\` | Files that count as tests. |
| \`sanctioned\` | Files whose findings are allowed, with a reason. |
| \`vendored\` | Files that are not analysed. |

## When not to use it

Turn the rule off for a client that gives no codes, for example one for an old HTTP proxy in front of the server.

## Limits

The rule does not find:

- A list of functions that test a text, which another function calls: \`tests.some((test) => test(error))\`.
- A text test that is passed to a function whose parameter the code does not show, or whose name says nothing of a retry.
- A text that is stored in a field or an object, and is compared elsewhere.
- An error that a bus, a queue or a middleware hands on.
- An error in the answer of a function of the project: \`const [error, rows] = await load()\`, \`result.mapErr(…)\`.
- The functions of text libraries, such as \`_.includes\`.
- A function of an interface whose implementation runs the statement.
- Errors of a client whose type is \`any\`.

A module of errors is read if it is at most three imports away from a file that uses a client. At most 120 of them are read.

## Related rules

- [no-swallowed-error](no-swallowed-error.md) finds failures that no code gets to know.`,
  'no-nested-acquire': `## Why

A pool of ten leases can serve ten callers at a time. If each of them holds one lease and asks for a second, all ten wait for each other. No
error is thrown, and the deadlock needs load to appear, so tests do not find it.

The rule follows all calls between the acquisition and the release of a lease, through any number of files. It reports the path from the first
acquisition to the second.

### What counts

- A pool is a class, an object or a module with a function that acquires (\`acquire\`, \`borrow\`, \`lease\`, \`getConnection\`, …) and one that
  releases (\`release\`, \`giveBack\`, \`checkIn\`, …). The sessions of \`@clickhouse-ssot/runtime\` count too, and so does an object of another
  package that is used like this. Two objects from two \`new\` expressions are two pools.
- A limiter or lock of a package is a pool: \`p-limit\`, \`p-queue\` with \`concurrency\`, \`async-mutex\`, \`async-sema\`, \`await-semaphore\`,
  \`await-lock\`, \`bottleneck\` with \`maxConcurrent\`, \`generic-pool\`, \`lightning-pool\`, \`tarn\`, \`pg\` and \`mysql2\`.
- A lease is held from the call to its release, on each path through the function. A loop that keeps its leases holds the first one when it
  acquires the second. \`using\` and \`await using\` hold a lease to the end of the block.
- A lease may be returned, alone or in an object such as \`new Lease(client)\`, and kept in a field, a collection or an outer variable. Then
  the calling function holds it, until it calls a function that releases it.
- A function that calls a callback while it holds a lease, such as \`pool.use(…)\`, runs the callback under that lease.
- A call counts if the release waits for it: it is awaited before the release, directly, through \`then\`, \`Promise.all\` or a variable, or by a
  function that is awaited. \`void refresh()\` and the handlers of \`emit\` do not delay the release, so they are not reported.
- A function that gets the held lease as an argument does not acquire where it asks for the argument first:
  \`given ? given.query(…) : pool.use(…)\`.

- Guards prevent a second acquisition: \`if (!mutex.isLocked())\`, a lease in an \`AsyncLocalStorage\` that the holder set by \`run\`, and a lease
  that a field, a variable or a map keeps for the next call.
- A pool in a field belongs to its object. Two objects of a class that makes its pool in a field have two pools.

## Incorrect

\`\`\`ts incorrect
import { type ClickHouseClient, createClient } from '@clickhouse/client';

class Pool {
  readonly #idle: ClickHouseClient[] = [createClient(), createClient()];
  readonly #waiting: ((client: ClickHouseClient) => void)[] = [];

  acquire(): Promise<ClickHouseClient> {
    const client = this.#idle.pop();
    return client ? Promise.resolve(client) : new Promise((resolve) => this.#waiting.push(resolve));
  }
  release(client: ClickHouseClient): void {
    const next = this.#waiting.shift();
    if (next) next(client);
    else this.#idle.push(client);
  }
}

const pool = new Pool();

async function count() {
  const client = await pool.acquire();
  try {
    return await client.query({ query: 'SELECT count() FROM events' });
  } finally {
    pool.release(client);
  }
}

export async function report() {
  const client = await pool.acquire();
  try {
    return [await client.query({ query: 'SELECT 1' }), await count()];
  } finally {
    pool.release(client);
  }
}
\`\`\`

\`\`\`ts incorrect
import { getClickHouseConnectionManager } from '@clickhouse-ssot/runtime';

const manager = getClickHouseConnectionManager();

export async function compare() {
  await using today = await manager.session();
  await using yesterday = await manager.session();
  return [today, yesterday];
}
\`\`\`

\`\`\`ts incorrect
// src/clickhouse.ts
import { clickHouse } from '@clickhouse-ssot/runtime';

export const clickhouse = clickHouse();
// src/compare.ts
import { clickhouse } from './clickhouse.js';

export async function compare() {
  await using today = await clickhouse.manager.session();
  await using yesterday = await clickhouse.manager.session();
  return [today, yesterday];
}
\`\`\`

## Correct

\`\`\`ts correct
import { type ClickHouseClient, createClient } from '@clickhouse/client';

class Pool {
  readonly #idle: ClickHouseClient[] = [createClient(), createClient()];
  readonly #waiting: ((client: ClickHouseClient) => void)[] = [];

  acquire(): Promise<ClickHouseClient> {
    const client = this.#idle.pop();
    return client ? Promise.resolve(client) : new Promise((resolve) => this.#waiting.push(resolve));
  }
  release(client: ClickHouseClient): void {
    const next = this.#waiting.shift();
    if (next) next(client);
    else this.#idle.push(client);
  }
}

const pool = new Pool();

async function count(client: ClickHouseClient) {
  return client.query({ query: 'SELECT count() FROM events' });
}

export async function report() {
  const client = await pool.acquire();
  try {
    return [await client.query({ query: 'SELECT 1' }), await count(client)];
  } finally {
    pool.release(client);
  }
}
\`\`\`

## Messages

\`\`\`
This call acquires a lease of {{pool}} while another lease of it is held. Under load, all callers wait for each other. Pass on the held lease, or release it first.
{{path}}
\`\`\`

The finding is at the call that runs while the lease is held. \`{{path}}\` lists the calls from the first acquisition to the second.

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect |
| --- | --- |
| \`clients\` | Packages that the rule treats as client packages, in addition to the built-in ones. |
| \`accessors\`, \`managers\` | These files are always analysed. |
| \`sanctioned\` | Files whose findings are allowed, with a reason. |
| \`vendored\` | Files that are not analysed. |

## When not to use it

The rule does not know how large a pool is. Nesting is safe if the pool has at least as many leases as the largest number of callers,
multiplied by the leases that each caller needs. Sanction the file in that case, and give this as the reason. Turn the rule off if no pool
of the code base is bounded.

## Limits

The rule does not find:

- A lease that is passed to code outside the analysis, if the function itself does not release it.
- A second acquisition in a file outside the analysis. A file is analysed if it is a seed file, imports a name that gives a client, or lies
  on a path of at most seven imports between two files that acquire. If these are more than 40, none of them is analysed. A seed file names a
  client package, opens a session of the runtime, or is named under \`accessors\` or \`managers\`.
- A call of a helper such as \`withLease(work)\` in a file that names neither a client package nor an acquisition.
- A lock in a file that imports only types of a client package.
- An implementation that is chosen in a third file.
- A function that \`wrap()\` of \`bottleneck\` makes, or that a function of the project makes around a handler.
- A generator that holds a lease between two of its values.
- Waiting for something else than a lease of the same pool, for example two pools that two functions acquire in opposite order.

It does not see a second lease of one object if the code makes two objects of the class and calls the second acquisition through a variable.
It does not understand guards of other kinds, such as a counter, \`enterWith()\` or a flag.

It reports a pool without a bound like any other, and takes two leases of one pool for two keys of a keyed lock.

## Related rules

- [no-connection-recursion](no-connection-recursion.md) finds the form that ends in a stack overflow instead of a deadlock.`,
  'no-possible-connection-recursion': `## Why

\`no-connection-recursion\` reports only cycles whose every call runs for some input. If a cycle depends on an expression that the analysis does not
understand, the cycle is possible, not proven. This rule reports it and names the expression, so that a reader can decide.

## Incorrect

\`\`\`ts incorrect
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { withDefaults } from 'option-defaults';

const manager = {
  take(): Promise<ClickHouseClient> {
    return getClient(withDefaults({ bypassManager: true }));
  },
};

export async function getClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  if (!options.bypassManager) return manager.take();
  return createClient();
}
\`\`\`

## Correct

\`\`\`ts correct
import { type ClickHouseClient, createClient } from '@clickhouse/client';
import { withDefaults } from 'option-defaults';

const manager = {
  take(): Promise<ClickHouseClient> {
    return getClient({ ...withDefaults({ label: 'pool' }), bypassManager: true });
  },
};

export async function getClient(options: { bypassManager?: boolean } = {}): Promise<ClickHouseClient> {
  if (!options.bypassManager) return manager.take();
  return createClient();
}
\`\`\`

## Messages

\`\`\`
\`{{accessor}}\` may call itself through this call. {{doubt}} {{remedy}}
{{path}}
\`\`\`

\`\`\`
Through this call, the promise in {{promise}} may wait for itself. {{doubt}} {{remedy}}
{{path}}
\`\`\`

The finding is at the accessor call that closes the cycle. \`{{path}}\` lists the calls from the accessor back to itself, one per line.
\`{{doubt}}\` is one of these:

\`\`\`text doubt
Whether it does depends on {{expression}}, which the analysis does not understand.
\`\`\`

\`\`\`text doubt
The analysis does not know which functions {{expression}} runs.
\`\`\`

\`\`\`text doubt
It does if {{code}} fails each time.
\`\`\`

\`\`\`text doubt
A condition ends the cycle, unless this promise already waits for the call.
\`\`\`

\`\`\`text doubt
The analysis does not tell all calls of {{function}} apart, because they differ in too many ways.
\`\`\`

\`{{remedy}}\` is one of these. The last one is for a call that sets the bypass, and for an accessor that has none:

\`\`\`text remedy
Pass "{{bypass}}" here: then {{condition}} ends the recursion. Or {{repair}}.
\`\`\`

\`\`\`text remedy
Pass "{{bypass}}" here, or {{repair}}.
\`\`\`

\`\`\`text remedy
To exclude a recursion, {{repair}}.
\`\`\`

After the second message, they say "wait" in place of "recursion".

[no-connection-recursion](no-connection-recursion.md#messages) lists the values of \`{{repair}}\`.

## Options and settings

The rule has no options. The settings are those of [no-connection-recursion](no-connection-recursion.md#options-and-settings).

## When not to use it

Turn it off if you want proven cycles only. The preset \`recommended\` does not contain it.

## Limits

A value that the caller or the outside may choose is no doubt: a cycle that runs for one of these values is proven. Such values are parameters,
environment variables, the results of requests, and what libraries return without a flag among their arguments.

These cycles are possible, not proven:

- A cycle through an own container if the name is computed, is registered twice, or the program makes several containers of one class.
- A cycle on which a function reads an \`AsyncLocalStorage\` by \`getStore()\` in a condition.
- A method that repeats its statement after a failure, by way of another method of its class.
- A kept promise that may wait for itself although a call on the cycle runs only once.

A container that registers functions by an options object, \`register({ token, useFactory })\`, is a possible recursion in legal code too.

## Related rules

- [no-connection-recursion](no-connection-recursion.md) reports the proven cycles.
- [require-manager-bypass](require-manager-bypass.md) reports each accessor call of a manager without the bypass, and repairs it.`,
  'no-raw-http': `## Why

A request by hand repeats what a client does: address, credentials, format, compression, time limits, errors. The copies drift apart. ClickHouse
can answer with status 200 and fail in the middle of the body, which \`response.ok\` does not show. A second way to connect also escapes the
limits, retries and metrics of the first one.

### What counts as a request

A call of \`fetch\`, \`axios\`, \`got\`, \`ky\`, \`undici\`, \`superagent\`, \`needle\`, \`node-fetch\`, \`ofetch\`, \`node:http\` or \`node:https\`. Also other names for
these, instances such as \`axios.create({ baseURL })\`, and functions of the project that get the URL. Such a function is judged at each call.

### What shows that it goes to ClickHouse

One of these is enough:

- a header of the interface in the request, such as \`X-ClickHouse-Key\`;
- an address from the configuration of ClickHouse: a variable such as \`CLICKHOUSE_URL\`, or a value that a client gets as its address;
- port 8123;
- a host of ClickHouse Cloud with a port, a parameter or a statement;
- a host that names ClickHouse, with port 8443, a parameter such as \`query\` or \`database\`, or a statement;
- port 8443 with a statement in the parameter \`query\`.

A statement, a parameter \`query\` or port 8443 alone proves nothing, because other servers have them too.

## Incorrect

\`\`\`ts incorrect
// src/settings.ts
export const settings = { url: process.env.CLICKHOUSE_URL };
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';
import { settings } from './settings';

export const clickhouse = createClient({ url: settings.url });
// src/visits.ts
import { settings } from './settings';

export async function visits() {
  const response = await fetch(\`\${settings.url}/?query=SELECT count() FROM visits FORMAT JSON\`);
  return response.json();
}
\`\`\`

A ping by hand says nothing about the client, which has other credentials and time limits:

\`\`\`ts incorrect
export const isUp = async () => (await fetch('http://clickhouse:8123/ping')).ok;
\`\`\`

A function that gets the URL is reported at the call that passes the address of ClickHouse:

\`\`\`ts incorrect
// src/http.ts
export const post = (url: string, body: string) => fetch(url, { method: 'POST', body });
// src/events.ts
import { post } from './http';

export const save = (rows: string) => post(\`\${process.env.CLICKHOUSE_URL}/?query=INSERT INTO events FORMAT JSONEachRow\`, rows);
export const notify = (text: string) => post(process.env.CHAT_WEBHOOK ?? '', text);
\`\`\`

## Correct

\`\`\`ts correct
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const clickhouse = createClient({ url: process.env.CLICKHOUSE_URL });
// src/visits.ts
import { clickhouse } from './clickhouse';

export async function visits() {
  const result = await clickhouse.query({ query: 'SELECT count() FROM visits', format: 'JSON' });
  return result.json();
}

export const isUp = async () => (await clickhouse.ping()).success;
\`\`\`

A function that only serves as the option \`fetch\` of a client is part of that client:

\`\`\`ts correct
import { createClient } from '@clickhouse/client-web';

const traced: typeof fetch = (input, init) => fetch(input, { ...init, headers: { ...init?.headers, 'X-ClickHouse-Trace': 'on' } });

export const clickhouse = createClient({ url: process.env.CLICKHOUSE_URL, fetch: traced });
\`\`\`

Other interfaces have no client, and the server of a user has no configured one:

\`\`\`ts correct
import express from 'express';

const app = express();

export const metrics = () => fetch('http://clickhouse:9363/metrics');
export const services = () => fetch('https://api.clickhouse.cloud/v1/organizations');

app.post('/try', async (req, res) => {
  const answer = await fetch(\`\${req.body.url}/?query=SELECT 1\`, { headers: { 'X-ClickHouse-User': req.body.user } });
  res.json({ ok: answer.ok });
});
\`\`\`

## Messages

\`\`\`
\`{{call}}\` sends a request to ClickHouse's HTTP interface: {{evidence}}. It has its own address, credentials, formats and errors, beside those of a client. {{client}}, and call {{method}}.
\`\`\`

\`\`\`
\`{{call}}\` asks ClickHouse's HTTP interface whether the server answers: {{evidence}}. A client may still be unable to connect, because it has other settings. {{client}}, and call {{method}}.
\`\`\`

\`{{client}}\` and \`{{method}}\` fit the code: the message names the module that makes the client of the program, or the runtime. If the program has no
client, the message says how to make one. The method follows from the statement: \`query\`, \`insert\`, \`command\` or \`ping\`.

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect | default |
| --- | --- | --- |
| \`clients\` | A module of the project that is a client of its own may send requests. | \`[]\` |
| \`factories\` | The factories may send requests. | The inferred factories may not. |
| \`sanctioned\` | Files that may send requests, with a reason. | \`[]\` |
| \`tests\` | Tests are not judged. | See the schema. |

## When not to use it

Code that is itself a client, such as a driver, talks to the interface. Declare its module under \`clients\`. A tool that connects to servers of
its users only has no client to use.

## Limits

- The address must be visible: by literals, variables, fields, imports and calls of functions of the project. An address that comes from a
  database, a form or a request is taken for the server of a user.
- An address that a base class gets by \`super(url)\`, that a subclass overrides, or that is a static field, is not followed. Nor is one whose port is
  set afterwards.
- Interceptors, and defaults that are set on the global \`axios\`, are not followed. Nor are \`XMLHttpRequest\` and \`curl\` in a child process.
- A \`baseURL\` that is set on an instance is followed in the module that makes the instance, not in others.
- In scripts, a ping is not reported: scripts wait for a server before there is a client.
- A variable such as \`CLICKHOUSE_METRICS_URL\`, \`CLICKHOUSE_PROXY_URL\` or \`CLICKHOUSE_API_URL\` means another program.

## Related rules

- [no-direct-client](no-direct-client.md) finds a second client.
- [single-config-source](single-config-source.md) finds the second reading of the address.`,
  'no-stale-settings': `## Why

A setting that matches nothing has no effect, and looks as if it had one. A renamed file takes its exception away. A typo in \`clients\` hides a
whole client package from the rules.

The rule is a warning in the preset \`recommended\` and an error in \`strict\`.

## Incorrect

\`\`\`json incorrect
{ "factories": ["src/database/clickhouse.ts"] }
\`\`\`

\`\`\`json incorrect
{ "factories": ["**"] }
\`\`\`

\`\`\`json incorrect
{
  "factories": ["src/db/clickhouse.ts"],
  "sanctioned": [{ "path": "src/app.ts", "rules": ["no-direct-client"], "reason": "its client was removed last year" }]
}
\`\`\`

## Correct

\`\`\`json correct
{ "factories": ["src/db/clickhouse.ts"] }
\`\`\`

## Messages

Each stale entry is one finding at line 1 of the first linted file, because linters do not lint the settings file.

The incorrect blocks above have these messages:

\`\`\`
clickhouse-ssot.config.json: "factories[0]": "src/database/clickhouse.ts" matches no source file. Did you mean "src/db/clickhouse.ts"?
\`\`\`

\`\`\`
clickhouse-ssot.config.json: "factories[0]": "**" matches every source file, so no-direct-client reports nothing. Name the modules that construct clients.
\`\`\`

\`\`\`
clickhouse-ssot.config.json: "sanctioned[0]": "src/app.ts" has no finding of no-direct-client. Remove the entry.
\`\`\`

## Options and settings

The rule has no options. It checks these settings:

| setting | reported |
| --- | --- |
| \`factories\`, \`managers\`, \`config\`, \`service\`, \`tests\` | A glob that matches no source file, and a glob that matches all of them. The default globs of \`tests\` may match nothing. |
| \`vendored\` | A glob that matches no file, and globs that leave no source file. |
| \`accessors\` | A module or function that does not exist, and a bypass that the function does not have. |
| \`clients\` | A package that no source file imports, a module that does not exist, and a constructor that no importing file mentions or that the module does not export. |
| \`sanctioned\` | An entry without a finding, a rule of it without a finding, a \`count\` that is too high, an \`in\` that names nothing, and a \`path\` that matches all files. |

## When not to use it

Turn the rule off if several code bases share one settings file, and an entry matches only in some of them.

## Limits

- The audit does not have these findings. It lists the same entries as stale settings.
- A declared factory that exists and constructs nothing is not reported.
- An entry for a folder that has settings of its own is reported, because those settings judge the folder.

## Related rules

- [valid-settings](valid-settings.md) reports settings that cannot be read.`,
  'no-swallowed-error': `## Why

A statement that fails and a table without rows look the same if the handler of the error answers \`[]\`. Dashboards show zeros, jobs count as
done, health checks say yes, and the failure is found days later.

### What counts

- The handler is a \`catch\` around a statement, \`.catch(…)\`, or the second argument of \`then(…)\`. A statement is a call of \`query\`, \`insert\`,
  \`command\` or \`exec\` on a client, or a call of a function of the project that makes one and passes its failure on.
- A handler is right if it throws, passes the error to any function, answers with it, or sets a value that says that something failed. So
  are \`return false\`, a state such as \`'down'\`, and work that is done in another way. Logging the error with \`console.error\`, or with a
  logger at any level above \`debug\`, is enough too.
- A handler is right too if it answers \`null\` or \`undefined\`, and all known callers act on that: they throw, answer with an error, or do the
  work in another way. If the value may be absent without a failure, only a \`throw\` counts.
- A \`try\` in a loop without an end is right if only success leaves the loop. A flag is right if other code throws or does something else
  because of it.
- A handler is wrong if it does nothing but these things: answer with an empty value or a success, log with \`console.log\`, log a text
  without the error, or wait. The same holds for an empty response, an end of the process with 0, and a callback that gets nothing. A counter
  of tries, the time of the last run and another try with a limit tell nothing by themselves.
- A comment in the handler that gives the reason ends the report: one with words such as "best effort", "optional" or "not critical", or one
  of at least eight words.
- \`DROP\`, \`KILL\` and \`DETACH\`, and functions that are named after \`close\`, \`cleanup\`, \`release\` and the like, clean up: their failures may be
  dropped.
- \`ping()\` of the client does not reject: it resolves with \`success: false\`. An answer that is dropped in a \`try\`, or in a health check, is
  reported.
- \`Promise.allSettled\` does not reject. If no code looks at the rejected results, it is reported.

Code that is not understood counts as right. Tests are not judged.

## Incorrect

\`\`\`ts incorrect
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const clickhouse = createClient();
// src/visits.ts
import { clickhouse } from './clickhouse.js';

export async function visits() {
  try {
    const result = await clickhouse.query({ query: 'SELECT * FROM visits', format: 'JSONEachRow' });
    return await result.json();
  } catch {
    return [];
  }
}
\`\`\`

\`\`\`ts incorrect
import type { ClickHouseClient } from '@clickhouse/client';

export function track(client: ClickHouseClient, values: object[]) {
  return client.insert({ table: 'clicks', values, format: 'JSONEachRow' }).catch(() => {});
}
\`\`\`

\`\`\`ts incorrect
import { clickHouse } from '@clickhouse-ssot/runtime';

const clickhouse = clickHouse();

export async function health() {
  await clickhouse.ping();
  return { status: 'ok' };
}
\`\`\`

## Correct

\`\`\`ts correct
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const clickhouse = createClient();
// src/visits.ts
import { clickhouse } from './clickhouse.js';

export async function visits() {
  try {
    const result = await clickhouse.query({ query: 'SELECT * FROM visits', format: 'JSONEachRow' });
    return await result.json();
  } catch (error) {
    throw new Error('The visits cannot be read', { cause: error });
  }
}
\`\`\`

\`\`\`ts correct
import type { ClickHouseClient } from '@clickhouse/client';

export function track(client: ClickHouseClient, values: object[]) {
  return client.insert({ table: 'clicks', values, format: 'JSONEachRow' }).catch((error: unknown) => {
    console.error('clicks are lost', error);
  });
}
\`\`\`

\`\`\`ts correct
import { clickHouse } from '@clickhouse-ssot/runtime';

const clickhouse = clickHouse();

export async function health() {
  const { success } = await clickhouse.ping();
  return { status: success ? 'ok' : 'down' };
}
\`\`\`

## Messages

\`\`\`
If \`{{call}}\` fails, this handler drops the error, and the code goes on as if the statement had succeeded. Throw the error, or pass it to code that acts on it. If the failure does not matter, say why in a comment with the words "best effort".
\`\`\`

\`\`\`
If \`{{call}}\` fails, this handler drops the error and answers \`{{answer}}\`, so the caller takes a failure for an answer. Throw the error, or answer with a value that carries it.
\`\`\`

\`\`\`
The callback of \`{{call}}\` ignores its error, so a failure looks like an empty result. Pass the error on, or throw it.
\`\`\`

\`\`\`
\`Promise.allSettled\` does not reject, and no code looks at the rejected results here, so a failure of \`{{call}}\` is lost. Look at the results with the status \`rejected\`, or use \`Promise.all\`.
\`\`\`

\`\`\`
\`{{call}}\` does not reject if the server is down: it resolves with \`success: false\` and the error, and this code drops that answer. Look at \`success\`.
\`\`\`

\`\`\`
This \`return\` in \`finally\` replaces a failure of \`{{call}}\`. Return after the \`try\` statement.
\`\`\`

The finding is at the handler: at \`catch\`, at the callee of \`Promise.allSettled\`, of the ping or of the statement with a callback, or at the
\`return\` in \`finally\`.

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect |
| --- | --- |
| \`tests\` | Files that count as tests. |
| \`sanctioned\` | Files whose findings are allowed, with a reason. |
| \`vendored\` | Files that are not analysed. |

## When not to use it

Turn the rule off where a missing answer is as good as an empty one everywhere, for example in a dashboard that only shows a preview.

## Limits

The rule does not find:

- A failure that is logged as an error and then answered with an empty value.
- A function of the project that runs a callback and answers a fallback: \`withFallback(run, [])\`.
- A counter that is a member, such as \`this.attempts++\`.
- A handler that throws under a condition that says nothing about the error.
- A function of an interface or of another package that runs the handler.
- A response without a body, such as the status 204.
- An empty value behind a name or a call: \`return none\`, \`orNull(promise)\`.
- A promise that is stored first and awaited in the \`try\` later.
- Failures of a client whose type is \`any\`, or that is given to a file that does not import its type.

A comment with a word such as "ignore" counts as a reason. A caller that only knows an interface of the function is not followed: then an
answer of \`null\` is reported.

A file is analysed if it is in the slice or at most four uses away from an import of a client.

## Related rules

- [no-undrained-result](no-undrained-result.md) finds results that nothing reads.`,
  'no-undrained-result': `## Why

\`query()\` and \`exec()\` resolve when the headers of the response arrive. The rows are still on the connection, and it stays in use until they
are read, until the result is closed, or until a timeout ends it. If each call leaves one behind, the pool of connections is soon empty, and
all other statements wait. With \`@clickhouse-ssot/runtime\` an unread result also keeps its permit.

Most unread results belong to statements that have no rows: DDL, INSERT and checks that are sent with \`query()\`.

### What counts

- A result counts as read after \`json()\`, \`text()\`, \`close()\` or \`using\`. A stream counts as read after a listener for \`data\`, a pipe, a
  \`for await\` loop, \`resume()\` or \`destroy()\`. A \`stream()\` without one of these reads nothing, nor do \`query_id\` and \`response_headers\`.
- A result that is returned is followed to the calls of the function. One that is passed to a function of the project is followed into it,
  and so are results in variables, private fields, arrays and \`Promise.all\`.
- Code that is not understood counts as a reader.
- The rule knows the results of \`@clickhouse/client\`, \`@clickhouse/client-web\` and \`@clickhouse-ssot/runtime\`, by the type of the client. So
  \`pool.query('BEGIN')\` of another database is not reported.

## Incorrect

\`\`\`ts incorrect
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const clickhouse = createClient();
// src/events.ts
import { clickhouse } from './clickhouse.js';

export async function createTable() {
  await clickhouse.query({ query: 'CREATE TABLE events (id UInt64) ENGINE = MergeTree ORDER BY id' });
}
\`\`\`

\`\`\`ts incorrect
import type { ClickHouseClient } from '@clickhouse/client';

export async function events(client: ClickHouseClient, isWanted: boolean) {
  const result = await client.query({ query: 'SELECT * FROM events', format: 'JSONEachRow' });
  return isWanted ? result.json() : [];
}
\`\`\`

\`\`\`ts incorrect
import { getClickHouseClient } from '@clickhouse-ssot/runtime';

export async function isUp() {
  const clickhouse = await getClickHouseClient();
  const result = await clickhouse.query({ query: 'SELECT 1' });
  return result !== undefined;
}
\`\`\`

## Correct

\`\`\`ts correct
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const clickhouse = createClient();
// src/events.ts
import { clickhouse } from './clickhouse.js';

export async function createTable() {
  await clickhouse.command({ query: 'CREATE TABLE events (id UInt64) ENGINE = MergeTree ORDER BY id' });
}
\`\`\`

\`\`\`ts correct
import type { ClickHouseClient } from '@clickhouse/client';

export async function events(client: ClickHouseClient, isWanted: boolean) {
  if (!isWanted) return [];
  const result = await client.query({ query: 'SELECT * FROM events', format: 'JSONEachRow' });
  return result.json();
}
\`\`\`

\`\`\`ts correct
import { getClickHouseClient } from '@clickhouse-ssot/runtime';

export async function isUp() {
  const clickhouse = await getClickHouseClient();
  const { success } = await clickhouse.ping();
  return success;
}
\`\`\`

## Messages

\`\`\`
The result of this call of \`{{name}}\` is not read, so its connection stays in use until a timeout. Read it with \`json()\`, \`text()\` or a stream, or call \`close()\` on it. If no rows are wanted, send the statement with \`command()\`.
\`\`\`

\`\`\`
The result of this call of \`{{name}}\` is read on some paths only. On the others its connection stays in use until a timeout. Read it on each path, or call \`close()\` on it. \`using\` closes it at the end of the block.
\`\`\`

\`\`\`
The stream that this call of \`{{name}}\` gives is not read, so its connection stays in use until a timeout. Read the stream to its end or destroy it. If no rows are wanted, send the statement with \`command()\`.
\`\`\`

\`\`\`
This statement returns no rows, and \`{{name}}\` leaves its response unread, so its connection stays in use until a timeout. Send it with \`command()\`.
\`\`\`

\`\`\`
This INSERT is sent with \`{{name}}\`, which leaves the response unread, so its connection stays in use until a timeout. Send rows with \`insert()\`, and INSERT … SELECT with \`command()\`.
\`\`\`

\`\`\`
This check sends \`SELECT 1\` with \`{{name}}\` and does not read the result, so its connection stays in use until a timeout. Call \`ping()\` and look at \`success\` of its answer.
\`\`\`

The finding is at the call that gives the result.

If the text of the statement shows that it has no rows, and no code looks at the result, editors suggest another method:

\`\`\`
Send the statement with \`command()\`.
\`\`\`

The suggestion also removes the option \`format\`. An INSERT with rows in its text gets no suggestion. The same holds for a call with an option
that \`command()\` may not have.

## Options and settings

| option | effect |
| --- | --- |
| \`tests\` | Whether findings in tests are reported. Default: \`false\`; \`true\` in the preset \`strict\`. A test is judged only if it constructs a client. |

These settings of \`clickhouse-ssot.config.json\` change the findings:

| setting | effect |
| --- | --- |
| \`tests\` | Files that count as tests. |
| \`sanctioned\` | Files whose findings are allowed, with a reason. |
| \`vendored\` | Files that are not analysed. |

## When not to use it

Turn the rule off for scripts that send one statement and end: the end of the process closes the connection.

## Limits

The rule does not find:

- A result that leaves the code that is analysed: in a public field, in an object, or as an argument of another package.
- A result that is read only inside a loop, a \`try\` or a \`switch\` that may not run.
- A stream of which a reader takes some rows and then stops without destroying it, other than with one \`next()\`.
- A result that a function of another file returns, if the file that calls it gets the function by a parameter alone.
- A result that a \`throw\` in front of its reader leaves unread, or of which code compares only the \`query_id\`.
- A stream that a pattern takes of \`exec\` and that only some paths read.
- A result of an array that a pattern takes fewer elements of: \`const [a] = await Promise.all(tables.map(…))\`.
- Results of packages other than the official clients and the runtime, and of types of inner paths such as \`@clickhouse/client/dist/client\`.
- A client whose type is \`any\`, or one that is given to a file that does not import its type.

A file is analysed if it is in the slice or at most four uses away from an import of a client. More than 300 such files outside the slice
are too many. Then the nearest are analysed, and the audit says so.

## Related rules

- [no-nested-acquire](no-nested-acquire.md) finds callers of a bounded pool that wait for each other.`,
  'require-manager-bypass': `## Why

An accessor calls the connection manager to get a client. If the manager calls the accessor in turn, it must set the bypass flag, so that the
accessor goes to the factory directly. In the incident behind this rule, two of the three calls set the flag and one did not.

The rule follows each call that a manager can reach, through helpers, callbacks and interfaces. Each accessor call on such a path must set the
bypass.

- An **accessor** is a function that returns a client and takes a bypass flag. Typical names are \`bypassManager\`, \`skipPool\`, \`withoutManager\`,
  \`direct\` and \`unmanaged\`. A flag of another name counts if it ends a recursion of the accessor: a boolean that is \`true\` or \`false\`, a mode
  such as \`'direct'\`, a member of an enum, or an argument that the call may leave out.
- A **manager** is a class that the accessor does not call if its bypass is set. If the rule does not understand the condition, a class that
  calls the accessor again is a manager all the same.

A call is judged by what the accessor does with its arguments, whatever the operator of the condition. \`options.bypassManager == null\`,
\`'bypassManager' in options\` and \`switch (mode)\` decide as they do at run time. If a method of the manager receives the flag as a parameter,
the rule uses the values that the callers in the code pass.

## Incorrect

\`\`\`ts incorrect
import { type ClickHouseClient, createClient } from '@clickhouse/client';

class Manager {
  take(): Promise<ClickHouseClient> {
    return getClient();
  }
}

const manager = new Manager();

export async function getClient({ bypassManager = false } = {}): Promise<ClickHouseClient> {
  return bypassManager ? createClient() : manager.take();
}
\`\`\`

## Correct

\`\`\`ts correct
import { type ClickHouseClient, createClient } from '@clickhouse/client';

class Manager {
  take(): Promise<ClickHouseClient> {
    return getClient({ bypassManager: true });
  }
}

const manager = new Manager();

export async function getClient({ bypassManager = false } = {}): Promise<ClickHouseClient> {
  return bypassManager ? createClient() : manager.take();
}
\`\`\`

## Messages

If the call does not set the bypass:

\`\`\`
{{manager}} calls \`{{accessor}}\` without "{{bypass}}", so the accessor may call the manager again. Pass "{{bypass}}" here.{{path}}
\`\`\`

If the call passes a value that the code does not show:

\`\`\`
{{manager}} calls \`{{accessor}}\` with a "{{bypass}}" that may not be set, so the accessor may call the manager again. Set it here.{{path}}
\`\`\`

\`{{bypass}}\` is the flag, or the flag with its value: \`pooled: false\` for an option, \`mode = 'direct'\` for a parameter. If several values go past
the manager, each is named: \`"mode: 'direct'" or "mode: 'raw'"\`.

\`{{path}}\` lists the calls from the manager to the accessor, one per line. It is empty if the manager calls the accessor itself.

### Fix

\`--fix\` adds the flag if the accessor honours it: as a new last argument, in place of \`undefined\`, or as the last property of an object
literal. It does not change a call that:

- passes a variable or another expression in the place of the flag or of the options, such as an options object that it received,
- already sets the flag in an object literal, or has a computed property name there,
- spreads its arguments, or leaves out an argument before the flag,
- may run several functions,
- is no plain call, such as \`new\` or a getter,
- calls an accessor whose flag is known only by its use, not by its name or the settings.

Only the author knows what these calls mean.

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect |
| --- | --- |
| \`accessors\` | The accessors and their bypass. If it is empty, accessors are inferred. |
| \`managers\` | Modules whose code counts as a manager. If it is empty, managers are inferred. |
| \`clients\` | Packages that the rule treats as client packages, in addition to the built-in ones. |
| \`sanctioned\` | Files whose findings are allowed, with a reason. |
| \`vendored\` | Files that are not analysed. |

\`\`\`json
{
  "accessors": [{ "module": "src/db/clickhouse.ts", "name": "getClickHouseClient", "bypass": "bypassManager" }],
  "managers": ["src/core/clickhouse-connection-manager.ts"]
}
\`\`\`

\`bypass\` is the name of a flag that is \`true\` in a bypassing call. It can also be a parameter with the bypassing value:
\`{ "parameter": "mode", "value": "direct" }\`. The parameter may be an option of an options object.

## When not to use it

The rule is meant to be right on every code base. It reports nothing if no accessor has a bypass. If a manager receives a factory and calls no
accessor, no flag is needed.

## Limits

The rule does not find:

- A call of an accessor without a flag. [no-connection-recursion](no-connection-recursion.md) finds the recursion through such an accessor.
- A call by a manager that is not a class, such as a pool object that a function returns, unless the settings name its module.
  [no-connection-recursion](no-connection-recursion.md) finds the recursion in this case.

## Related rules

- [no-connection-recursion](no-connection-recursion.md) reports the recursion that a missing bypass causes, with its path.
- [no-connection-import-cycle](no-connection-import-cycle.md) reports the imports between manager and accessor.`,
  'require-release': `## Why

A client keeps sockets open until it is closed, and a lease keeps a place in its pool. A handler that makes a client for each request and does
not close it runs out of sockets or memory under load. An error that skips the release has the same effect, and it needs an outage to appear.

The rule follows each new client to its owner, through calls, objects, fields and collections, and then each path of the owner, exceptions
included.

### What counts

- Clients of \`@clickhouse/client\`. The client for browsers keeps no socket, so it does not count.
- Pools of clients by \`generic-pool\`, \`tarn\` and \`lightning-pool\`, and their leases. \`drain()\` of \`generic-pool\` leaves the clients open;
  \`clear()\` closes them.
- Sessions of \`@clickhouse-ssot/runtime\`.
- Objects of the project that own a client: the code that makes the object has to close it. So has the caller of a function that returns a
  new client.
- Only code that runs again and again: handlers, methods, callbacks of timers, queues and routes, exported functions, loops. A client of a
  module, of a function with a memo or of a script that ends may stay open.
- A \`close\` in \`finally\`, \`await using\`, a listener that closes, a helper that closes and a close by hand on each exit are releases. A value
  that goes to code outside the analysis counts as released.
- A client in a field, a variable of a module, a map or a cache stays open as long as the process. It is reported if the code replaces it,
  removes it, or if the cache of a package drops it, and no code of that function closes it.

## Incorrect

\`\`\`ts incorrect
import { createClient } from '@clickhouse/client';

export async function GET() {
  const client = createClient();
  const result = await client.query({ query: 'SELECT count() FROM events' });
  return Response.json(await result.json());
}
\`\`\`

\`\`\`ts incorrect
import { createClient } from '@clickhouse/client';

export async function countEvents(day: string) {
  const client = createClient();
  const result = await client.query({ query: 'SELECT count() FROM events', query_params: { day } });
  const rows = await result.json();
  await client.close();
  return rows;
}
\`\`\`

\`\`\`ts incorrect
import { type ClickHouseClient, createClient } from '@clickhouse/client';

let cached: { url: string; client: ClickHouseClient } | undefined;

export function clientOf(url: string) {
  if (cached?.url === url) return cached.client;
  cached = { url, client: createClient({ url }) };
  return cached.client;
}
\`\`\`

## Correct

\`\`\`ts correct
import { createClient } from '@clickhouse/client';

const client = createClient();

export async function GET() {
  const result = await client.query({ query: 'SELECT count() FROM events' });
  return Response.json(await result.json());
}
\`\`\`

\`\`\`ts correct
import { createClient } from '@clickhouse/client';

export async function countEvents(day: string) {
  const client = createClient();
  try {
    const result = await client.query({ query: 'SELECT count() FROM events', query_params: { day } });
    return await result.json();
  } finally {
    await client.close();
  }
}
\`\`\`

\`\`\`ts correct
import { createClient } from '@clickhouse/client';

export async function optimize(table: string) {
  await using client = createClient();
  await client.command({ query: \`OPTIMIZE TABLE \${table}\` });
}
\`\`\`

## Messages

\`\`\`
\`{{name}}\` {{makes}} each time that {{function}} runs, and no code releases it. {{remedy}}
\`\`\`

\`\`\`
\`{{name}}\` {{makes}}, and {{function}} releases it only if nothing throws. Release it in a \`finally\` block{{alternative}}.
\`\`\`

\`\`\`
\`{{name}}\` {{makes}}, and a path through {{function}} leaves it open. Release it in a \`finally\` block{{alternative}}.
\`\`\`

\`\`\`
\`{{name}}\` {{makes}} each time that {{function}} runs. \`drain()\` waits for the leases, and the clients stay open. Call \`clear()\` after it, or make one pool for the process.
\`\`\`

\`\`\`
\`{{name}}\` {{makes}} that takes the place of an earlier one, and {{function}} does not close the earlier one. Close it before or after the replacement.
\`\`\`

\`\`\`
{{function}} forgets what \`{{name}}\` made ({{made}}) and does not close it. Close it first.
\`\`\`

\`\`\`
\`{{name}}\` {{makes}} for a cache that drops old entries, and the cache closes none of them. Give the cache a function that closes what it drops, such as \`dispose\`.
\`\`\`

\`\`\`
\`{{name}}\` {{makes}} for each request, because its provider has the scope of a request. Nest calls no \`onModuleDestroy\` for such a provider. Take the client from a provider of the default scope.
\`\`\`

The finding is at the call that makes the resource, or at the code that forgets it.

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect |
| --- | --- |
| \`accessors\`, \`managers\` | These files are always analysed. |
| \`tests\` | Files of tests, which the rule does not judge. |
| \`sanctioned\` | Files whose findings are allowed, with a reason. |
| \`vendored\` | Files that are not analysed. |

## When not to use it

Turn the rule off in a process that serves one request and ends, such as a function without warm starts.

## Limits

The rule does not find:

- A client that goes to code outside the analysis, such as a function of a package or a cache of the project in a module that names no client.
- A client that stays open because synchronous code throws between its construction and the first statement.
- Clients of other packages than \`@clickhouse/client\`, and tests.
- Objects that hide a client and come from a function of another module: \`makeRepo()\` returns \`{ count, close }\`.
- A client that a function makes for its caller and leaves open if it throws before it returns.
- A client that a route, a listener or a timer uses, unless the code shows that the function around it runs for each request or event.
- A map of clients by tenant that grows without a limit.
- A client in an object that a cache keeps, and one in a property of a request.

An exported function counts as called again and again, unless the code shows that only module code and \`main\` functions call it.

It takes a function for one that runs once if its name says so, such as \`main\`, \`setup\` or \`migrate\`.

## Related rules

- [no-direct-client](no-direct-client.md) finds clients that are made outside of the factory.
- [no-nested-acquire](no-nested-acquire.md) finds a second lease while the first is held.`,
  'single-client-per-purpose': `## Why

Each client has a pool of sockets of its own. Two clients with the same server, user and database double the sockets, share no limit of
connections, and one of them keeps the old settings when the other is changed.

### What counts

- A client of \`@clickhouse/client\` or \`@clickhouse/client-web\` that a constant of a module, a property of such a constant, a field or a
  constructor keeps. A call of a function that only returns a new client counts like the construction.
- A field counts if its class has a decorator, or if a constant or an export of a module keeps an instance.
- The configuration is compared by its values: constants, spreads, members of objects, environment variables and imports from other modules
  are followed. A constant whose value the code does not show, such as a validated environment, is equal to itself. One differing option,
  such as the user, the database or a timeout, is another purpose.
- Both files belong to one program: a production file imports both, directly or through others. A worker thread, a script and a test are
  programs of their own. An \`import()\` may never run, so it connects no files.
- A client that its module closes at its end, as scripts do, does not count.

## Incorrect

\`\`\`ts incorrect
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const clickhouse = createClient({ url: process.env.CLICKHOUSE_URL, database: 'shop' });
// src/orders.ts
import { createClient } from '@clickhouse/client';

export const orders = createClient({ url: process.env.CLICKHOUSE_URL, database: 'shop' });
// src/main.ts
import { clickhouse } from './clickhouse.js';
import { orders } from './orders.js';

export const start = () => Promise.all([clickhouse.ping(), orders.ping()]);
\`\`\`

## Correct

\`\`\`ts correct
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

const server = { url: process.env.CLICKHOUSE_URL };
export const reader = createClient({ ...server, username: 'reader' });
export const writer = createClient({ ...server, username: 'writer' });
// src/main.ts
import { reader, writer } from './clickhouse.js';

export const start = () => Promise.all([reader.ping(), writer.ping()]);
\`\`\`

## Messages

\`\`\`
\`{{name}}\` makes a second ClickHouse client with the configuration of the client in {{first}}, in the same program. Each client has a pool of sockets of its own. {{advice}}, or give this client the settings in which it differs.
\`\`\`

The finding is at the second client. \`{{first}}\` is the place of the first one: that of a factory comes before others, then one that
other modules can import, and then the order of the paths and positions decides. \`{{advice}}\` fits what keeps the first one:

\`\`\`text advice
Use the first client here
\`\`\`

\`\`\`text advice
Import the first client here
\`\`\`

\`\`\`text advice
Export the first client and import it here
\`\`\`

\`\`\`text advice
Make one client in a module of its own and use it in both places
\`\`\`

\`\`\`text advice
Import the client of the factory here
\`\`\`

\`\`\`text advice
Export the client of the factory and import it here
\`\`\`

\`\`\`text advice
Use the client of the factory here
\`\`\`

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect |
| --- | --- |
| \`tests\` | Files of tests, which the rule does not judge. |
| \`sanctioned\` | Files whose findings are allowed, with a reason. |
| \`vendored\` | Files that are not analysed. |

## When not to use it

Turn the rule off if a program separates its traffic on purpose, by clients that differ in nothing but the code that uses them.

## Limits

The rule does not find:

- Two clients whose options come from calls, parameters or files, other than by one constant. An object counts as changed if code of its
  module or of the importing module assigns to it, or passes it to a call whose name does not tell that it only reads.
- Two clients that are made under conditions, inside of functions, in arrays or by providers of containers.
- Clients of two entries that one process loads although no file imports both, such as two routes of a framework.
- Clients that only an \`import()\` loads.

## Related rules

- [no-direct-client](no-direct-client.md) finds clients that are made outside of the factory.
- [require-release](require-release.md) finds clients that are made again and again and stay open.`,
  'single-config-source': `## Why

If two modules read \`CLICKHOUSE_URL\`, each has a default and a check of its own. A renamed variable then reaches only one of them, and parts of
one program talk to two servers. In the code base behind this rule, the accessor and the pool had different time limits for that reason.

The configuration module is inferred: the rule follows the options of the [factory](no-direct-client.md#the-inferred-factory) backwards to the
module that reads the environment. That is the factory itself, a module with an object of settings, or a schema for the whole environment. To
read the object that it exports is fine.

### What counts

- A variable that names ClickHouse and a part of a connection: \`CLICKHOUSE_URL\`, \`VITE_CLICKHOUSE_HOST\`, \`CLICKHOUSE_PASSWORD\`. Switches,
  versions and logins such as \`CLICKHOUSE_ENABLED\`, \`CLICKHOUSE_VERSION\` and \`AUTH_CLICKHOUSE_CLOUD_ISSUER\` do not count.
- A variable with any other name that reaches a client, such as \`REPORTS_STORE\`.
- All forms of the environment: \`process.env\`, \`import.meta.env\`, \`Deno.env\`, \`Bun.env\`, \`env\` of \`node:process\`, \`cloudflare:workers\` and
  \`$env\`, their aliases and copies, destructuring, computed names that are constants, and functions that get the name, such as
  \`requireEnv('CLICKHOUSE_URL')\`.
- A second schema for the environment: \`z.object({ CLICKHOUSE_URL: … }).parse(process.env)\`, \`cleanEnv\`, \`createEnv\`, classes.
- An address of a ClickHouse server in the code, as a default, as an exported constant, in a request, or in a second client.
- A password in the code that a client gets beside a configuration module, in the factory too.
- A variable that two callers of the factory read for its options. The best candidate for the configuration module keeps its read.

A condition such as \`if (process.env.CLICKHOUSE_URL)\` only asks whether the variable is set, so it is no read.

## Incorrect

\`\`\`ts incorrect
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';

export const clickhouse = createClient({ url: process.env.CLICKHOUSE_URL, database: process.env.CLICKHOUSE_DATABASE });
// src/reports.ts
import { clickhouse } from './clickhouse';

const database = process.env.CLICKHOUSE_DATABASE ?? 'default';

export const visits = () => clickhouse.query({ query: \`SELECT count() FROM \${database}.visits\` });
\`\`\`

An address beside the configuration:

\`\`\`ts incorrect
// src/settings.ts
export const settings = { url: process.env.CLICKHOUSE_URL };
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';
import { settings } from './settings';

export const clickhouse = createClient({ url: settings.url });
// src/probe.ts
import { clickhouse } from './clickhouse';

export const target = (url?: string) => ({ url: url ?? 'http://clickhouse:8123', clickhouse });
\`\`\`

## Correct

\`\`\`ts correct
// src/settings.ts
export const settings = { url: process.env.CLICKHOUSE_URL, database: process.env.CLICKHOUSE_DATABASE ?? 'default' };
// src/clickhouse.ts
import { createClient } from '@clickhouse/client';
import { settings } from './settings';

export const clickhouse = createClient(settings);
// src/reports.ts
import { clickhouse } from './clickhouse';
import { settings } from './settings';

export const visits = () => clickhouse.query({ query: \`SELECT count() FROM \${settings.database}.visits\` });
\`\`\`

With the runtime, \`loadClickHouseConfig\` reads and validates all variables of ClickHouse:

\`\`\`ts correct
// src/settings.ts
import { loadClickHouseConfig } from '@clickhouse-ssot/runtime';

export const settings = loadClickHouseConfig();
// src/reports.ts
import { clickHouse } from '@clickhouse-ssot/runtime';
import { settings } from './settings';

export const visits = () => clickHouse().query({ query: \`SELECT count() FROM \${settings.database}.visits\` });
\`\`\`

## Messages

\`\`\`
\`{{variable}}\` is read from the environment here, but the ClickHouse settings of this program come from {{sources}}. With two readers, a new name or default reaches only one of them. Take the value from {{source}}. {{setting}}
\`\`\`

\`\`\`
\`{{variable}}\` is a key of a second schema for the environment. The ClickHouse settings of this program come from {{sources}}. Remove the key here, and take the value from {{source}}. {{setting}}
\`\`\`

\`\`\`
\`{{variable}}\` is read from the environment here and reaches a ClickHouse client, but the ClickHouse settings of this program come from {{sources}}. Read it there, and import the value. {{setting}}
\`\`\`

\`\`\`
\`{{variable}}\` gets a value here that is written in the code, but the ClickHouse settings of this program come from {{sources}}. Put the default there, so that one place decides. {{setting}}
\`\`\`

\`\`\`
{{address}} is the address of a ClickHouse server, written in the code. The ClickHouse settings of this program come from {{sources}}. Take the address from there. {{setting}}
\`\`\`

\`\`\`
A password or token of a ClickHouse server is written in the code. Set it in the environment, read it in {{source}}, and take it from there. If it is in use, change it on the server.
\`\`\`

\`{{setting}}\` says which modules the setting \`config\` names, or when to use it:

\`\`\`text setting
If that is not the configuration module, name the right one under "config" in clickhouse-ssot.config.json.
\`\`\`

\`\`\`text setting
If only one of them is the configuration module, name it under "config" in clickhouse-ssot.config.json.
\`\`\`

\`\`\`text setting
The setting "config" names it.
\`\`\`

\`\`\`text setting
The setting "config" names them.
\`\`\`

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect | default |
| --- | --- | --- |
| \`config\` | Globs of the configuration modules. Only these may read settings of ClickHouse, so the factory may not. | The modules from which the options of the factory come. |
| \`factories\` | The modules whose options are followed. | The inferred factories. |
| \`sanctioned\` | Files that may read settings, with a reason. | \`[]\` |
| \`tests\` | Tests are not judged: they set what the code under test reads. | See the schema. |

## When not to use it

A library that reads no settings has no configuration module. If each program of a repository connects to a server of its own, list their
configuration modules under \`config\`.

## Limits

- If no factory is decided, only a variable that two of the modules with clients read is reported, and a password in the code.
- Bindings of Cloudflare that a function gets, and values of a secret manager, are not followed.
- Each program has configuration modules of its own. A program is a package, with the packages that import its factory.
- If no option of the factory can be followed, the configuration module is the nearest import of the factory that reads settings. If there is
  none, it is the best candidate by its name, its number of variables and its importers.
- A container that reads variables by name, such as \`ConfigService.get('CLICKHOUSE_URL')\` of NestJS, is taken for a validated object.
- Configuration files of build and deployment tools, examples and third-party code are not judged. Scripts are not judged for addresses.
- In components (\`.tsx\`, \`.vue\`, …) addresses are not judged, because a user enters them there.
- The factory may read a variable that its configuration module reads too: both are sources.
- A variable that does not name ClickHouse and reaches a factory as an argument is a source where it is read.
- \`DATABASE_URL\`, \`DB_HOST\` and similar names count only where they reach a client, because other databases use them.

## Related rules

- [no-direct-client](no-direct-client.md) finds the second client itself.
- [no-connection-import-cycle](no-connection-import-cycle.md) keeps the configuration below the factory.`,
  'use-service-interface': `## Why

Code that declares the concrete client can do all that the client can do: close it, change its settings, expect a server. Then no other
implementation fits: no manager with retries, no tenant, no embedded engine, no test double.

The rule reports only if the project has a service interface: the setting \`service\` names its module, or the project uses
\`@clickhouse-ssot/runtime\`, whose interface is \`ClickHouseService\`.

### What counts

- A parameter, variable, property, result, type alias or type parameter of the type of a client, also in a promise, a collection or a
  union: \`ClickHouseClient\`, \`CH.ClickHouseClient\`, \`import('@clickhouse/client').ClickHouseClient\`, \`ReturnType<typeof createClient>\`.
- The manager of the runtime, if the code uses nothing of it but \`service\`.

These are no findings:

- Modules that make clients or give them to others, and the modules of the service.
- Code that makes the service from a client.
- Tests, and types of rows, results and settings.
- Parts of the client, such as \`Pick<ClickHouseClient, 'query'>\`.

### The fix

\`--fix\` declares the interface and imports it. It is offered if all members of the interface are those of the client
(\`Pick<ClickHouseClient, …>\`), the declaration is a parameter or a private field, and the code uses only members of the interface.

## Incorrect

\`\`\`ts incorrect
import type { ClickHouseConnectionManager } from '@clickhouse-ssot/runtime';

export async function countEvents(manager: ClickHouseConnectionManager) {
  const result = await manager.service.query({ query: 'SELECT count() AS n FROM events', format: 'JSONEachRow' });
  return result.json();
}
\`\`\`

\`\`\`ts incorrect
// src/events.ts
import type { ClickHouseClient } from '@clickhouse/client';

export async function countEvents(client: ClickHouseClient) {
  const result = await client.query({ query: 'SELECT count() AS n FROM events', format: 'JSONEachRow' });
  return result.json();
}
// src/main.ts
import { getClickHouseClient } from '@clickhouse-ssot/runtime';
import { countEvents } from './events';

export const count = async () => countEvents(await getClickHouseClient());
\`\`\`

## Correct

\`\`\`ts correct
import type { ClickHouseService } from '@clickhouse-ssot/runtime';

export async function countEvents(clickhouse: ClickHouseService) {
  const result = await clickhouse.query({ query: 'SELECT count() AS n FROM events', format: 'JSONEachRow' });
  return result.json();
}
\`\`\`

## Messages

\`\`\`
The declared type \`{{type}}\` is the concrete client of "{{package}}", which ties this code to one way to connect. Expected: {{service}}. {{advice}}
\`\`\`

\`\`\`
The declared type \`{{type}}\` can drain and rotate the connections of the process, and this code only runs statements. Expected: {{service}}. Take the service as the parameter, and let the caller pass \`manager.service\`.
\`\`\`

The finding is at the type.

## Options and settings

The rule has no options. These settings of \`clickhouse-ssot.config.json\` change its findings:

| setting | effect |
| --- | --- |
| \`service\` | The modules of the interface, its implementations and doubles. |
| \`factories\`, \`managers\` | Modules that may name the client. |
| \`tests\` | Files that are not judged. |
| \`sanctioned\` | Files whose findings are allowed, with a reason. |
| \`vendored\` | Files that are not analysed. |

## When not to use it

Turn the rule off if consumers need members of the client that no interface should have.

## Limits

The rule does not find a type in a comment of JavaScript, a type that the compiler infers, and a manager class of the project. If the
modules of the service export several interfaces with methods for statements, the message names only the module, and there is no fix.

## Related rules

- [no-adhoc-mock](no-adhoc-mock.md) finds the tests that replace the client instead.`,
  'valid-settings': `## Why

While the settings are invalid, no other rule of the plugin runs. Without a finding, such a run would look like a clean code base.

## Incorrect

\`\`\`json incorrect
{ "factorys": ["src/db/clickhouse.ts"] }
\`\`\`

\`\`\`json incorrect
{ "sanctioned": [{ "path": "scripts/migrate.ts", "rules": ["no-direct-client"] }] }
\`\`\`

## Correct

\`\`\`json correct
{ "sanctioned": [{ "path": "scripts/migrate.ts", "rules": ["no-direct-client"], "reason": "runs as the DDL user" }] }
\`\`\`

## Messages

One finding holds the problems of a run. It is at line 1 of the first linted file, because linters do not lint the settings file.

The incorrect blocks above have these messages:

\`\`\`
clickhouse-ssot.config.json: "factorys": found an unknown key, expected one of {{keys}}. Did you mean "factories"? Change it. Until then, no clickhouse-ssot rule runs.
\`\`\`

\`\`\`
clickhouse-ssot.config.json: "sanctioned[0].reason": found nothing, expected a written reason why these files may break the rules. Add it. Until then, no clickhouse-ssot rule runs.
\`\`\`

## Options and settings

The rule has no options.

## When not to use it

If this rule is off, the first rule of the plugin that runs reports the problems, under its own name. So they are never silent.

## Limits

The audit does not have this finding. It prints the problems and exits with code 2.

## Related rules

- [no-stale-settings](no-stale-settings.md) reports valid settings that match nothing.`,
};
