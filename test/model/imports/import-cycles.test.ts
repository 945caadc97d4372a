import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.js';
import type { AuditFinding } from '../../../src/audit/audit-result.js';
import { codeBase } from '../../project/code-base.js';

const client = `import { createClient } from '@clickhouse/client';`;

/** A factory, a manager that imports it and an accessor that imports the manager, with additional imports for each. */
function connection(more: { readonly factory?: string; readonly manager?: string; readonly accessor?: string }): Record<string, string> {
  return {
    'factory.ts': `${client}\n${more.factory ?? ''}\nexport const create = () => createClient();\n`,
    'manager.ts': `import { create } from './factory.js';\n${more.manager ?? ''}\nexport class Manager { readonly client = create(); }\n`,
    'accessor.ts': `import { Manager } from './manager.js';\n${more.accessor ?? ''}\nconst manager = new Manager();\nexport const getClient = ({ bypassManager = false } = {}) => (bypassManager ? undefined : manager.client);\n`,
  };
}

function cyclesOf(files: Readonly<Record<string, string | object>>): AuditFinding[] {
  const root = codeBase(files);
  try {
    const outcome = audit({ root });
    return outcome.kind === 'done' ? outcome.result.findings.filter(({ rule }) => rule === 'no-connection-import-cycle') : [];
  } finally {
    rmSync(root, { recursive: true });
  }
}

const pathsOf = (findings: readonly AuditFinding[]) =>
  findings.map(({ path }) => path.map(({ file, line }) => `${file}:${line}`).join(' '));
const linesOf = (findings: readonly AuditFinding[]) => findings.map(({ file, line }) => `${file}:${line}`);

describe('an import cycle among connection modules', () => {
  it('is not found if all imports follow the layers', () => {
    expect(cyclesOf(connection({}))).toEqual([]);
  });

  it('is reported once, as a whole path from the first module by name, at the import against the layers', () => {
    const found = cyclesOf(connection({ factory: `import { getClient } from './accessor.js';\nexport const spare = getClient;` }));
    expect(pathsOf(found)).toEqual(['accessor.ts:1 manager.ts:1 factory.ts:2']);
    expect(linesOf(found)).toEqual(['factory.ts:2']);
    expect(found[0]?.message).toContain('factory.ts (factory) should not import accessor.ts (accessor), a higher layer.');
  });

  it('may pass other modules', () => {
    const found = cyclesOf({
      ...connection({ factory: `import { log } from './log.js';\nlog();` }),
      'log.ts': `import { flush } from './flush.js';\nexport function log(): void {\n  flush();\n}\n`,
      'flush.ts': `import { getClient } from './accessor.js';\nexport function flush(): void {\n  getClient();\n  getClient();\n}\n`,
    });
    expect(pathsOf(found)).toEqual(['accessor.ts:1 manager.ts:1 factory.ts:2 log.ts:1 flush.ts:1']);
    expect(linesOf(found), 'the first import whose names are used only once').toEqual(['accessor.ts:1']);
    expect(found[0]?.message).toContain('Receive the instance of `Manager` as an argument, and import only its type');
  });

  it('is not reported if it contains only one connection module', () => {
    const files = {
      ...connection({ factory: `import { log } from './log.js';\nlog();` }),
      'log.ts': `import { create } from './factory.js';\nexport const log = () => void create;\n`,
    };
    expect(cyclesOf(files)).toEqual([]);
  });

  it('contains the config modules of the settings', () => {
    const files = {
      ...connection({ factory: `import { url } from './settings.js';\nexport const where = url;` }),
      'settings.ts': `import { create } from './factory.js';\nexport const url = String(create);\n`,
    };
    expect(cyclesOf(files)).toEqual([]);
    expect(linesOf(cyclesOf({ ...files, 'clickhouse-ssot.config.json': { config: ['settings.ts'] } }))).toEqual(['settings.ts:1']);
  });

  it('treats a module that reads the environment as a config module', () => {
    const files = {
      ...connection({ factory: `import { url } from './settings.js';\nexport const where = url;` }),
      'settings.ts': `import { create } from './factory.js';\nexport const url: string = process.env.CLICKHOUSE_URL ?? String(create);\n`,
    };
    expect(cyclesOf(files)[0]?.message).toContain('settings.ts (config) should not import factory.ts (factory)');
  });

  it('does not depend on the order of imports', () => {
    const [one, other] = [`import { a } from './a.js';`, `import { b } from './b.js';`];
    const found = [`${one}\n${other}`, `${other}\n${one}`].map((imports) =>
      cyclesOf({
        ...connection({ factory: `${imports}\nexport const all = [a, b];` }),
        'a.ts': `import { Manager } from './manager.js';\nexport const a = Manager;\n`,
        'b.ts': `import { Manager } from './manager.js';\nexport const b = Manager;\n`,
      })
        .map(({ path }) => path.map(({ file }) => file).join(' '))
        .sort(),
    );
    expect(found[0]).toEqual(['a.ts manager.ts factory.ts', 'b.ts manager.ts factory.ts']);
    expect(found[1]).toEqual(found[0]);
  });

  it('follows tsconfig paths, index files and re-exports', () => {
    const found = cyclesOf({
      ...connection({ factory: `import { getClient } from '@app/db';\nexport const spare = getClient;` }),
      'tsconfig.json': { compilerOptions: { paths: { '@app/*': ['./*'] } } },
      'db/index.ts': `export * from '../accessor.js';\n`,
    });
    expect(pathsOf(found)).toEqual(['accessor.ts:1 manager.ts:1 factory.ts:2 db/index.ts:1']);
  });

  it('is reported once if one import is part of several cycles', () => {
    const found = cyclesOf(
      connection({
        factory: `import { getClient } from './accessor.js';\nexport const spare = getClient;`,
        accessor: `import { create } from './factory.js';\nexport const made = create;`,
      }),
    );
    expect(linesOf(found)).toEqual(['factory.ts:2']);
  });

  it('does not treat a module that passes the whole environment on as a config module', () => {
    const files = {
      ...connection({ factory: `import { start } from './start.js';\nexport const started = start;` }),
      'start.ts': `import { spawn } from 'node:child_process';\nimport { create } from './factory.js';\nexport const start = () => spawn('serve', { env: { ...process.env, CLICKHOUSE_URL: String(create) } });\n`,
    };
    expect(cyclesOf(files)).toEqual([]);
  });

  const services = (member: string): Record<string, string> => ({
    'db.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nlet client: ClickHouseClient | undefined;\nexport const getClient = (): ClickHouseClient => (client ??= createClient());\n`,
    'orders.ts': `import { getClient } from './db.js';\nimport { Users } from './users.js';\nexport class Orders { ${member} = getClient(); static is(value: unknown) { return value instanceof Users; } }\n`,
    'users.ts': `import { getClient } from './db.js';\nimport { Orders } from './orders.js';\nexport class Users { ${member} = getClient(); readonly #orders = new Orders(); }\n`,
  });

  it.each(['private readonly client', 'protected client', '#client'])(
    'is not reported for classes that keep a client as "%s"',
    (member) => {
      expect(cyclesOf(services(member))).toEqual([]);
    },
  );

  it('is reported for classes that give other code a client', () => {
    expect(linesOf(cyclesOf(services('readonly client')))).toHaveLength(1);
  });

  it('is not reported for the same code as functions', () => {
    expect(
      cyclesOf({
        ...services(''),
        'orders.ts': `import { getClient } from './db.js';\nimport { countUsers } from './users.js';\nexport const countOrders = async () => [await getClient().ping(), countUsers];\n`,
        'users.ts': `import { getClient } from './db.js';\nimport { countOrders } from './orders.js';\nexport const countUsers = async () => [await getClient().ping(), countOrders];\n`,
      }),
    ).toEqual([]);
  });

  it('is not reported for a base class that gives its client to itself, and a class that keeps it', () => {
    expect(
      cyclesOf({
        'base.ts': `${client}\nimport { metadataOf } from './metadata.js';\nexport abstract class Base {\n  protected client = createClient();\n  describe() {\n    return metadataOf(this);\n  }\n  ping() {\n    return this.client.ping();\n  }\n}\n`,
        'metadata.ts': `import { Base } from './base.js';\nexport class Metadata {\n  constructor(private readonly client: Base) {}\n  is(value: unknown) {\n    return value instanceof Base && this.client.ping();\n  }\n}\nexport const metadataOf = (client: Base) => new Metadata(client);\n`,
      }),
    ).toEqual([]);
  });

  it('names each module, with its folder where the file name says too little', () => {
    const [found] = cyclesOf({
      'db/index.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nimport { take } from '../pool/index.js';\nexport const getClient = (direct = false): ClickHouseClient => (direct ? createClient() : take());\n`,
      'pool/index.ts': `import type { ClickHouseClient } from '@clickhouse/client';\nimport { getClient } from '../db/index.js';\nexport const take = (): ClickHouseClient => getClient(true);\n`,
    });
    expect(found?.path.map(({ name }) => name)).toEqual(['db/index.ts, factory and accessor', 'pool/index.ts, accessor']);
    expect(found?.message).toMatch(/\n {2}-> db\/index\.ts$/);
  });

  it('does not ask to move or to receive a class that a container injects already', () => {
    const service = (own: string, other: string, uses: string) =>
      `import { Inject, forwardRef } from '@nestjs/common';\nimport { getClient } from './db.js';\nimport { ${other} } from './${other.toLowerCase()}.js';\n` +
      `export class ${own} {\n  readonly client = getClient();\n  constructor(@Inject(forwardRef(() => ${other})) private readonly other: ${other}) {}\n  ${uses}\n}\n`;
    const found = cyclesOf({
      'db.ts': `import { type ClickHouseClient, createClient } from '@clickhouse/client';\nexport const getClient = (): ClickHouseClient => createClient();\n`,
      'orders.ts': service('Orders', 'Users', ''),
      'users.ts': service('Users', 'Orders', 'is(value: unknown) { return value instanceof Orders; }'),
    });
    expect(found.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      expect.stringMatching(
        /^orders\.ts: .*A container injects `Users`, and this import is the injection token\. Move an interface and a token/,
      ),
    ]);
  });

  it('is not reported for test files', () => {
    const files = {
      ...connection({ factory: `import './probe.test.js';` }),
      'probe.test.ts': `import { create } from './factory.js';\nexport const probe = create;\n`,
    };
    expect(cyclesOf(files)).toEqual([]);
  });
});
