import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { AbortedError, ClickHouseSsotError, ConfigError, ConnectionRecursionError, EngineMissingError, ManagerClosedError, QueueFullError } from '../../runtime/src/index.js';

describe('an error', () => {
  it('is known by its class, by its root and by no other class', () => {
    const error = new QueueFullError(3);
    expect([error instanceof QueueFullError, error instanceof ClickHouseSsotError, error instanceof Error, error instanceof ManagerClosedError]).toEqual([true, true, true, false]);
  });

  it('is not taken for one of a class that somebody derives from its own', () => {
    class OwnError extends ConfigError {}
    expect(new ConfigError([]) instanceof OwnError).toBe(false);
    expect(new OwnError([]) instanceof OwnError).toBe(true);
    expect(new OwnError([]) instanceof ConfigError).toBe(true);
  });

  it.each([{ name: 'ConfigError' }, null, 'ConfigError', new Error('ConfigError')])('is not %s', (stranger) => {
    expect((stranger as unknown) instanceof ClickHouseSsotError).toBe(false);
  });

  it.each([
    [new ConfigError([{ key: 'port', found: '"x"', expected: 'a port' }]), { code: 'CONFIG_INVALID', problems: [{ key: 'port' }] }],
    [new ConnectionRecursionError(['a', 'b']), { code: 'CONNECTION_RECURSION', path: ['a', 'b'] }],
    [new QueueFullError(3), { code: 'QUEUE_FULL', retryable: true }],
  ])('tells a log what is needed: %s', (error, logged) => {
    expect(JSON.parse(JSON.stringify(error))).toMatchObject({ name: error.name, message: error.message, ...logged });
  });

  it('keeps what caused it', () => {
    expect(new AbortedError('enough').cause).toBe('enough');
    expect(new EngineMissingError('chdb is not installed').message).toContain('npm install chdb');
  });

  it('shows no symbol of ours when printed', () => {
    expect(inspect(new QueueFullError(3))).not.toContain('Symbol(');
  });
});
