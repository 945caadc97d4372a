import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { installedService, run } from './installed-service.js';

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const spec = `
import { Injectable } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { type ClickHouseService } from '@clickhouse-ssot/runtime';
import * as runtime from '@clickhouse-ssot/runtime';
import { createTestService } from '@clickhouse-ssot/runtime/testing';

@Injectable()
class Reports {
  constructor(private readonly clickhouse: Pick<ClickHouseService, 'query'>) {}
  async rows() {
    return (await this.clickhouse.query({ query: 'SELECT 1 AS n', format: 'JSONEachRow' })).json();
  }
}

describe('Reports', () => {
  afterAll(() => runtime.closeClickHouse());

  it('reads the rows of the double', async () => {
    const double = createTestService([{ when: 'SELECT', rows: [{ n: 1 }] }]);
    const module = await Test.createTestingModule({ providers: [{ provide: Reports, useFactory: () => new Reports(double) }] }).compile();
    expect(await module.get(Reports).rows()).toEqual([{ n: 1 }]);
  });

  it('reads the rows of the embedded engine', async () => {
    expect(await new Reports(await runtime.getClickHouseClient()).rows()).toEqual([{ n: 1 }]);
  });
});
`;
const manifest = {
  private: true,
  jest: {
    moduleFileExtensions: ['js', 'json', 'ts'],
    rootDir: 'src',
    testRegex: '.*\\.spec\\.ts$',
    transform: { '^.+\\.(t|j)s$': 'ts-jest' },
    testEnvironment: 'node',
  },
};
/** As the NestJS starters of version 10 and of version 11 have it. */
const compilerOptions = {
  commonjs: { module: 'commonjs' },
  nodenext: { module: 'nodenext', moduleResolution: 'nodenext', resolvePackageJsonExports: true, isolatedModules: true },
};

it.each([
  ['10', '29', compilerOptions.commonjs],
  ['11', '30', compilerOptions.nodenext],
])('the starter of NestJS %s with Jest %s', (nest, jest, options) => {
  const common = { emitDecoratorMetadata: true, experimentalDecorators: true, esModuleInterop: true, target: 'ES2023', skipLibCheck: true };
  const folder = installedService(
    {
      'package.json': JSON.stringify(manifest),
      'tsconfig.json': JSON.stringify({ compilerOptions: { ...common, ...options } }),
      'src/reports.spec.ts': spec,
    },
    [
      ...['common', 'core', 'testing', 'platform-express'].map((name) => `@nestjs/${name}@${nest}`),
      ...['reflect-metadata', 'rxjs@7', `jest@${jest}`, `@types/jest@${jest}`, 'ts-jest@29', 'typescript@5.9', '@types/node@20', 'chdb@3'],
    ],
  );
  folders.push(folder);
  expect(run(folder, 'npx', 'jest')).toContain('2 passed');
});
