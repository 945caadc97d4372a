import { join } from 'node:path';
import { watch } from 'chokidar';
import { createServer } from 'vitepress';
import { repository } from '../scripts/rule-files.js';
import { writePages } from './write-pages.js';

/** Writes the pages again. A document in the middle of an edit may be wrong, so an error is shown and the server stays. */
function update(): void {
  try {
    writePages();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
}

writePages();
const server = await createServer(join(repository, 'site'));
await server.listen();
server.printUrls();
const sources = ['README.md', 'runtime/README.md', 'CONTRIBUTING.md', 'docs'].map((source) => join(repository, source));
watch(sources, { ignoreInitial: true }).on('all', update);
