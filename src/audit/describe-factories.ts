import type { ProjectAnalysis } from '../engine/project-analysis.js';
import { relativeTo } from '../project/paths.js';
import { reasonTexts } from '../rule/reason-texts.js';
import { settingsFileName } from '../settings/load-settings.js';
import type { AuditFactory, AuditNotJudged } from './audit-result.js';

/** Returns the factories of the result: declared, inferred and undecided ones. */
export function describeFactories({ model, project }: ProjectAnalysis): AuditFactory[] {
  const path = (file: string): string => relativeTo(project.root, file) || '.';
  return [...model.factories().verdicts]
    .flatMap(([file, verdict]): AuditFactory[] => {
      if (verdict.kind === 'undecided')
        return [
          {
            file: path(file),
            status: 'undecided',
            reason: 'the code does not show which of several modules is the factory',
            deployables: [],
          },
        ];
      if (verdict.kind !== 'factory') return [];
      const status = verdict.reason === 'declared' ? 'declared' : 'inferred';
      return [{ file: path(file), status, reason: reasonTexts[verdict.reason], deployables: verdict.deployables.map(path) }];
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** Returns the notices about inferred factories. */
export function factoryNotices(analysis: ProjectAnalysis): string[] {
  const { model } = analysis;
  const inferred = describeFactories(analysis).filter(({ status }) => status === 'inferred');
  const setting = `"factories": [${inferred.map(({ file }) => JSON.stringify(file)).join(', ')}]`;
  const kinds = new Set([...model.factories().verdicts.values()].map(({ kind }) => kind));
  const isScriptsOnly = kinds.has('script') && !kinds.has('factory') && !kinds.has('second') && !kinds.has('undecided');
  return [
    ...inferred.map(({ file, reason, deployables }) => `Factory${forPrograms(deployables)}: ${file}, because ${reason}.`),
    ...(inferred.length > 0 && !kinds.has('undecided')
      ? [`To pin the ${inferred.length === 1 ? 'factory' : 'factories'}, set ${setting} in ${settingsFileName}.`]
      : []),
    ...(isScriptsOnly ? ['Only scripts construct clients, so there is no factory, and no-direct-client reports nothing.'] : []),
  ];
}

function forPrograms(deployables: readonly string[]): string {
  return deployables.length === 0 ? '' : ` of ${deployables.join(', ')}`;
}

/** Returns the modules whose constructions no rule judges: examples and third-party code. */
export function modulesNotJudged({ model, project }: ProjectAnalysis): AuditNotJudged[] {
  return [...model.factories().verdicts].flatMap(([file, { kind }]) => {
    if (kind !== 'example' && kind !== 'vendored') return [];
    const path = relativeTo(project.root, file);
    const code = kind === 'example' ? 'an example' : 'third-party code';
    return [{ file: path, message: `${path} constructs a client. It is ${code}, so no-direct-client does not judge it.` }];
  });
}
