import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { read } from '../../scripts/generated.js';
import { repository } from '../places.js';
import { frontServer } from '../runtime/harness/test-servers.js';
import { serviceWith } from './app.js';

const page = read('docs/runtime/testing.md');

/** Returns the code blocks of the page with this info string. */
const blocks = (info: string) => [...page.matchAll(new RegExp(`^\`\`\`${info}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code = '']) => code);

/** Stands for the package that starts Docker: the server of the test is the container. */
const testcontainers = `
export class ClickHouseContainer {
  constructor(image) {
    if (!image.startsWith('clickhouse/clickhouse-server:')) throw new Error('no image of ClickHouse: ' + image);
  }
  async start() {
    return {
      getHttpUrl: () => process.env.SERVER_URL,
      getUsername: () => 'default',
      getPassword: () => '',
      stop: async () => {},
    };
  }
}
`;

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

it('the examples of the page about testing pass in Vitest', async () => {
  await using server = await frontServer();
  const examples = [...blocks('ts'), ...blocks('ts testcontainers')];
  const folder = serviceWith(
    {
      'test/schema.sql': blocks('sql').join('\n'),
      'node_modules/@testcontainers/clickhouse/package.json': '{ "type": "module", "exports": "./index.js" }',
      'node_modules/@testcontainers/clickhouse/index.js': testcontainers,
      ...Object.fromEntries(examples.map((code, index) => [`test/example-${index + 1}.test.ts`, code])),
    },
    ['chdb', 'vitest'],
  );
  folders.push(folder);
  const env = Object.entries(process.env).filter(([name]) => name !== 'VITEST');
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(repository, 'node_modules/vitest/vitest.mjs'), 'run', '--reporter=tap-flat'],
    { cwd: folder, encoding: 'utf8', env: { ...Object.fromEntries(env), NODE_ENV: 'test', NO_COLOR: '1', SERVER_URL: server.url } },
  );
  expect(examples).toHaveLength(4);
  expect(stdout.match(/^(?:not )?ok .*$/gm), stdout + stderr).toEqual(examples.map(() => expect.stringMatching(/^ok /) as string));
});
