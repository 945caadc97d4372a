import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repository, ruleNamesModule } from './rule-files.js';

// The settings schema imports the rule names, so they are written before it is loaded.
writeFileSync(join(repository, 'src/settings/rule-names.ts'), ruleNamesModule());
const { generated } = await import('./generated.js');
for (const { file, content } of await generated()) writeFileSync(join(repository, file), content);
