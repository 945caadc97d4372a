import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, ruleNamesModule } from './rule-files.js';

function write(file: string, content: string): void {
  const path = join(repository, file);
  if (existsSync(path) && readFileSync(path, 'utf8') === content) return;
  writeFileSync(path, content);
  console.log(`updated ${file}`);
}

// The settings schema imports the rule names, so they are written before it is loaded.
write('src/settings/rule-names.ts', ruleNamesModule());
const { generated } = await import('./generated.js');
for (const { file, content } of await generated()) write(file, content);
