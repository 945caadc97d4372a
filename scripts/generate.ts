import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generated, repository } from './generated.js';

for (const { file, content } of await generated()) writeFileSync(join(repository, file), content);
