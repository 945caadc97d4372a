import { describeConstructions } from '../audit/describe-constructions.js';
import type { ProjectAnalysis } from '../engine/project-analysis.js';
import type { Place } from './place.js';

/** The constructions of a project. */
export interface Places {
  /** Those that no factory, setting or comment permits. */
  readonly outside: readonly Place[];
  /** Those in factories. */
  readonly inFactories: readonly Place[];
}

/** Returns the constructions of a project. With `includesTests`, those in tests are outside of the factory too. */
export function collectPlaces(analysis: ProjectAnalysis, includesTests: boolean): Places {
  const described = describeConstructions(analysis, includesTests);
  const { verdicts } = analysis.model.factories();
  const places = analysis.model.constructions.map(({ span, constructor }, index) => ({
    isSanctioned: described[index]?.sanctioned === true,
    place: { file: span.file, start: span.start, end: span.end, constructor, verdict: verdicts.get(span.file) },
  }));
  // A script is permitted as long as the program has no factory. The undecided ones get one now.
  const isUndecided = places.some(({ isSanctioned, place }) => !isSanctioned && place.verdict?.kind === 'undecided');
  const isOutside = (place: Place, isSanctioned: boolean): boolean =>
    !isSanctioned || (isUndecided && place.verdict?.kind === 'script' && place.verdict.factories.length === 0);
  return {
    outside: places.filter(({ isSanctioned, place }) => isOutside(place, isSanctioned)).map(({ place }) => place),
    inFactories: places.filter(({ place }) => place.verdict?.kind === 'factory').map(({ place }) => place),
  };
}
