import { describe, expect, it } from 'vitest';
import { findingsOf } from '../recursion/recursions-of.js';

const factory = `import { createClient } from '@clickhouse/client';\nexport const client = createClient({ url: process.env.CLICKHOUSE_URL });`;
const reader = `import { client } from './clickhouse';\nexport const ping = () => [process.env.CLICKHOUSE_URL, client.ping()];`;

/** Returns the messages about a module that reads the environment beside the given ones. */
function messagesWith(files: Readonly<Record<string, string>>): string[] {
  const [found = []] = findingsOf(['single-config-source'], [{ 'clickhouse-ssot.config.json': '{}', 'src/reader.ts': reader, ...files }]);
  return found.filter(({ file }) => file === 'src/reader.ts').map(({ message }) => message);
}

describe('a second reader of a setting', () => {
  it('says how to name the configuration module if it is inferred', () => {
    expect(messagesWith({ 'src/clickhouse.ts': factory })).toEqual([
      expect.stringMatching(
        /come from src\/clickhouse\.ts\. .* If that is not the configuration module, name the right one under "config" in clickhouse-ssot\.config\.json\.$/,
      ),
    ]);
  });

  it('says how to choose if several modules are taken for it', () => {
    const settings = '{ "factories": ["src/*clickhouse.ts"] }';
    const files = { 'src/clickhouse.ts': factory, 'src/old-clickhouse.ts': factory, 'clickhouse-ssot.config.json': settings };
    expect(messagesWith(files)).toEqual([
      expect.stringMatching(/If only one of them is the configuration module, name it under "config" in clickhouse-ssot\.config\.json\.$/),
    ]);
  });

  it('says that the setting names the module if it is declared', () => {
    const files = { 'src/clickhouse.ts': factory, 'clickhouse-ssot.config.json': '{ "config": ["src/clickhouse.ts"] }' };
    expect(messagesWith(files)).toEqual([expect.stringMatching(/The setting "config" names it\.$/)]);
  });
});
