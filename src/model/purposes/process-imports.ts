import type { Project } from '../../project/project.js';
import type { CodeKind } from '../factories/code-kinds.js';

/** Returns a function that tells whether one program surely loads both files. */
export function sharedProcesses(project: Project, kindOf: (file: string) => CodeKind): (one: string, other: string) => boolean {
  const known = new Map<string, ReadonlySet<string>>();
  const loading = (file: string): ReadonlySet<string> => {
    const found = known.get(file);
    if (found) return found;
    const all = new Set([file]);
    known.set(file, all);
    // A set may grow while it is read: this is a breadth-first search.
    for (const next of all)
      for (const importer of project.importersOf(next))
        if (kindOf(importer) === 'production' && loads(project, importer, next)) all.add(importer);
    return all;
  };
  return (one, other) => {
    if (one === other) return true;
    const others = loading(other);
    return [...loading(one)].some((file) => others.has(file));
  };
}

/**
 * Whether the importer loads the file whenever it runs. An `import()` may never run, a worker is a process or thread of its own, and types
 * load nothing.
 */
function loads(project: Project, importer: string, file: string): boolean {
  const text = project.text(importer) ?? '';
  return project
    .specifiersOf(importer)
    .filter((specifier) => project.resolve(importer, specifier) === file)
    .some((specifier) => {
      const quoted = String.raw`['"\x60]${specifier.replace(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)}['"\x60]`;
      const declaration = String.raw`\b(?:import|export)\b(?!\s+type\b)[^;=()'"\x60]*?\bfrom\s*${quoted}`;
      const imports = new RegExp(String.raw`${declaration}|\bimport\s*${quoted}|\brequire\s*\(\s*${quoted}`);
      return imports.test(text);
    });
}
