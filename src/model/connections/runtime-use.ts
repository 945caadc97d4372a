import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import { runtimePackage } from '../clients/client-packages.js';

const namesRuntime: TextQuestion = {
  kind: 'matches',
  parts: [runtimePackage],
  patterns: [patternText(new RegExp(`(?:\\bfrom|\\bimport|\\()\\s*['"\`]${runtimePackage}['"\`/]`))],
};

/** Whether the project uses the runtime: one of its packages depends on it, or code that is no test imports it. */
export function usesRuntime(project: Project, isTest: (file: string) => boolean): boolean {
  return project.dependsOn(runtimePackage) || [...project.sources].some((file) => !isTest(file) && project.ask(file, namesRuntime) !== '');
}
