import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { audit } from '../../../src/audit/audit.js';
import type { AuditFinding } from '../../../src/audit/audit-result.js';
import { codeBase } from '../../project/code-base.js';

const client = `import { createClient } from '@clickhouse/client';`;

/** A factory, a manager and an accessor in a row, each of which may import further modules. */
function connection(more: { readonly factory?: string; readonly manager?: string; readonly accessor?: string }): Record<string, string> {
  return {
    'factory.ts': `${client}\n${more.factory ?? ''}\nexport const create = () => createClient();\n`,
    'manager.ts': `import { create } from './factory.js';\n${more.manager ?? ''}\nexport class Manager { readonly client = create(); }\n`,
    'accessor.ts': `import { Manager } from './manager.js';\n${more.accessor ?? ''}\nconst manager = new Manager();\nexport const getClient = ({ bypassManager = false } = {}) => (bypassManager ? undefined : manager.client);\n`,
  };
}

function circlesOf(files: Readonly<Record<string, string | object>>): AuditFinding[] {
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
const placesOf = (findings: readonly AuditFinding[]) => findings.map(({ file, line }) => `${file}:${line}`);

describe('an import circle among connection modules', () => {
  it('is none where the layers point one way', () => {
    expect(circlesOf(connection({}))).toEqual([]);
  });

  it('is told once, whole, from the module that comes first by name, at the import against the layers', () => {
    const found = circlesOf(connection({ factory: `import { getClient } from './accessor.js';\nexport const spare = getClient;` }));
    expect(pathsOf(found)).toEqual(['accessor.ts:1 manager.ts:1 factory.ts:2']);
    expect(placesOf(found)).toEqual(['factory.ts:2']);
    expect(found[0]?.message).toContain('The factory module should not import the accessor module');
  });

  it('goes through modules that are none', () => {
    const found = circlesOf({
      ...connection({ factory: `import { log } from './log.js';\nlog();` }),
      'log.ts': `import { flush } from './flush.js';\nexport function log(): void {\n  flush();\n}\n`,
      'flush.ts': `import { getClient } from './accessor.js';\nexport function flush(): void {\n  getClient();\n  getClient();\n}\n`,
    });
    expect(pathsOf(found)).toEqual(['accessor.ts:1 manager.ts:1 factory.ts:2 log.ts:1 flush.ts:1']);
    expect(placesOf(found), 'the first of those that use what they take only once').toEqual(['accessor.ts:1']);
    expect(found[0]?.message).toContain('`Manager` (used once here)');
  });

  it('needs two of them: what one alone imports in a circle is its own affair', () => {
    const files = {
      ...connection({ factory: `import { log } from './log.js';\nlog();` }),
      'log.ts': `import { create } from './factory.js';\nexport const log = () => void create;\n`,
    };
    expect(circlesOf(files)).toEqual([]);
  });

  it('counts modules that the settings call so, and no others', () => {
    const files = {
      ...connection({ factory: `import { url } from './settings.js';\nexport const where = url;` }),
      'settings.ts': `import { create } from './factory.js';\nexport const url = String(create);\n`,
    };
    expect(circlesOf(files)).toEqual([]);
    expect(placesOf(circlesOf({ ...files, 'clickhouse-ssot.config.json': { config: ['settings.ts'] } }))).toEqual(['settings.ts:1']);
  });

  it('takes a module that reads the environment for the configuration', () => {
    const files = {
      ...connection({ factory: `import { url } from './settings.js';\nexport const where = url;` }),
      'settings.ts': `import { create } from './factory.js';\nexport const url: string = process.env.CLICKHOUSE_URL ?? String(create);\n`,
    };
    expect(circlesOf(files)[0]?.message).toContain('The config module should not import the factory module');
  });

  it('is the same whatever the order of imports', () => {
    const [one, other] = [`import { a } from './a.js';`, `import { b } from './b.js';`];
    const found = [`${one}\n${other}`, `${other}\n${one}`].map((imports) =>
      circlesOf({
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

  it('follows paths of tsconfig, folders with an index, and re-exports', () => {
    const found = circlesOf({
      ...connection({ factory: `import { getClient } from '@app/db';\nexport const spare = getClient;` }),
      'tsconfig.json': { compilerOptions: { paths: { '@app/*': ['./*'] } } },
      'db/index.ts': `export * from '../accessor.js';\n`,
    });
    expect(pathsOf(found)).toEqual(['accessor.ts:1 manager.ts:1 factory.ts:2 db/index.ts:1']);
  });

  it('is said once where one import would end several', () => {
    const found = circlesOf(
      connection({
        factory: `import { getClient } from './accessor.js';\nexport const spare = getClient;`,
        accessor: `import { create } from './factory.js';\nexport const made = create;`,
      }),
    );
    expect(placesOf(found)).toEqual(['factory.ts:2']);
  });

  it('is not found in tests, which may import whatever they test', () => {
    const files = {
      ...connection({ factory: `import './probe.test.js';` }),
      'probe.test.ts': `import { create } from './factory.js';\nexport const probe = create;\n`,
    };
    expect(circlesOf(files)).toEqual([]);
  });
});
