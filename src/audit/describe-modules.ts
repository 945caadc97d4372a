import type { ProjectAnalysis } from '../engine/project-analysis.js';
import type { ModuleVerdict } from '../model/factories/verdicts.js';
import type { Role } from '../model/connections/roles.js';
import { relativeTo } from '../project/paths.js';

/** The facts of an audit about a file that was analysed in depth. */
export interface AuditedModule {
  /** Path relative to the root. */
  readonly file: string;
  /** Why it was analysed, as a clause that begins with a verb. */
  readonly reason: string;
  /** Its roles for the rules about import cycles, lowest layer first. */
  readonly roles: readonly Role[];
  /** The verdict on the module, if it constructs clients: what it was taken for in the search for the factory. */
  readonly verdict?: AuditedVerdict;
}

/** A verdict with paths relative to the root. */
export interface AuditedVerdict {
  readonly kind: ModuleVerdict['kind'];
  /** The factories of its programs; of an undecided module the candidates. */
  readonly factories: readonly string[];
}

/** Returns what is known of each file of the slice, sorted by path. */
export function describeModules({ model, project }: ProjectAnalysis): AuditedModule[] {
  const pathOf = (file: string): string => relativeTo(project.root, file);
  const { verdicts } = model.factories();
  return [...model.slice].sort().map((file) => {
    const verdict = verdicts.get(file);
    return {
      file: pathOf(file),
      reason: model.reasonOf(file) ?? 'is part of the analysed code',
      roles: model.rolesOf(file),
      ...(verdict ? { verdict: { kind: verdict.kind, factories: factoriesOf(verdict).map(pathOf) } } : {}),
    };
  });
}

function factoriesOf(verdict: ModuleVerdict): readonly string[] {
  if (verdict.kind === 'undecided') return verdict.candidates;
  return verdict.kind === 'second' || verdict.kind === 'script' ? verdict.factories : [];
}
