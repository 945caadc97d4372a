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

  it('are kept if another variable names the server or the user', () => {
    expect(serverOf({}, { ...url, CLICKHOUSE_HOST: 'other', CLICKHOUSE_USER: 'reader' })).toEqual({
      url: 'https://other:9',
      username: 'reader',
      password: 'hunter2',
      database: 'shop',
    });
    expect(serverOf({ host: 'other' }, { ...url, CLICKHOUSE_HOST: 'other' })).toMatchObject({ password: 'hunter2' });
  });

  it('of a named connection are dropped as well', () => {
    const env = { CLICKHOUSE_ANALYTICS_URL: 'https://svc:hunter2@good' };
    expect(serverOf({ connection: 'analytics', host: 'other' }, env)).toMatchObject({ username: 'default', password: '' });
    expect(serverOf({ connection: 'analytics', username: 'admin' }, env)).toMatchObject({ url: 'https://good:8443', password: '' });
  });

  it('do not include CLICKHOUSE_USER and CLICKHOUSE_PASSWORD, which are always kept', () => {
    const env = { ...url, CLICKHOUSE_USER: 'reader', CLICKHOUSE_PASSWORD: 'own' };
    expect(serverOf({ url: 'http://other' }, env)).toMatchObject({ username: 'reader', password: 'own' });
    expect(serverOf({ username: 'admin' }, env)).toMatchObject({ username: 'admin', password: 'own' });
  });
});
