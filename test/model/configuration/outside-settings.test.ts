import { describe, expect, it } from 'vitest';
import { ProjectAnalysis } from '../../../src/engine/project-analysis.js';
import { relativeTo } from '../../../src/project/paths.js';
import { defaultSettings } from '../../../src/settings/schema.js';
import { codeBase } from '../../project/code-base.js';

type Files = Readonly<Record<string, string | object>>;

const createClient = `import { createClient } from '@clickhouse/client';\n`;
/** A factory that reads the environment itself. */
const factory = `${createClient}export const events = createClient({ url: process.env.CLICKHOUSE_URL, password: process.env.CLICKHOUSE_PASSWORD });\n`;
/** A module of the same program. */
const uses = `import { events } from './db.js';\nexport const up = () => events.ping();\n`;

/** Returns the settings outside of the configuration, shortened: `src/a.ts read CLICKHOUSE_URL (src/db.ts)`. */
function outsideOf(files: Files, config: readonly string[] = []): string[] {
  const root = codeBase(files);
  const { model } = new ProjectAnalysis(root, { ...defaultSettings, config: [...config] });
  const path = (file: string): string => relativeTo(root, file);
  return model
    .outsideSettings()
    .map(({ span, kind, variable, sources }) =>
      [path(span.file), kind, ...(variable === '' ? [] : [variable]), `(${sources.map(path).join(', ')})`].join(' '),
    );
}

const beside = (code: string, files: Files = {}): string[] => outsideOf({ 'src/db.ts': factory, 'src/job.ts': uses + code, ...files });

describe('a second reader of the environment is found', () => {
  it.each([
    ['a member', `export const a = process.env.CLICKHOUSE_URL;`, 'CLICKHOUSE_URL'],
    ['a member of globalThis', `export const a = globalThis.process.env['CLICKHOUSE_HOST'];`, 'CLICKHOUSE_HOST'],
    ['a bundler', `export const a = import.meta.env.VITE_CLICKHOUSE_URL;`, 'VITE_CLICKHOUSE_URL'],
    ['Deno', `export const a = Deno.env.get('CLICKHOUSE_USER');`, 'CLICKHOUSE_USER'],
    ['an alias', `const e = process.env;\nconst f = e;\nexport const a = f.CLICKHOUSE_PORT;`, 'CLICKHOUSE_PORT'],
    [
      'an alias for two platforms',
      `const e = typeof process === 'object' ? process.env : {};\nexport const a = e.CLICKHOUSE_PORT;`,
      'CLICKHOUSE_PORT',
    ],
    ['a default parameter', `export const a = (e = process.env) => e.CLICKHOUSE_DSN;`, 'CLICKHOUSE_DSN'],
    ['a typed parameter', `export function a(e: NodeJS.ProcessEnv) { return e.CLICKHOUSE_DSN; }`, 'CLICKHOUSE_DSN'],
    ['a destructured parameter', `export const a = ({ CLICKHOUSE_DB } = process.env) => CLICKHOUSE_DB;`, 'CLICKHOUSE_DB'],
    ['a destructured member of process', `const { env } = process;\nexport const a = env.CLICKHOUSE_DB;`, 'CLICKHOUSE_DB'],
    ['another name for a binding', `const { CLICKHOUSE_DB: name = 'x' } = process.env;\nexport const a = name;`, 'CLICKHOUSE_DB'],
    ['an enum of names', `enum Names { Url = 'CLICKHOUSE_URL' }\nexport const a = process.env[Names.Url];`, 'CLICKHOUSE_URL'],
    ['an object of names', `const names = { url: 'CLICKHOUSE_URL' } as const;\nexport const a = process.env[names.url];`, 'CLICKHOUSE_URL'],
    ['a list of names', `export const a = ['CLICKHOUSE_URL'].map((name) => process.env[name]);`, 'CLICKHOUSE_URL'],
    ['a loop over names', `export const a = [];\nfor (const n of ['CLICKHOUSE_URL']) a.push(process.env[n]);`, 'CLICKHOUSE_URL'],
    ['a library', `import env from 'env-var';\nexport const a = env.get('CLICKHOUSE_URL').required().asString();`, 'CLICKHOUSE_URL'],
    ['a function that returns the environment', `const all = () => process.env;\nexport const a = all().CLICKHOUSE_URL;`, 'CLICKHOUSE_URL'],
    ['camelCase', `export const a = process.env.clickhousePassword;`, 'clickhousePassword'],
  ])('by %s', (_, code, variable) => {
    expect(beside(code)).toEqual([`src/job.ts read ${variable} (src/db.ts)`]);
  });

  it('by a constant of another module as the name', () => {
    const files = { 'src/names.ts': `export const urlName = 'CLICKHOUSE_URL';` };
    expect(beside(`import { urlName } from './names.js';\nexport const a = process.env[urlName];`, files)).toHaveLength(1);
  });

  it('by the environment under the name of another module', () => {
    const files = { 'src/raw.ts': `export const raw = process.env;` };
    expect(beside(`import { raw } from './raw.js';\nexport const a = raw.CLICKHOUSE_URL;`, files)).toHaveLength(1);
  });

  it.each([
    ['a function', `export function need(name: string) { return process.env[name] ?? ''; }`, `need('CLICKHOUSE_URL')`],
    ['a method of an object', `export const need = { text: (name: string) => process.env[name] };`, `need.text('CLICKHOUSE_URL')`],
    ['a static method', `export class need { static text(name: string) { return process.env[name]; } }`, `need.text('CLICKHOUSE_URL')`],
    [
      'a function that calls another',
      `const get = (n: string) => process.env[n];\nexport const need = (n: string) => get(n)!;`,
      `need('CLICKHOUSE_URL')`,
    ],
  ])('by %s of the project that gets the name', (_, code, call) => {
    expect(beside(`import { need } from './need.js';\nexport const a = ${call};`, { 'src/need.ts': code })).toEqual([
      'src/job.ts read CLICKHOUSE_URL (src/db.ts)',
    ]);
  });

  it.each([
    ['cleanEnv', `import { cleanEnv, url } from 'envalid';\nexport const e = cleanEnv(process.env, { CLICKHOUSE_URL: url() });`],
    [
      'a schema with a name',
      `import { z } from 'zod';\nconst shape = z.object({ CLICKHOUSE_URL: z.string() });\nexport const e = shape.safeParse(process.env);`,
    ],
    [
      'createEnv',
      `import { createEnv } from '@t3-oss/env-core';\nexport const e = createEnv({ server: { CLICKHOUSE_URL: z.string() }, runtimeEnv: process.env });`,
    ],
    ['a class', `class Variables { CLICKHOUSE_URL!: string }\nexport const e = plainToInstance(Variables, process.env);`],
  ])('by a second schema: %s', (_, code) => {
    expect(beside(code)).toEqual(['src/job.ts schema CLICKHOUSE_URL (src/db.ts)']);
  });

  it('that writes a default', () => {
    expect(beside(`process.env.CLICKHOUSE_URL ??= 'http://localhost:8123';`)).toEqual(['src/job.ts assigned CLICKHOUSE_URL (src/db.ts)']);
  });
});

describe('other uses of the environment are none', () => {
  it.each([
    ['a variable of another database', `export const a = process.env.POSTGRES_URL;`],
    ['a switch', `export const a = process.env.CLICKHOUSE_ENABLED;`],
    ['a switch in front', `export const a = process.env.USE_CLICKHOUSE_DB;`],
    ['a program around ClickHouse', `export const a = [process.env.CLICKHOUSE_GRAFANA_URL, process.env.CLICKHOUSE_DOCS_URL];`],
    ['a test of the length', `export const a = (process.env.CLICKHOUSE_PASSWORD ?? '').length > 0;`],
    ['a test of the text without spaces', `export const a = Boolean(process.env.CLICKHOUSE_URL?.trim());`],
    ['a test by a function', `const has = (name: string) => Boolean(process.env[name]);\nexport const a = has('CLICKHOUSE_URL');`],
    ['a variable that is left out', `const { CLICKHOUSE_PASSWORD: _password, ...others } = process.env;\nexport const a = others;`],
    ['a version', `export const a = process.env.CLICKHOUSE_IMAGE_VERSION;`],
    ['a login with ClickHouse Cloud', `export const a = process.env.AUTH_CLICKHOUSE_CLOUD_TOKEN;`],
    ['a condition', `export const a = () => { if (process.env.CLICKHOUSE_URL) return 1; return process.env.CLICKHOUSE_URL ? 1 : 2; };`],
    ['a negation', `export const a = !process.env.CLICKHOUSE_URL || !process.env.CLICKHOUSE_PASSWORD;`],
    ['a conversion to a boolean', `export const a = Boolean(process.env.CLICKHOUSE_URL) && 'CLICKHOUSE_URL' in process.env;`],
    ['a comparison', `export const a = process.env.CLICKHOUSE_URL !== undefined;`],
    [
      'a constant that is only tested',
      `const u = process.env.CLICKHOUSE_URL;\nexport const a = () => { if (!u) throw new Error('set it'); };`,
    ],
    ['a child process', `export const a = { env: { ...process.env, CLICKHOUSE_URL: 'x' } };`],
    ['a deletion', `delete process.env.CLICKHOUSE_URL;`],
    ['code in a string', 'export const a = `const url = process.env.CLICKHOUSE_URL;`;'],
    ['a type', `export type A = { CLICKHOUSE_URL: string };`],
    [
      'an own variable of the name process',
      `const process = { env: { CLICKHOUSE_URL: '' } };\nexport const a = process.env.CLICKHOUSE_URL;`,
    ],
  ])('%s', (_, code) => {
    expect(beside(code)).toEqual([]);
  });

  it.each(['test/job.test.ts', 'src/job.spec.ts', 'examples/job.ts', 'vite.config.ts', 'next.config.mjs'])('in %s', (file) => {
    expect(outsideOf({ 'src/db.ts': factory, 'src/up.ts': uses, [file]: `export const a = process.env.CLICKHOUSE_URL;` })).toEqual([]);
  });
});

describe('the configuration module is inferred', () => {
  const schema = `import { z } from 'zod';\nexport const env = z.object({ CLICKHOUSE_URL: z.string() }).parse(process.env);`;

  it('as the module whose schema the factory imports; to read its object is fine', () => {
    const db = `${createClient}import { env } from './env.js';\nexport const events = createClient({ url: env.CLICKHOUSE_URL });`;
    const job = `${uses}import { env } from './env.js';\nexport const a = env.CLICKHOUSE_URL;`;
    expect(outsideOf({ 'src/env.ts': schema, 'src/db.ts': db, 'src/job.ts': job })).toEqual([]);
  });

  it('also if a schema is skipped in some builds', () => {
    const env = `export const env = process.env.CI === '1' ? (process.env as any) : schema.parse(process.env);`;
    const db = `${createClient}import { env } from './env.js';\nexport const events = createClient({ url: env.CLICKHOUSE_URL });`;
    expect(
      outsideOf({
        'src/env.ts': env,
        'src/db.ts': db,
        'src/job.ts': `${uses}import { env } from './env.js';\nexport const a = env.CLICKHOUSE_URL;`,
      }),
    ).toEqual([]);
  });

  it.each([
    ['a function', `export function load() { return { url: process.env.CLICKHOUSE_URL }; }`, `load()`],
    ['a class', `export class load { url = process.env.CLICKHOUSE_URL; }`, `new load()`],
  ])('through %s and the parameter of the factory', (_, config, call) => {
    const db = `${createClient}export function connect(options) { return createClient({ url: options.url }); }`;
    const main = `import { connect } from './db.js';\nimport { load } from './settings.js';\nexport const events = connect(${call});`;
    const job = `import { events } from './main.js';\nexport const a = [events, process.env.CLICKHOUSE_DB];`;
    expect(outsideOf({ 'src/settings.ts': config, 'src/db.ts': db, 'src/main.ts': main, 'src/job.ts': job })).toEqual([
      'src/job.ts read CLICKHOUSE_DB (src/settings.ts)',
    ]);
  });

  it('through a class that hides its client behind an interface', () => {
    const store = `${createClient}interface Runs { ping(): unknown }
export class Store { private readonly client: Runs;
  constructor(config: { url: string }) { this.client = createClient({ url: config.url }); }
  static fromEnv() { return new Store({ url: process.env.CLICKHOUSE_URL }); } }`;
    const app = `import { Store } from './index.js';\nimport { env } from './env.js';\nexport const store = new Store({ url: env().CLICKHOUSE_URL });`;
    const files = { 'src/store.ts': store, 'src/index.ts': `export * from './store.js';`, 'src/app.ts': app };
    expect(outsideOf({ ...files, 'src/env.ts': schema.replace('env =', 'env = () =>') })).toEqual([]);
  });

  it('in a package of the workspace, for all packages that use it', () => {
    const files = {
      'package.json': { name: 'root', workspaces: ['packages/*'] },
      'packages/db/package.json': { name: '@acme/db', main: 'src/db.ts' },
      'packages/db/src/db.ts': factory,
      'packages/web/package.json': { name: 'web', dependencies: { '@acme/db': '*' } },
      'packages/web/src/page.ts': `import { events } from '@acme/db';\nexport const a = [events, process.env.CLICKHOUSE_URL];`,
    };
    expect(outsideOf(files)).toEqual(['packages/web/src/page.ts read CLICKHOUSE_URL (packages/db/src/db.ts)']);
  });

  it('for each of two programs', () => {
    const files = {
      'api/package.json': { name: 'api', dependencies: {} },
      'api/src/clickhouse.ts': factory,
      'api/src/main.ts': `import { events } from './clickhouse.js';\nawait events.ping();`,
      'web/package.json': { name: 'web', dependencies: {} },
      'web/src/clickhouse.ts': factory,
      'web/src/main.ts': `import { events } from './clickhouse.js';\nawait events.ping();`,
    };
    expect(outsideOf(files)).toEqual([]);
  });

  it('and never in a program that the reader does not import', () => {
    const files = {
      'package.json': { name: 'root', workspaces: ['apps/*', 'packages/*'] },
      'packages/db/package.json': { name: '@acme/db', main: 'src/db.ts' },
      'packages/db/src/db.ts': `${createClient}export const connect = (url: string) => createClient({ url });`,
      'apps/api/package.json': { name: 'api', dependencies: { '@acme/db': '*' } },
      'apps/api/src/env.ts': `export const env = { url: process.env.CLICKHOUSE_URL ?? '' };`,
      'apps/api/src/main.ts': `import { connect } from '@acme/db';\nimport { env } from './env.js';\nawait connect(env.url).ping();`,
      'apps/jobs/package.json': { name: 'jobs', dependencies: { '@acme/db': '*' } },
      'apps/jobs/src/main.ts': `import { connect } from '@acme/db';\nawait connect(process.env.CLICKHOUSE_URL ?? '').ping();`,
    };
    expect(outsideOf(files)).toEqual([]);
    const second = { ...files, 'apps/jobs/src/sweep.ts': `export const url = process.env.CLICKHOUSE_URL;` };
    expect(outsideOf(second)).toEqual(['apps/jobs/src/sweep.ts read CLICKHOUSE_URL (apps/jobs/src/main.ts)']);
  });

  it('among several readers of a program without a client, by its name', () => {
    const files = {
      'src/config.ts': `export const url = process.env.CLICKHOUSE_URL;`,
      'src/send.ts': `export const send = (body) => fetch(process.env.CLICKHOUSE_URL, { method: 'POST', body });`,
    };
    expect(outsideOf(files)).toEqual(['src/send.ts read CLICKHOUSE_URL (src/config.ts)']);
  });

  it('and a single reader of a program without a client is it', () => {
    expect(outsideOf({ 'src/send.ts': `export const a = process.env.CLICKHOUSE_URL;` })).toEqual([]);
  });

  it('unless the settings declare it: then the factory is none', () => {
    const files = { 'src/config.ts': `export const url = process.env.CLICKHOUSE_URL;`, 'src/db.ts': factory };
    expect(outsideOf(files, ['src/config.ts'])).toEqual([
      'src/db.ts read CLICKHOUSE_URL (src/config.ts)',
      'src/db.ts read CLICKHOUSE_PASSWORD (src/config.ts)',
    ]);
  });
});

describe('without a factory in the program', () => {
  it('an address is text for another program', () => {
    const files = {
      'src/restore.ts': `export const a = process.env.CLICKHOUSE_URL;`,
      'src/wizard.ts': `export const at = (url = 'http://ch:8123') => url;`,
    };
    expect(outsideOf(files)).toEqual([]);
  });
});

describe('a variable with any name counts if it reaches a client', () => {
  const own = `${createClient}export const events = createClient({ url: process.env.CH_EVENTS });`;

  it('of another module than the factory', () => {
    const second = `${createClient}const at = process.env.REPORT_STORE;\nexport const reports = createClient({ url: at });`;
    expect(outsideOf({ 'src/db.ts': factory, 'src/up.ts': uses, 'src/reports/store.ts': second })).toEqual([
      'src/reports/store.ts flow REPORT_STORE (src/db.ts)',
    ]);
  });

  it('of the factory, wherever it is read', () => {
    expect(outsideOf({ 'src/db.ts': own, 'src/job.ts': `${uses}export const a = process.env.CH_EVENTS;` })).toEqual([
      'src/job.ts read CH_EVENTS (src/db.ts)',
    ]);
  });

  it.each(['DATABASE_URL', 'DB_PASSWORD', 'PORT'])('but not %s, which other databases use as well', (name) => {
    const db = own.replace('CH_EVENTS', name);
    expect(outsideOf({ 'src/db.ts': db, 'src/job.ts': `${uses}export const a = process.env.${name};` })).toEqual([]);
  });

  it('and not the name of the application', () => {
    const db = `${createClient}export const events = createClient({ url: process.env.CH_EVENTS, application: process.env.SERVICE_TITLE });`;
    expect(outsideOf({ 'src/db.ts': db, 'src/job.ts': `${uses}export const a = process.env.SERVICE_TITLE;` })).toEqual([]);
  });
});

describe('an address in the code is found', () => {
  it.each([
    ['as a default', `export const at = (url?: string) => url ?? 'http://localhost:8123';`],
    ['as a default of a parameter', `export const at = (url = 'http://clickhouse:8123') => url;`],
    ['as a default of a property', `export const at = ({ url = 'https://abc.eu-central-1.aws.clickhouse.cloud:8443' }) => url;`],
    ['as an exported constant', `export const server = 'http://clickhouse.internal';`],
    ['in an exported object', `export const servers = { events: { base: 'clickhouse://ch-7:9000/events' } };`],
    ['in a request', `export const at = () => fetch('http://10.0.0.4:8123/ping');`],
  ])('%s', (_, code) => {
    expect(beside(code)).toEqual(['src/job.ts address (src/db.ts)']);
  });

  it('with a password', () => {
    expect(beside(`export const at = 'clickhouse://default:s3cret@ch-7:9000/events';`)).toEqual(['src/job.ts credentials (src/db.ts)']);
  });

  it('in a second client, with its password', () => {
    const second = `${createClient}export const reports = createClient({ host: 'ch-9', username: 'default', password: 's3cret' });`;
    expect(outsideOf({ 'src/db.ts': factory, 'src/up.ts': uses, 'src/reports/store.ts': second })).toEqual([
      'src/reports/store.ts address (src/db.ts)',
      'src/reports/store.ts credentials (src/db.ts)',
    ]);
  });

  it.each([
    ['the documentation', `export const more = 'https://clickhouse.com/docs/en/interfaces/http';`],
    ['the control interface', `export const api = (url = 'https://api.clickhouse.cloud/v1') => url;`],
    ['another service of the cloud', `export const more = 'https://console.clickhouse.cloud/services';`],
    ['a company that uses the name', `export const help = 'https://clickhouse.zendesk.com/hc';`],
    ['Home Assistant on the same port', `export const home = 'http://homeassistant.local:8123';`],
    ['a resource', `export const resources = { uri: 'clickhouse://tables/events' };`],
    ['another server on port 8443', `export const login = 'https://keycloak:8443';`],
    ['a port', `export const at = (host: string, port = '8443') => host + port;`],
    ['metrics', `export const metrics = 'http://clickhouse:9363/metrics';`],
    ['a placeholder', `export const form = { placeholder: 'http://localhost:8123' };`],
    ['an example', `export const exampleUrl = 'http://localhost:8123';`],
    ['an error text', `export const at = (url?: string) => { if (!url) throw new Error('set it, as in http://localhost:8123'); };`],
    ['a comparison', `export const isLocal = (url: string) => url === 'http://localhost:8123';`],
    ['a text that contains it', `export const help2 = 'Use http://localhost:8123 or another server';`],
    ['a placeholder in the host', `export const at = (url = 'https://your-host.clickhouse.cloud:8443') => url;`],
  ])('but not %s', (_, code) => {
    expect(beside(code)).toEqual([]);
  });

  it('but not in a component, where a user enters it', () => {
    const component = `export const Form = ({ url = 'http://localhost:8123' }) => <input value={url} />;`;
    expect(outsideOf({ 'src/db.ts': factory, 'src/up.ts': uses, 'src/form.tsx': component })).toEqual([]);
  });
});

describe('a setting that is only printed is no second reader', () => {
  it.each([
    ['in a message', "console.log('CLICKHOUSE_URL=' + process.env.CLICKHOUSE_URL);"],
    ['with a default', 'logger.info(`url ${process.env.CLICKHOUSE_URL ?? "not set"}`);'],
    [
      'through a function that hides secrets',
      "this.logger.indent('url ' + redact(process.env.CLICKHOUSE_URL || process.env.CLICKHOUSE_HOST));",
    ],
    ['in an error', 'throw new ConfigError(`No server at ${process.env.CLICKHOUSE_URL}`);'],
  ])('%s', (_, code) => {
    expect(beside(`export function tell(this: { logger: Log }) { ${code} }`)).toEqual([]);
  });

  it('but one that a call of another kind gets is', () => {
    expect(beside('connect(process.env.CLICKHOUSE_URL);')).toEqual(['src/job.ts read CLICKHOUSE_URL (src/db.ts)']);
  });
});

it('what a database answers does not come from the address of the database', () => {
  const found = outsideOf({
    'src/db.ts': factory,
    'src/store.ts': `import { PrismaClient } from '@prisma/client';
export const prisma = new PrismaClient({ datasourceUrl: process.env.DATABASE_URL });
`,
    'src/tenants.ts': `${createClient}import { prisma } from './store.js';
export async function of(id: string) {
  const row = await prisma.tenant.findFirst({ where: { id } });
  return createClient({ url: row.url });
}
`,
    'src/job.ts': `${uses}export { of } from './tenants.js';`,
  });
  expect(found).toEqual([]);
});

describe('a helper that is taken by `require` is followed', () => {
  const reads = (name: string): string => `function ${name}(key) { return process.env[key]; }\n`;
  const db = `const { createClient } = require('@clickhouse/client');\nmodule.exports = createClient({ url: process.env.CLICKHOUSE_URL });\n`;

  it.each([
    ['an export', `exports.required = ${reads('required')}`, `const { required } = require('./env');`, 'required'],
    ['an object of exports', `${reads('required')}module.exports = { required };`, `const env = require('./env');`, 'env.required'],
    [
      'a named object',
      `${reads('required')}const api = { required };\nmodule.exports = api;`,
      `const env = require('./env');`,
      'env.required',
    ],
    ['the whole module', `module.exports = ${reads('required')}`, `const required = require('./env');`, 'required'],
    ['a member of the call', `exports.required = ${reads('required')}`, `const required = require('./env').required;`, 'required'],
  ])('by %s', (_, env, taken, callee) => {
    const job = `const db = require('./db');\n${taken}\nexports.a = () => db.query(${callee}('CLICKHOUSE_URL'));\n`;
    expect(outsideOf({ 'src/db.js': db, 'src/env.js': env, 'src/job.js': job })).toEqual(['src/job.js read CLICKHOUSE_URL (src/db.js)']);
  });
});

describe('without a decided factory', () => {
  const other = (options: string): Files => ({
    'src/lib/store.ts': `${createClient}export const store = createClient({ url: process.env.CLICKHOUSE_URL, password: process.env.CLICKHOUSE_PASSWORD });\n`,
    'src/lib/archive.ts': `${createClient}export const archive = createClient({ ${options} });\n`,
    'src/api.ts': `import { store } from './lib/store.js';\nimport { archive } from './lib/archive.js';\nexport const both = () => [store.ping(), archive.ping()];\n`,
  });

  it('the same variable in two modules is found in one of them', () => {
    expect(outsideOf(other('url: process.env.CLICKHOUSE_URL'))).toEqual(['src/lib/archive.ts read CLICKHOUSE_URL (src/lib/store.ts)']);
  });

  it('other variables for another server are not', () => {
    expect(outsideOf(other('url: process.env.ARCHIVE_CLICKHOUSE_URL'))).toEqual([]);
  });

  it('a password in the code is found', () => {
    expect(outsideOf(other(`url: process.env.ARCHIVE_CLICKHOUSE_URL, password: 's3cret'`))).toEqual([
      'src/lib/archive.ts credentials (src/lib/store.ts)',
    ]);
  });
});

describe('a factory that gets its options from several callers', () => {
  const callers = (variable: string, others: Files = {}): Files => ({
    'src/factory.ts': `${createClient}export const createClickHouse = (url?: string, password?: string) => createClient({ url, password });\n`,
    'src/store.ts': `import { createClickHouse } from './factory.js';\nexport const store = createClickHouse(process.env.CLICKHOUSE_URL, process.env.CLICKHOUSE_PASSWORD);\n`,
    'src/archive.ts': `import { createClickHouse } from './factory.js';\nexport const archive = createClickHouse(process.env.${variable});\n`,
    ...others,
  });

  it('the same variable in two of them is found in one', () => {
    expect(outsideOf(callers('CLICKHOUSE_URL'))).toEqual(['src/archive.ts read CLICKHOUSE_URL (src/store.ts)']);
  });

  it('a variable for another server is not', () => {
    expect(outsideOf(callers('ARCHIVE_CLICKHOUSE_URL'))).toEqual([]);
  });

  it('the same variable in two programs is not', () => {
    expect(
      outsideOf(
        callers('ARCHIVE_CLICKHOUSE_URL', {
          'jobs/package.json': { name: 'jobs' },
          'jobs/main.ts': `import { createClickHouse } from '../src/factory.js';\nexport const jobs = createClickHouse(process.env.CLICKHOUSE_URL);\n`,
        }),
      ),
    ).toEqual([]);
  });
});

describe('a factory with a configuration module', () => {
  const config = `export const config = { url: process.env.CLICKHOUSE_URL, password: process.env.CLICKHOUSE_PASSWORD };\n`;
  const factoryWith = (options: string): Files => ({
    'src/config.ts': config,
    'src/db.ts': `${createClient}import { config } from './config.js';\nexport const events = createClient({ ${options} });\n`,
    'src/job.ts': uses,
  });

  it('has no password of its own', () => {
    expect(outsideOf(factoryWith(`...config, password: 's3cret'`))).toEqual(['src/db.ts credentials (src/config.ts)']);
  });

  it('may have a default for an empty one', () => {
    expect(outsideOf(factoryWith(`url: config.url, password: config.password ?? 'default'`))).toEqual([]);
  });
});

it('the JSON schema of @fastify/env is the configuration', () => {
  const env = `import fastifyEnv from '@fastify/env';\nconst schema = { type: 'object', properties: { CLICKHOUSE_URL: { type: 'string' } } };\nexport default async (app) => { await app.register(fastifyEnv, { schema }); };\n`;
  const db = `${createClient}export default async (app) => { app.decorate('events', createClient({ url: app.config.CLICKHOUSE_URL })); };\n`;
  const job = `export const a = process.env.CLICKHOUSE_URL;\n`;
  expect(outsideOf({ 'src/env.ts': env, 'src/db.ts': db, 'src/job.ts': job })).toEqual(['src/job.ts read CLICKHOUSE_URL (src/env.ts)']);
});
