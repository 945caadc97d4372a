import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import type { StatementCode } from '../statements/statement-code.js';

/** Questions about code that was not read. Its text answers them. */
export interface UnreadCode {
  /** Whether such code may use what a file exports. Tests do not count. */
  readonly isUsedElsewhere: (file: string, name: string) => boolean;
  /** Whether a module that a file imports was not read and contains a `throw`. */
  readonly importThrows: (file: string, specifier: string) => boolean;
}

const throws: TextQuestion = { kind: 'matches', parts: ['throw'], patterns: [patternText(/\bthrow\b/)] };

/** How a file imports a module. */
interface Import {
  /** The part of its text that names what it takes. */
  readonly text: string;
  readonly passesOn: boolean;
}

/** Returns the questions about all code beside the files that were read. */
export function unreadCode(project: Project, { errorSources, isTest }: StatementCode): UnreadCode {
  const read = new Set(errorSources.map(({ fileName }) => fileName));
  const known = new Map<string, boolean>();
  const imports = new Map<string, Import>();
  const importOf = (importer: string, file: string): Import => {
    const key = `${importer}\0${file}`;
    const seen = imports.get(key);
    if (seen) return seen;
    const text = project.importText(importer, file);
    const found = { text, passesOn: project.passesOn(importer, file) || /\bexport\b/.test(text) };
    imports.set(key, found);
    return found;
  };
  const isUsed = (file: string, name: string, seen: Set<string>): boolean => {
    if (seen.has(file)) return false;
    seen.add(file);
    return [...project.importersOf(file)].some((importer) => {
      if (isTest(importer)) return false;
      const { text, passesOn } = importOf(importer, file);
      if (passesOn && isUsed(importer, name, seen)) return true;
      return !read.has(importer) && text.includes(name);
    });
  };
  return {
    isUsedElsewhere: (file, name) => {
      const key = `${file}\0${name}`;
      const used = known.get(key) ?? isUsed(file, name, new Set());
      known.set(key, used);
      return used;
    },
    importThrows: (file, specifier) => {
      const target = project.resolve(file, specifier);
      return target !== undefined && !read.has(target) && project.ask(target, throws) !== '';
    },
  };
}
