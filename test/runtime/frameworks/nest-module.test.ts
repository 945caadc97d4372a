import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from 'vitest';
import { ConfigError, ManagerClosedError } from '../../../runtime/src/index.js';
import { ClickHouseHealthIndicator, ClickHouseModule, clickHouseToken, InjectClickHouse } from '../../../runtime/src/nestjs.js';
import { createTestService } from '../../../runtime/src/testing.js';

const query = { query: 'SELECT n FROM t', format: 'JSONEachRow' } as const;
const double = () => createTestService([{ when: 'FROM t', rows: [{ n: 1 }] }]);
const token = clickHouseToken();

describe('a test of a NestJS application', () => {
  it('replaces the service, which is closed with the application', async () => {
    const service = double();
    const module = await Test.createTestingModule({ imports: [ClickHouseModule.forRoot()] })
      .overrideProvider(token)
      .useValue(service)
      .compile();
    await module.init();
    expect(module.get(token)).toBe(service);
    expect(await module.get(ClickHouseHealthIndicator).check('clickhouse', service)).toEqual({
      clickhouse: { status: 'up', health: 'ready' },
    });
    await module.close();
    await expect(service.query(query)).rejects.toBeInstanceOf(ManagerClosedError);
  });

  it('replaces the service without its factory, which would need the configuration of the environment', async () => {
    const service = double();
    const useFactory = (): never => {
      throw new Error('CLICKHOUSE_URL is not set');
    };
    const module = await Test.createTestingModule({
      imports: [ClickHouseModule.forRootAsync({ name: 'analytics', inject: ['a provider that the test lacks'], useFactory })],
    })
      .overrideProvider(clickHouseToken('analytics'))
      .useValue(service)
      .compile();
    await module.init();
    expect(module.get(clickHouseToken('analytics'))).toBe(service);
    await module.close();
    await expect(service.query(query)).rejects.toBeInstanceOf(ManagerClosedError);
  });
});

describe('the options of the NestJS module', () => {
  it('come from the providers of other modules', async () => {
    const service = double();
    class ConfigModule {
      readonly name = 'config';
    }
    Module({ providers: [{ provide: 'config', useValue: service }], exports: ['config'] })(ConfigModule);
    const module = await Test.createTestingModule({
      imports: [
        ClickHouseModule.forRootAsync({
          name: 'analytics',
          imports: [ConfigModule],
          inject: ['config'],
          useFactory: async (injected: typeof service) => ({ service: injected }),
        }),
      ],
    }).compile();
    expect(module.get(clickHouseToken('analytics'))).toBe(service);
  });

  it.each([
    ['an unknown option', () => ClickHouseModule.forRoot({ services: double() } as object)],
    ['a missing factory', () => ClickHouseModule.forRootAsync({} as never)],
  ])('reject %s', (_, declare) => {
    expect(declare).toThrow(ConfigError);
  });

  it.each([
    ['an empty name', '', 'found "", expected a name without spaces, such as "analytics". Leave it out for the service without a name'],
    ['a name with spaces', 'my analytics', 'found "my analytics", expected a name without spaces'],
    ['the name of the service without a name', 'default', 'found "default", expected a name without spaces'],
    ['a name that is no text', 5, 'found 5, expected a name without spaces'],
  ])('reject %s', (_, name, problem) => {
    const [untyped, useFactory] = [name as string, () => ({})];
    for (const [key, call] of [
      ['ClickHouseModule.forRoot.name', () => ClickHouseModule.forRoot({ name: untyped })],
      ['ClickHouseModule.forRootAsync.name', () => ClickHouseModule.forRootAsync({ name: untyped, useFactory })],
      ['clickHouseToken.name', () => clickHouseToken(untyped)],
      ['clickHouseToken.name', () => InjectClickHouse(untyped)],
    ] satisfies (readonly [string, () => unknown])[]) {
      expect(call).toThrow(ConfigError);
      expect(call).toThrow(`${key}: ${problem}`);
    }
  });

  it.each([
    ['an invalid option', () => ({ drainTimeoutMs: -1 }), 'drainTimeoutMs: found -1, expected a number, 0 or more'],
    [
      'nothing',
      () => undefined,
      'useFactory(): found undefined, expected an object with onFailure, service, drainTimeoutMs; return {} for',
    ],
    ['a promise of nothing', () => Promise.resolve(null), 'useFactory(): found null, expected an object with'],
    ['a service in place of options', () => double(), 'useFactory(): found a service, expected an object { service }'],
  ])('reject %s that a factory returns, at the start', async (_, useFactory, problem) => {
    const module = ClickHouseModule.forRootAsync({ useFactory: useFactory as () => object });
    const compiled = Test.createTestingModule({ imports: [module] }).compile();
    await expect(compiled).rejects.toThrow(ConfigError);
    await expect(compiled).rejects.toThrow(problem);
  });
});
