import { describe, expect, it } from 'vitest';
import { type ClickHouseConfigInput, loadClickHouseConfig } from '../../../runtime/src/index.js';

type Env = Record<string, string>;

function serverOf(input: ClickHouseConfigInput, env: Env) {
  const { engine, database } = loadClickHouseConfig(input, env);
  if (engine.kind === 'embedded') throw new Error('It is embedded.');
  return { url: engine.url, username: engine.username, password: engine.password.reveal(), database };
}

const url = { CLICKHOUSE_URL: 'https://svc:hunter2@good:9/shop' };

describe('the credentials of a URL in the environment', () => {
  it.each<[string, ClickHouseConfigInput, string]>([
    ['a URL', { url: 'http://other:8123' }, 'http://other:8123'],
    ['a URL of several servers', { url: ['https://good:9', 'https://other:9'] }, 'https://good:9'],
    ['a host', { host: 'other' }, 'http://other:8123'],
    ['the same host without TLS', { url: 'http://good:9' }, 'http://good:9'],
    ['another port of the same host', { host: 'good', port: 10, secure: true }, 'https://good:10'],
  ])('are dropped with the rest of the URL if code names another server by %s', (_, input, server) => {
    expect(serverOf(input, url)).toEqual({ url: server, username: 'default', password: '', database: 'default' });
  });

  it('are dropped if code names another user', () => {
    expect(serverOf({ username: 'admin' }, url)).toEqual({ url: 'https://good:9', username: 'admin', password: '', database: 'shop' });
    expect(serverOf({ username: 'admin' }, { CLICKHOUSE_URL: 'https://:hunter2@good' })).toMatchObject({ password: '' });
  });

  it('are kept if code repeats the server or the user', () => {
    const same = { url: 'https://good:9', username: 'svc', password: 'hunter2', database: 'shop' };
    expect(serverOf({ host: 'GOOD' }, url)).toMatchObject({ password: 'hunter2' });
    expect(serverOf({ url: 'https://good:9' }, url)).toEqual(same);
    expect(serverOf({ username: 'svc' }, url)).toEqual(same);
    expect(serverOf({ host: 'two' }, { CLICKHOUSE_URL: 'http://svc:hunter2@one,http://two' })).toMatchObject({ password: 'hunter2' });
  });

  it('are dropped if another variable names another server or user', () => {
    expect(serverOf({}, { ...url, CLICKHOUSE_HOST: 'other' })).toMatchObject({ url: 'https://other:9', password: '', database: 'shop' });
    expect(serverOf({}, { ...url, CLICKHOUSE_USER: 'reader' })).toMatchObject({ url: 'https://good:9', username: 'reader', password: '' });
  });

  it('are kept if other variables complete the address', () => {
    const env = {
      CLICKHOUSE_URL: 'clickhouse://svc:hunter2@good',
      CLICKHOUSE_SECURE: '1',
      CLICKHOUSE_PORT: '9',
      CLICKHOUSE_PATHNAME: '/ch',
    };
    expect(serverOf({}, env)).toMatchObject({ url: 'https://good:9', username: 'svc', password: 'hunter2' });
  });

  it('of a named connection are dropped as well', () => {
    const env = { CLICKHOUSE_ANALYTICS_URL: 'https://svc:hunter2@good' };
    expect(serverOf({ connection: 'analytics', host: 'other' }, env)).toMatchObject({ username: 'default', password: '' });
    expect(serverOf({ connection: 'analytics', username: 'admin' }, env)).toMatchObject({ url: 'https://good:8443', password: '' });
  });

  it('and those of CLICKHOUSE_USER and CLICKHOUSE_PASSWORD are for the server and the user of the environment', () => {
    const env = { ...url, CLICKHOUSE_USER: 'reader', CLICKHOUSE_PASSWORD: 'own' };
    expect(serverOf({}, env)).toMatchObject({ username: 'reader', password: 'own' });
    expect(serverOf({ url: 'http://other' }, env)).toMatchObject({ username: 'default', password: '' });
    expect(serverOf({ username: 'admin' }, env)).toMatchObject({ username: 'admin', password: '' });
  });
});

describe('a password of the environment', () => {
  it('is for the server and the user that code names, if the environment names none', () => {
    expect(serverOf({ url: 'http://good', username: 'svc' }, { CLICKHOUSE_PASSWORD: 'own' })).toMatchObject({
      username: 'svc',
      password: 'own',
    });
    expect(serverOf({ url: 'http://good' }, { CLICKHOUSE_USER: 'svc', CLICKHOUSE_PASSWORD: 'own' })).toMatchObject({
      username: 'svc',
      password: 'own',
    });
  });

  it('is used if code repeats the server in another form', () => {
    const env = { CLICKHOUSE_HOST: 'http://ClickHouse:8123/', CLICKHOUSE_PASSWORD: 'own' };
    expect(serverOf({ host: 'clickhouse:8123' }, env)).toMatchObject({ password: 'own' });
    expect(serverOf({ url: ['http://clickhouse', 'http://clickhouse:8123'] }, env)).toMatchObject({ password: 'own' });
  });

  it.each<[string, ClickHouseConfigInput]>([
    ['another server', { url: 'http://tenant' }],
    ['another server and a password that is undefined', { url: 'http://tenant', password: undefined }],
    ['another server and a user', { url: 'http://tenant', username: 'tenant' }],
    ['another path of the same proxy', { pathname: '/tenant' }],
    ['another port', { port: 9 }],
    ['another server beside its own', { url: 'http://own,http://tenant' }],
  ])('is not used if code names %s', (_, input) => {
    const config = loadClickHouseConfig(input, { CLICKHOUSE_URL: 'http://own', CLICKHOUSE_USER: 'own', CLICKHOUSE_PASSWORD: 'OWN-SECRET' });
    expect(config.engine).toMatchObject({ password: { isEmpty: true } });
    expect(config.provenance).toMatchObject({ password: 'default (CLICKHOUSE_PASSWORD is for another server)' });
  });

  it.each<[string, Env, ClickHouseConfigInput]>([
    ['a host alone', { CLICKHOUSE_HOST: 'own' }, { secure: true }],
    ['a host alone, and a URL in code', { CLICKHOUSE_HOST: 'own' }, { url: 'https://own/shop' }],
    ['a host with its port', { CLICKHOUSE_HOST: 'own', CLICKHOUSE_PORT: '9' }, { secure: true }],
    ['a URL without a word about TLS', { CLICKHOUSE_URL: 'clickhouse://own:9' }, { url: 'https://own:9' }],
  ])('is used with TLS if the environment leaves that open: %s', (_, env, input) => {
    expect(serverOf(input, { ...env, CLICKHOUSE_PASSWORD: 'own' })).toMatchObject({ password: 'own' });
    expect(serverOf(input, { ...env, CLICKHOUSE_SECURE: '0', CLICKHOUSE_PASSWORD: 'own' })).toMatchObject({ password: '' });
    expect(serverOf({ host: 'own', port: 10, secure: true }, { ...env, CLICKHOUSE_PASSWORD: 'own' })).toMatchObject({ password: '' });
  });

  it('that leaves TLS open is for both in a URL too', () => {
    expect(serverOf({ secure: true }, { CLICKHOUSE_URL: 'clickhouse://svc:hunter2@good' })).toMatchObject({
      url: 'https://good:8443',
      username: 'svc',
      password: 'hunter2',
    });
  });

  it('of one URL is not used with the user or the path of another, even if code overrides the difference', () => {
    const env = { CLICKHOUSE_URL: 'http://bob:hunter2@h:1', CLICKHOUSE_HOST: 'http://ann@h:1' };
    expect(serverOf({ username: 'ann' }, env)).toMatchObject({ username: 'ann', password: '' });
    expect(serverOf({ pathname: '/y' }, { CLICKHOUSE_URL: 'http://u:hunter2@h:1', CLICKHOUSE_HOST: 'http://h:1/y/db' })).toMatchObject({
      password: '',
    });
  });

  it('in a file that is not read says so', () => {
    const sourceOf = (env: Env, input = {}) => loadClickHouseConfig({ url: 'http://h', ...input }, env).provenance['password'];
    const env = { CLICKHOUSE_PASSWORD_FILE: '/run/secrets/own' };
    expect(sourceOf(env)).toBe('default (CLICKHOUSE_PASSWORD_FILE is not read; use fileSecret())');
    expect(sourceOf({ CLICKHOUSE_TEAM_PASSWORD_FILE: '/x' }, { connection: 'team' })).toBe(
      'default (CLICKHOUSE_TEAM_PASSWORD_FILE is not read; use fileSecret())',
    );
    expect(sourceOf({ ...env, CLICKHOUSE_PASSWORD: 'own' })).toBe('CLICKHOUSE_PASSWORD');
  });

  it('is not used if the server of the environment cannot be read', () => {
    const env = { CLICKHOUSE_HOST: '"own"', CLICKHOUSE_PASSWORD: 'OWN-SECRET' };
    expect(serverOf({ url: 'http://tenant' }, env)).toMatchObject({ password: '' });
  });

  it('gives way to an empty password in code', () => {
    expect(serverOf({ url: 'http://good', password: '' }, { CLICKHOUSE_PASSWORD: 'own' })).toMatchObject({ password: '' });
  });

  it('that is not used says why', () => {
    const sourceOf = (input: ClickHouseConfigInput, env: Env) => loadClickHouseConfig(input, env).provenance['password'];
    expect(sourceOf({ username: 'admin' }, url)).toBe('default (the value in CLICKHOUSE_URL is for another user)');
    expect(sourceOf({ username: 'admin' }, { CLICKHOUSE_URL: 'http://svc@own', CLICKHOUSE_PASSWORD: 'x' })).toBe(
      'default (CLICKHOUSE_PASSWORD is for another user)',
    );
  });
});

describe('an access token', () => {
  const tokenOf = (input: ClickHouseConfigInput, env: Env) => {
    const { engine } = loadClickHouseConfig(input, env);
    return engine.kind === 'server' ? engine.accessToken?.reveal() : undefined;
  };

  it('is for the server of its source, and takes the place of user and password of a lower source', () => {
    expect(tokenOf({}, { CLICKHOUSE_URL: 'https://own', CLICKHOUSE_ACCESS_TOKEN: 'a.b-c' })).toBe('a.b-c');
    expect(tokenOf({}, { CLICKHOUSE_URL: 'https://own?access_token=a.b-c' })).toBe('a.b-c');
    expect(tokenOf({ url: 'https://tenant' }, { CLICKHOUSE_URL: 'https://own', CLICKHOUSE_ACCESS_TOKEN: 'a.b-c' })).toBeUndefined();
    expect(tokenOf({ username: 'admin' }, { CLICKHOUSE_URL: 'https://own', CLICKHOUSE_ACCESS_TOKEN: 'a.b-c' })).toBeUndefined();
    const { engine, provenance } = loadClickHouseConfig({ accessToken: 'a.b-c' }, url);
    expect(engine).toMatchObject({ username: 'default', password: { isEmpty: true } });
    expect(provenance).toMatchObject({ accessToken: 'code', password: 'default (CLICKHOUSE_URL is not used together with accessToken)' });
  });

  it('together with a user or password of the same source is rejected', () => {
    expect(() => tokenOf({}, { ...url, CLICKHOUSE_ACCESS_TOKEN: 'a.b-c' })).toThrow(
      'CLICKHOUSE_ACCESS_TOKEN: found a token, and CLICKHOUSE_URL, expected only one of the two',
    );
  });
});
