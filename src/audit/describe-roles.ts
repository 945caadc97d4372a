import type { ProjectAnalysis } from '../engine/project-analysis.js';
import { positionAt } from '../findings/position.js';
import { type Accessor, bypassText } from '../model/connections/accessors.js';
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
  const describe = ({ name, evidence }: NamedRole, callable: Callable): AuditRole => {
    const span = spanOf(callable);
    const { line } = positionAt(analysis.project.text(span.file) ?? '', span.end);
    return { name, evidence, ...placeOf(span, analysis), endLine: line };
  };
  const withBypass = (role: AuditRole, { bypass }: Accessor): AuditRole => (bypass ? { ...role, bypass: bypassText(bypass) } : role);
  return {
    accessors: accessors.map((accessor) => withBypass(describe(accessor, accessor.callable), accessor)).sort(byPlace),
    managers: managers
      .flatMap((manager) => {
        const [first] = manager.callables;
        return first ? [describe(manager, first)] : [];
      })
      .sort(byPlace),
  };
}
