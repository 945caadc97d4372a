import { describe, expect, it } from 'vitest';
import { ProjectAnalysis } from '../../../src/engine/project-analysis.js';
import { relativeTo } from '../../../src/project/paths.js';
import { defaultSettings } from '../../../src/settings/schema.js';
import { codeBase } from '../../project/code-base.js';

type Files = Readonly<Record<string, string | object>>;

const imported = `import { createClient } from '@clickhouse/client';\n`;
/** A module that exports a getter of its client. */
const getter = `${imported}let client; export function getClient() { return (client ??= createClient({ url: process.env.CLICKHOUSE_URL })); }`;
/** A module that keeps its client to itself. */
const service = `${imported}const client = createClient();\nexport const rows = () => client.query({ query: 'SELECT 1' });`;
const program = `${imported}const client = createClient();\nawait client.ping();`;
const use = (from: string, name = 'getClient') => `import { ${name} } from '${from}';\nexport const used = () => ${name}();`;

/** Returns the verdict on each constructing module, shortened: `factory`, `second of a.ts`, `script of a.ts`, `undecided: a.ts, b.ts`. */
function verdictsOf(files: Files, factories: readonly string[] = []): Readonly<Record<string, string>> {
  const root = codeBase(files);
  const { model } = new ProjectAnalysis(root, { ...defaultSettings, factories: [...factories] });
  const path = (file: string): string => relativeTo(root, file);
  return Object.fromEntries(
    [...model.factories().verdicts].map(([file, verdict]) => {
      if (verdict.kind === 'second' || verdict.kind === 'script')
        return [path(file), [verdict.kind, ...verdict.factories.map(path).sort()].join(' of ').replace(/ of (?=.* of )/g, ' of ')];
      if (verdict.kind === 'undecided') return [path(file), `undecided: ${verdict.candidates.map(path).sort().join(', ')}`];
      return [path(file), verdict.kind];
    }),
  );
}

describe('one production module that constructs clients', () => {
  it.each([
    ['named after ClickHouse', 'src/clickhouse.ts', getter],
    ['with any name', 'src/reports.ts', getter],
    ['that gives no client', 'src/reports.ts', service],
    ['that nothing imports', 'src/db.ts', getter],
  ])('%s is the factory', (_, file, code) => {
    expect(verdictsOf({ [file]: code })).toEqual({ [file]: 'factory' });
  });

  it('is the factory, if a script of package.json starts it and it exports nothing', () => {
    const files = { 'package.json': { name: 'app', scripts: { start: 'node src/server.js' } }, 'src/server.ts': program };
    expect(verdictsOf(files)).toEqual({ 'src/server.ts': 'factory' });
  });

  it.each(['scripts/seed.ts', 'db/migrations/001.ts', 'packages/a/benchmarks/x.ts'])('has no competitor in %s', (file) => {
    expect(verdictsOf({ 'src/db.ts': getter, [file]: getter })).toEqual({ 'src/db.ts': 'factory', [file]: 'script of src/db.ts' });
  });

  it.each([
    'test/db.ts',
    'packages/a/tests/db.ts',
    'src/db.spec.ts',
    'src/db.e2e-spec.ts',
    'app/e2e/db.ts',
    'src/test-utils/db.ts',
    'src/__mocks__/db.ts',
    'vitest.config.ts',
    'jest.setup.ts',
  ])('has no competitor in the test %s', (file) => {
    expect(verdictsOf({ 'src/db.ts': getter, [file]: getter })).toEqual({ 'src/db.ts': 'factory', [file]: 'test' });
  });

  it('has no competitor in a module that tests alone import', () => {
    const files = { 'src/db.ts': getter, 'src/harness.ts': getter, 'src/a.test.ts': use('./harness'), 'src/b.test.ts': use('./harness') };
    expect(verdictsOf(files)).toEqual({ 'src/db.ts': 'factory', 'src/harness.ts': 'test' });
  });

  it('has no competitor in a set-up that the configuration of a test runner names', () => {
    const files = {
      'src/db.ts': getter,
      'setup/global.ts': getter,
      'vitest.config.ts': `export default { test: { globalSetup: './setup/global.ts' } };`,
    };
    expect(verdictsOf(files)).toEqual({ 'src/db.ts': 'factory', 'setup/global.ts': 'test' });
  });

  it('has no competitor in a program that runs once, wherever it lies', () => {
    expect(verdictsOf({ 'src/db.ts': getter, 'src/job.ts': program })).toEqual({
      'src/db.ts': 'factory',
      'src/job.ts': 'script of src/db.ts',
    });
  });

  it('has no competitor in examples and in third-party code', () => {
    const files = { 'src/db.ts': getter, 'examples/a.ts': getter, 'third_party/b.ts': getter, 'packages/a/examples/c.ts': getter };
    expect(verdictsOf(files)).toEqual({
      'src/db.ts': 'factory',
      'examples/a.ts': 'example',
      'third_party/b.ts': 'vendored',
      'packages/a/examples/c.ts': 'example',
    });
  });
});

describe('no module is the factory', () => {
  it('if only scripts construct clients', () => {
    expect(verdictsOf({ 'scripts/a.ts': program, 'scripts/b.ts': getter })).toEqual({ 'scripts/a.ts': 'script', 'scripts/b.ts': 'script' });
  });

  it('if the package uses the runtime', () => {
    const files = { 'package.json': { dependencies: { '@clickhouse-ssot/runtime': '1' } }, 'src/db.ts': getter, 'scripts/a.ts': program };
    expect(verdictsOf(files)).toEqual({ 'src/db.ts': 'second', 'scripts/a.ts': 'second' });
  });
});

describe('a script folder', () => {
  it('holds no script, if the package names the module in main and an export leads to the construction', () => {
    const files = { 'package.json': { name: 'migrations', main: 'dist/migrate/run.js' }, 'src/migrate/run.ts': getter };
    expect(verdictsOf(files)).toEqual({ 'src/migrate/run.ts': 'factory' });
  });

  it('holds production code, if production code uses it', () => {
    const files = { 'src/scripts/clickhouse.ts': getter, 'src/page.ts': use('./scripts/clickhouse') };
    expect(verdictsOf(files)).toEqual({ 'src/scripts/clickhouse.ts': 'factory' });
  });

  it('called tools holds production code, if production code uses it', () => {
    const files = { 'src/tools/query.ts': getter, 'src/agent.ts': use('./tools/query'), 'tools/copy.ts': getter };
    expect(verdictsOf(files)).toEqual({ 'src/tools/query.ts': 'factory', 'tools/copy.ts': 'script of src/tools/query.ts' });
  });
});

describe('several production modules of one program', () => {
  const users = (from: string, count: number, name?: string): Files =>
    Object.fromEntries(Array.from({ length: count }, (_, number) => [`src/user-${from.replace(/\W/g, '')}-${number}.ts`, use(from, name)]));

  it('are ranked by name first', () => {
    const files = {
      'src/db/clickhouse.ts': getter,
      'src/reports.ts': service,
      ...users('./db/clickhouse', 1),
      ...users('./reports', 9, 'rows'),
    };
    expect(verdictsOf(files)).toEqual({ 'src/db/clickhouse.ts': 'factory', 'src/reports.ts': 'second of src/db/clickhouse.ts' });
  });

  it('are ranked by the modules that use the exports which construct, not by importers of the file', () => {
    const files = {
      'src/clickhouse/client.ts': getter,
      'src/clickhouse/database.ts': `${getter}\nexport const other = 1;`,
      ...users('./clickhouse/client', 4),
      ...users('./clickhouse/database', 9, 'other'),
    };
    expect(verdictsOf(files)).toEqual({
      'src/clickhouse/client.ts': 'factory',
      'src/clickhouse/database.ts': 'second of src/clickhouse/client.ts',
    });
  });

  it('are undecided, if nothing uses the one with the best name', () => {
    const verdicts = verdictsOf({ 'src/clickhouse-debug.ts': getter, 'src/db.ts': getter, ...users('./db', 3) });
    expect(verdicts).toMatchObject({ 'src/db.ts': 'undecided: src/clickhouse-debug.ts, src/db.ts' });
  });

  it('are undecided, if the one with the best name keeps its client, and many get it from another', () => {
    const typed = `${imported}export const getClient = () => createClient();`;
    const keeper = `${imported}const client = createClient();\nexport const rows = () => client.query({ query: 'SELECT 1' }).then(() => 1);`;
    const files = { 'src/jobs/clickhouse-export.ts': keeper, 'src/main.ts': use('./jobs/clickhouse-export', 'rows'), 'src/db.ts': typed };
    expect(verdictsOf({ ...files, ...users('./db', 6) })).toMatchObject({
      'src/db.ts': 'undecided: src/db.ts, src/jobs/clickhouse-export.ts',
    });
  });

  it('may be routers that are loaded by a program, each with a client of its own', () => {
    const router = `const { createClient } = require('@clickhouse/client');\nconst client = createClient();\nconst router = Router();\nrouter.get('/', () => client.ping());\nmodule.exports = router;`;
    const files = {
      'src/a.js': router,
      'src/b.js': router,
      'src/index.js': `app.use(require('./a'));\napp.use(require('./b'));`,
      'package.json': { name: 'app', scripts: { start: 'node src/index.js' } },
    };
    expect(verdictsOf(files)).toMatchObject({ 'src/a.js': 'undecided: src/a.js, src/b.js' });
  });

  it('may be modules that a program loads for their effect', () => {
    const files = { 'src/a.ts': program, 'src/b.ts': program, 'src/main.ts': `import './a';\nimport './b';` };
    expect(verdictsOf(files)).toMatchObject({ 'src/a.ts': 'undecided: src/a.ts, src/b.ts' });
  });

  it('may be a container and a consumer: the container is no script', () => {
    const container = `${imported}container.register('ch', { useFactory: () => createClient() });\nexport { container };`.replace(
      'container.register',
      'const container = new Container();\ncontainer.register',
    );
    expect(verdictsOf({ 'src/container.ts': container, 'src/handler.ts': getter })['src/container.ts']).not.toContain('script');
  });

  it('may be programs that scripts of package.json start from what they are built to', () => {
    const scripts = { start: 'node dist/server.js', worker: 'node dist/worker.js' };
    const files = { 'package.json': { name: 'app', scripts }, 'src/server.ts': program, 'src/worker.ts': program };
    expect(Object.values(verdictsOf(files))).not.toContain('script');
  });

  it('are undecided, if name and users are too close', () => {
    const tied = 'undecided: src/clickhouse/client.ts, src/clickhouse/pool.ts';
    const files = {
      'src/clickhouse/client.ts': getter,
      'src/clickhouse/pool.ts': getter,
      ...users('./clickhouse/client', 3),
      ...users('./clickhouse/pool', 2),
    };
    expect(verdictsOf(files)).toEqual({ 'src/clickhouse/client.ts': tied, 'src/clickhouse/pool.ts': tied });
  });

  it('are undecided, if none is named after ClickHouse and the best gives no client', () => {
    const tied = 'undecided: src/orders.ts, src/users.ts';
    expect(verdictsOf({ 'src/orders.ts': service, 'src/users.ts': service, ...users('./users', 9, 'rows') })).toEqual({
      'src/orders.ts': tied,
      'src/users.ts': tied,
    });
  });

  it.each([
    ['a hot service with a client of its own', 'src/metrics.ts', service, users('./metrics', 40, 'rows')],
    ['a getter in a hot module', 'src/utils.ts', `${getter}\nexport const noop = () => 0;`, users('./utils', 120, 'noop')],
    ['a job', 'src/job.ts', program, {}],
    ['a getter in a route', 'src/routes/report.ts', getter, { 'src/routes/page.ts': use('./report') }],
    ['a store that gives its client', 'src/report-store.ts', getter, users('./report-store', 4)],
  ])('keep their factory, if %s is added', (_, file, code, more) => {
    const files = { 'src/lib/clickhouse.ts': getter, ...users('./lib/clickhouse', 3), [file]: code, ...more };
    expect(verdictsOf(files)).toMatchObject({ 'src/lib/clickhouse.ts': 'factory' });
  });
});

describe('several programs of one code base', () => {
  const monorepo: Files = {
    'package.json': { private: true, workspaces: ['apps/*', 'packages/*'] },
    'apps/web/package.json': { name: 'web', dependencies: { '@acme/db': '*' } },
    'apps/api/package.json': { name: 'api', dependencies: { '@acme/db': '*' } },
    'packages/db/package.json': { name: '@acme/db', version: '1.0.0', main: 'src/index.ts' },
  };

  it('have one factory each', () => {
    expect(verdictsOf({ ...monorepo, 'apps/web/src/db.ts': getter, 'apps/api/src/db.ts': getter })).toEqual({
      'apps/web/src/db.ts': 'factory',
      'apps/api/src/db.ts': 'factory',
    });
  });

  it('are distinguished by the names that they use of a package, followed through its barrel', () => {
    const files = {
      ...monorepo,
      'packages/db/src/index.ts': `export * from './node';\nexport { getBrowserClient } from './browser';`,
      'packages/db/src/node.ts': getter,
      'packages/db/src/browser.ts': getter.replace('getClient', 'getBrowserClient'),
      'apps/api/src/main.ts': use('@acme/db'),
      'apps/web/src/main.ts': use('@acme/db', 'getBrowserClient'),
    };
    expect(verdictsOf(files)).toEqual({ 'packages/db/src/node.ts': 'factory', 'packages/db/src/browser.ts': 'factory' });
  });

  it('share the factory of a package: a further client in one of them is the second one', () => {
    const files = {
      ...monorepo,
      'packages/db/src/index.ts': `export { getClient } from './clickhouse';`,
      'packages/db/src/clickhouse.ts': getter,
      'apps/api/src/main.ts': use('@acme/db'),
      'apps/web/src/main.ts': use('@acme/db'),
      'apps/web/src/report.ts': getter,
    };
    expect(verdictsOf(files)).toEqual({
      'packages/db/src/clickhouse.ts': 'factory',
      'apps/web/src/report.ts': 'second of packages/db/src/clickhouse.ts',
    });
  });

  it('give a script the factory that serves its program', () => {
    const files = {
      ...monorepo,
      'packages/db/src/index.ts': `export { getClient } from './clickhouse';`,
      'packages/db/src/clickhouse.ts': getter,
      'apps/api/src/main.ts': use('@acme/db'),
      'apps/web/src/db.ts': getter,
      'apps/api/scripts/seed.ts': program,
    };
    expect(verdictsOf(files)).toMatchObject({ 'apps/api/scripts/seed.ts': 'script of packages/db/src/clickhouse.ts' });
  });

  it('may be projects of one Nest workspace', () => {
    const files = {
      'package.json': { name: 'app' },
      'nest-cli.json': { projects: { cloud: { root: 'apps/cloud' }, community: { root: 'apps/community' } } },
      'apps/cloud/src/clickhouse.ts': getter,
      'apps/community/src/clickhouse.ts': getter,
      'migrations/setup.js': program,
    };
    expect(verdictsOf(files)).toEqual({
      'apps/cloud/src/clickhouse.ts': 'factory',
      'apps/community/src/clickhouse.ts': 'factory',
      'migrations/setup.js': 'script of apps/cloud/src/clickhouse.ts of apps/community/src/clickhouse.ts',
    });
  });
});

describe('declared factories', () => {
  it('are the only ones', () => {
    const files = { 'src/clickhouse.ts': getter, 'src/db.ts': getter, 'scripts/a.ts': program, 'test/a.ts': getter };
    expect(verdictsOf(files, ['src/db.ts'])).toEqual({
      'src/clickhouse.ts': 'second of src/db.ts',
      'src/db.ts': 'factory',
      'scripts/a.ts': 'script of src/db.ts',
      'test/a.ts': 'test',
    });
  });

  it('may be in a test or script folder', () => {
    expect(verdictsOf({ 'scripts/db.ts': getter, 'test/db.ts': getter }, ['scripts/db.ts', 'test/db.ts'])).toEqual({
      'scripts/db.ts': 'factory',
      'test/db.ts': 'factory',
    });
  });
});

describe('a second client', () => {
  const own = (code: string) => verdictOf({ 'src/clickhouse.ts': getter, 'src/user.ts': code }, 'src/user.ts');

  function verdictOf(files: Files, file: string) {
    const root = codeBase(files);
    const { model } = new ProjectAnalysis(root, defaultSettings);
    return model.factories().verdicts.get(`${root}/${file}`);
  }

  it.each([
    ['parameters', 'export const make = (url, username) => createClient({ url, username });'],
    ['fields of a parameter', 'export function make(o) { return createClient({ url: o.url, password: o.password, compression: true }); }'],
    ['a whole parameter', 'export const make = (options) => createClient(options);'],
    ['a local variable', 'export function make(r) { const { host } = r.body; return createClient({ url: `https://${host}` }); }'],
    ['fields of its object', 'export class Tenant { run() { return createClient({ url: this.url }); } }'],
  ])('takes credentials, if its options are %s', (_, code) => {
    expect(own(imported + code)).toMatchObject({ kind: 'second', takesCredentials: true });
  });

  it.each([
    ['the environment', 'export const make = (url) => createClient({ url, password: process.env.PASSWORD });'],
    ['a constant of the module', `const url = 'http://ch'; export const make = () => createClient({ url });`],
    ['a literal', `export const make = () => createClient({ url: 'http://ch' });`],
    ['nothing', 'export const make = () => createClient();'],
  ])('takes none, if its options are %s', (_, code) => {
    expect(own(imported + code)).toMatchObject({ kind: 'second', takesCredentials: false });
  });
});

it('an importer whose nesting overflows the stack is no user, and no error', () => {
  const deep = `${use('./a')}\nexport const deep = ${'['.repeat(20_000)}${']'.repeat(20_000)};`;
  expect(Object.keys(verdictsOf({ 'src/a.ts': getter, 'src/b.ts': getter, 'src/deep.ts': deep }))).toHaveLength(2);
});

describe('after an edit, the inference is the same as in a fresh analysis', () => {
  it('if a file outside the slice gets a use of an export', () => {
    const barrel = `export { getClient } from './client';\nexport const other = 1;`;
    const files = {
      'src/clickhouse/client.ts': getter,
      'src/clickhouse/index.ts': barrel,
      'src/clickhouse/pool.ts': getter,
      'src/a.ts': '',
      'src/b.ts': '',
      'src/c.ts': '',
    };
    const root = codeBase(files);
    const analysis = new ProjectAnalysis(root, defaultSettings);
    const kindOf = () => analysis.model.factories().verdicts.get(`${root}/src/clickhouse/client.ts`)?.kind;
    expect(kindOf()).toBe('undecided');
    for (const name of ['a', 'b', 'c']) analysis.open(`${root}/src/${name}.ts`, use('./clickhouse/index'));
    expect(kindOf()).toBe('factory');
    analysis.open(`${root}/src/clickhouse/index.ts`, `export const getClient = () => 1;`);
    expect(kindOf()).toBe('undecided');
  });
});
