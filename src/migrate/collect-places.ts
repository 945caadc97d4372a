import { describeConstructions } from '../audit/describe-constructions.js';
import type { ProjectAnalysis } from '../engine/project-analysis.js';
import { officialClients } from '../model/clients/client-packages.js';
import type { Place } from './rewrite/place.js';

/** The constructions of a project. */
export interface Places {
  /** Those that no factory, setting or comment permits. */
  readonly outside: readonly Place[];
  /** Those in factories. */
  readonly inFactories: readonly Place[];
}

/** A construction, and whether a factory, a setting or a comment permits it. */
interface JudgedPlace {
  readonly place: Place;
  readonly isSanctioned: boolean;
}

function judgedPlaces(analysis: ProjectAnalysis, includesTests: boolean): JudgedPlace[] {
  const described = describeConstructions(analysis, includesTests);
  const { verdicts } = analysis.model.factories();
  return analysis.model.constructions.map(({ span, constructor }, index) => ({
    isSanctioned: described[index]?.sanctioned === true,
    place: { file: span.file, start: span.start, end: span.end, constructor, verdict: verdicts.get(span.file) },
  }));
}

/** Returns the constructions of a project. With `includesTests`, those in tests are outside of the factory too. */
export function collectPlaces(analysis: ProjectAnalysis, includesTests: boolean): Places {
  const places = judgedPlaces(analysis, includesTests);
  // A script is permitted as long as the program has no factory. The undecided ones get one now.
  const isUndecided = places.some(({ isSanctioned, place }) => !isSanctioned && place.verdict?.kind === 'undecided');
  const isOutside = (place: Place, isSanctioned: boolean): boolean =>
    !isSanctioned || (isUndecided && place.verdict?.kind === 'script' && place.verdict.factories.length === 0);
  return {
    outside: places.filter(({ isSanctioned, place }) => isOutside(place, isSanctioned)).map(({ place }) => place),
    inFactories: places.filter(({ place }) => place.verdict?.kind === 'factory').map(({ place }) => place),
  };
}

/**
 * Returns the constructions that the runtime is to take over: those of the official client, also in factories and scripts, and those of
 * other packages that nothing permits. What a setting or a comment permits stays.
 */
export function collectRuntimePlaces(analysis: ProjectAnalysis, includesTests: boolean): readonly Place[] {
  return judgedPlaces(analysis, includesTests)
    .filter(({ place, isSanctioned }) => !isSanctioned || (isOfficial(place) && isFactoryOrScript(place)))
    .map(({ place }) => place);
}

function isOfficial({ constructor }: Place): boolean {
  return officialClients.has(constructor.package);
}

function isFactoryOrScript({ verdict }: Place): boolean {
  return verdict?.kind === 'factory' || verdict?.kind === 'script';
}
