import type { ClientPair } from './client-pair.js';

/** What public code does, in other words. */
export const publicCode: readonly ClientPair[] = [
  {
    name: 'a service of Nest beside another one',
    repeated: {
      'reader.service.ts': `import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class ReaderService {\n  private readonly ch = createClient({ url: process.env.CH_URL, database: 'telemetry' });\n  rows() { return this.ch.query({ query: 'SELECT 1' }).then((r) => r.json()); }\n}`,
      'writer.service.ts': `import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class WriterService {\n  private readonly ch: ClickHouseClient;\n  constructor() { this.ch = createClient({ url: process.env.CH_URL, database: 'telemetry' }); }\n  add(values: object[]) { return this.ch.insert({ table: 'points', values }); }\n}`,
      'app.module.ts': `import { Module } from '@nestjs/common';\nimport { ReaderService } from './reader.service';\nimport { WriterService } from './writer.service';\n@Module({ providers: [ReaderService, WriterService] })\nexport class AppModule {}`,
    },
    separate: {
      'reader.service.ts': `import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class ReaderService {\n  private readonly ch = createClient({ url: process.env.CH_URL, database: 'telemetry', username: process.env.CH_READER });\n  rows() { return this.ch.query({ query: 'SELECT 1' }).then((r) => r.json()); }\n}`,
      'writer.service.ts': `import { Injectable } from '@nestjs/common';\n@Injectable()\nexport class WriterService {\n  private readonly ch: ClickHouseClient;\n  constructor() { this.ch = createClient({ url: process.env.CH_URL, database: 'telemetry', username: process.env.CH_WRITER }); }\n  add(values: object[]) { return this.ch.insert({ table: 'points', values }); }\n}`,
      'app.module.ts': `import { Module } from '@nestjs/common';\nimport { ReaderService } from './reader.service';\nimport { WriterService } from './writer.service';\n@Module({ providers: [ReaderService, WriterService] })\nexport class AppModule {}`,
    },
  },
  {
    name: 'a client for long migrations beside the one of requests',
    repeated: `export const common = { url: process.env.CLICKHOUSE_URL, request_timeout: 60_000 };\nexport const requests = createClient(common);\nexport const migrations = createClient({ ...common });`,
    separate: `export const common = { url: process.env.CLICKHOUSE_URL, request_timeout: 60_000 };\nexport const requests = createClient(common);\nexport const migrations = createClient({ ...common, request_timeout: 3_600_000, keep_alive: { enabled: true } });`,
  },
  {
    name: 'a client that creates the database before the client of the program',
    repeated: `export const admin = createClient({ url: process.env.CLICKHOUSE_URL, database: 'default' });\nexport const store = createClient({ url: process.env.CLICKHOUSE_URL, database: 'default' });`,
    separate: `export const admin = createClient({ url: process.env.CLICKHOUSE_URL });\nexport const store = createClient({ url: process.env.CLICKHOUSE_URL, database: 'events' });`,
  },
  {
    name: 'a client that hot reloading keeps',
    repeated: `export const store = createClient({ url: process.env.CLICKHOUSE_URL });\nexport const copy = createClient({ url: process.env.CLICKHOUSE_URL });`,
    separate: `const kept = globalThis as unknown as { store?: ClickHouseClient };\nexport const store = kept.store ?? createClient({ url: process.env.CLICKHOUSE_URL });\nif (process.env.NODE_ENV !== 'production') kept.store = store;\nexport const again = () => (kept.store ??= createClient({ url: process.env.CLICKHOUSE_URL }));`,
  },
  {
    name: 'a client for each region',
    repeated: `const port = process.env.CLICKHOUSE_PORT || '8123';\nexport const us = createClient({ url: \`http://us:\${port}\` });\nexport const west = createClient({ url: \`http://us:\${port}\` });`,
    separate: `const port = process.env.CLICKHOUSE_PORT || '8123';\nexport const us = createClient({ url: \`http://us:\${port}\` });\nexport const eu = createClient({ url: \`http://eu:\${port}\` });`,
  },
];
