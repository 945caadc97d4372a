import type { Project } from '../../project/project.js';
import type { StatementCode } from '../statements/statement-code.js';

/** Returns a function that tells whether code outside of the read files may use what a file exports. Tests do not count. */
export function exportUses(project: Project, { errorSources, isTest }: StatementCode): (file: string, name: string) => boolean {
  const read = new Set(errorSources.map(({ fileName }) => fileName));
  const known = new Map<string, boolean>();
  const isUsed = (file: string, name: string, seen: Set<string>): boolean => {
    if (seen.has(file)) return false;
    seen.add(file);
    return [...project.importersOf(file)].some((importer) => {
      if (isTest(importer)) return false;
      const text = project.importText(importer, file);
      const passesOn = project.passesOn(importer, file) || /\bexport\b/.test(text);
      if (passesOn && isUsed(importer, name, seen)) return true;
      return !read.has(importer) && text.includes(name);
    });
  };
  return (file, name) => {
    const key = `${file}\0${name}`;
    const used = known.get(key) ?? isUsed(file, name, new Set());
    known.set(key, used);
    return used;
  };
}
