import type { ProjectAnalysis } from '../engine/project-analysis.js';
import type { Callable } from '../model/typescript/syntax.js';
import { spanOf } from '../model/typescript/syntax.js';
import type { AuditRole } from './audit-result.js';
import { byPlace } from './join-results.js';
import { placeOf } from './place-of.js';

/** A function or class with a role, as the model names it. */
interface NamedRole {
  readonly name: string;
  readonly evidence: string;
}

/** Returns the accessors and managers of the model with their positions. Called by `audit`. */
export function describeRoles(analysis: ProjectAnalysis): { readonly accessors: AuditRole[]; readonly managers: AuditRole[] } {
  const { accessors, managers } = analysis.model;
  const describe = ({ name, evidence }: NamedRole, callable: Callable): AuditRole => ({
    name,
    evidence,
    ...placeOf(spanOf(callable), analysis),
  });
  return {
    accessors: accessors.map((accessor) => describe(accessor, accessor.callable)).sort(byPlace),
    managers: managers
      .flatMap((manager) => {
        const [first] = manager.callables;
        return first ? [describe(manager, first)] : [];
      })
      .sort(byPlace),
  };
}
