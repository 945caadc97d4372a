import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Returns the ids of the rows that an ingest has set aside in its directory. */
export function setAsideIn(directory: string): number[] {
  const folder = join(directory, 'rejected');
  if (!existsSync(folder)) return [];
  const texts = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  return texts.flatMap((text) => [...text.matchAll(/^\{"id":(\d+),/gm)].map(([, id]) => Number(id)));
}
