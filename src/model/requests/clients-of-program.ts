import type { Project } from '../../project/project.js';
import { deployablesOf } from '../configuration/configuration-sources.js';
import { deployableFinder } from '../factories/deployables.js';
import type { FactoryInference } from '../factories/infer-factories.js';

/** Returns a function that gives the modules that make the clients of the program of a file; empty if the program has none. */
export function clientsFinder(project: Project, inferred: () => FactoryInference): (file: string) => readonly string[] {
  const deployableOf = deployableFinder(project);
  let factories: readonly { readonly file: string; readonly deployables: ReadonlySet<string> }[] | undefined;
  return (file) => {
    factories ??= [...inferred().verdicts]
      .filter(([, { kind }]) => kind === 'factory' || kind === 'undecided')
      .map(([factory]) => ({ file: factory, deployables: deployablesOf(factory, { project, deployableOf }) }));
    return factories
      .filter(({ deployables }) => deployables.has(deployableOf(file)))
      .map((factory) => factory.file)
      .sort();
  };
}
