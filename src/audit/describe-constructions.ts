import rule from '../../rules/no-direct-client.js';
import type { ProjectAnalysis } from '../engine/project-analysis.js';
import type { Span } from '../findings/finding.js';
import { isJudged } from '../model/factories/infer-factories.js';
import type { ModuleVerdict } from '../model/factories/verdicts.js';
import type { AuditConstruction } from './audit-result.js';
import { placeOf } from './place-of.js';

/** Returns each construction, with the reason why it is allowed, if it is. In a test it is allowed if tests are not judged. */
export function describeConstructions(analysis: ProjectAnalysis, includesTests: boolean): AuditConstruction[] {
  const { model } = analysis;
  return model.constructions.map((construction) => {
    const { span, constructor, name } = construction;
    const verdict = model.factories().verdicts.get(span.file);
    const reason = isJudged(construction)
      ? ((verdict && allowedBecause(verdict, includesTests)) ?? permittedBecause(span, analysis))
      : 'a library for migrations connects by itself';
    return {
      ...placeOf(span, analysis),
      client: constructor.package,
      constructor: name,
      sanctioned: reason !== undefined,
      ...(reason === undefined ? {} : { reason }),
    };
  });
}

function allowedBecause(verdict: ModuleVerdict, includesTests: boolean): string | undefined {
  switch (verdict.kind) {
    case 'factory':
      return verdict.reason === 'declared' ? 'it is in the factory' : 'it is in the inferred factory';
    case 'script':
      return verdict.factories.length === 0 ? 'it is in a script, and the code base has no decided factory' : undefined;
    case 'test':
      return includesTests ? undefined : 'it is in a test';
    case 'example':
      return 'it is in an example, which is not judged';
    case 'vendored':
      return 'it is in third-party code, which is not judged';
    default:
      return undefined;
  }
}

/** The reason in the settings or in a comment. */
function permittedBecause({ file, start }: Span, analysis: ProjectAnalysis): string | undefined {
  const { findings, sanctioned } = analysis.check(rule);
  const isHere = (finding: { readonly span: Span }): boolean => finding.span.file === file && finding.span.start === start;
  const sanction = sanctioned.find(({ finding }) => isHere(finding))?.sanction;
  if (sanction) return sanction.reason;
  const finding = findings.find(isHere);
  const disables = finding ? analysis.disablesIn(file).at(rule.name, finding.span) : [];
  if (disables.length === 0) return undefined;
  return disables.map(({ reason }) => reason).find((reason) => reason !== '') ?? 'a comment disables the rule';
}
