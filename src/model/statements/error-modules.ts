import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';

/** Number of imports between a file that uses a client and a module that handles its errors, with those of barrels. */
const maxDepth = 3;

/** Maximum number of these modules, with the barrels on the way to them. */
const maxModules = 120;

/** A text that reads the text of an error, or looks for the words of one. */
const handlesErrors: TextQuestion = {
  kind: 'matches',
  patterns: [
    patternText(
      /\.message\b|\bmessage\s*[,}]|\binstanceof\s+Error\b|\bECONN|\bETIMEDOUT|String\(\s*(?:e|err|error|cause|reason)\s*\)|\bCode: ?\(?\d|\bretr(?:y|ies)\b/i,
    ),
  ],
};

/** Returns the modules outside of these files that they import, directly or through others, and that handle errors. */
export function findErrorModules(project: Project, files: ReadonlySet<string>, isTest: (file: string) => boolean): ReadonlySet<string> {
  const via = new Map<string, string | undefined>([...files].map((file) => [file, undefined]));
  const found = new Set<string>();
  let level: readonly string[] = [...files];
  for (let depth = 0; depth < maxDepth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const file of level) {
      for (const imported of project.importsOf(file)) {
        if (via.has(imported) || isTest(imported)) continue;
        via.set(imported, file);
        next.push(imported);
        if (project.ask(imported, handlesErrors) === '') continue;
        for (let path: string | undefined = imported; path !== undefined && !files.has(path); path = via.get(path)) found.add(path);
        if (found.size >= maxModules) return found;
      }
    }
    level = next;
  }
  return found;
}
