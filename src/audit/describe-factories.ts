import type { ProjectAnalysis } from '../engine/project-analysis.js';
import { relativeTo } from '../project/paths.js';
import { reasonTexts } from '../rule/reason-texts.js';
import { settingsFileName } from '../settings/load-settings.js';
import type { AuditFactory } from './audit-result.js';

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

/** Returns the notices about inferred factories and about constructions that are not judged. */
export function factoryNotices(analysis: ProjectAnalysis): string[] {
  const { model } = analysis;
  const inferred = describeFactories(analysis).filter(({ status }) => status === 'inferred');
  const setting = `"factories": [${inferred.map(({ file }) => JSON.stringify(file)).join(', ')}]`;
  const kinds = new Set([...model.factories().verdicts.values()].map(({ kind }) => kind));
  const isScriptsOnly = kinds.has('script') && !kinds.has('factory') && !kinds.has('second') && !kinds.has('undecided');
  return [
    ...inferred.map(({ file, reason, deployables }) => `Factory${forPrograms(deployables)}: ${file}, because ${reason}.`),
    ...(inferred.length > 0
      ? [`To pin the ${inferred.length === 1 ? 'factory' : 'factories'}, set ${setting} in ${settingsFileName}.`]
      : []),
    ...(isScriptsOnly ? ['Only scripts construct clients, so there is no factory, and no-direct-client reports nothing.'] : []),
    ...notJudged(analysis, 'example', 'examples'),
    ...notJudged(analysis, 'vendored', 'third-party code'),
  ];
}

function forPrograms(deployables: readonly string[]): string {
  return deployables.length === 0 ? '' : ` of ${deployables.join(', ')}`;
}

function notJudged({ model, project }: ProjectAnalysis, kind: 'example' | 'vendored', noun: string): string[] {
  const { verdicts } = model.factories();
  const places = model.constructions.filter(({ span }) => verdicts.get(span.file)?.kind === kind);
  const [first] = places;
  if (!first) return [];
  return [
    `${places.length === 1 ? '1 construction' : `${places.length} constructions`} in ${noun} ${places.length === 1 ? 'is' : 'are'} not judged, as in ${relativeTo(project.root, first.span.file)}.`,
  ];
}
