import type { Construction } from '../model/connections/constructions.js';
import { matcherOf } from '../settings/globs.js';

/** Where clients may be constructed, and how that was decided. Files are paths relative to the root. */
export type Factories =
  /** The settings declare the factories. */
  | { readonly kind: 'declared'; readonly globs: readonly string[] }
  /** No factory is declared, and the project uses `@clickhouse-ssot/runtime`, which constructs the clients. */
  | { readonly kind: 'runtime' }
  /** One module other than tests and scripts constructs clients, so it is the factory. */
  | { readonly kind: 'inferred'; readonly file: string }
  /** Several modules other than tests and scripts construct clients. The one that is named like a factory, or that most files import, comes first. */
  | { readonly kind: 'undecided'; readonly candidates: readonly string[] }
  /** Only tests and scripts construct clients, or no module does. */
  | { readonly kind: 'none' };

/** What the decision is made from. Paths are relative to the root. */
export interface FactoryEvidence {
  readonly declared: readonly string[];
  readonly usesRuntime: boolean;
  readonly constructions: readonly Construction[];
  readonly pathOf: (construction: Construction) => string;
  readonly textOf: (construction: Construction) => string;
  readonly importersOf: (construction: Construction) => number;
  readonly isTest: (path: string) => boolean;
}

/** Folders of programs that run once, at any depth. */
const isInScriptFolder = matcherOf(
  ['scripts', 'migrations', 'tools', 'migrate', 'tasks', 'benchmarks', 'seeds'].map((folder) => `**/${folder}/**`),
);

/** Decides where clients may be constructed. Settings come first, then the runtime, then the code. `createRuleContext` calls it. */
export function findFactories(evidence: FactoryEvidence): Factories {
  const { declared, usesRuntime, constructions, pathOf, importersOf } = evidence;
  if (declared.length > 0) return { kind: 'declared', globs: declared };
  if (usesRuntime) return { kind: 'runtime' };
  const importers = new Map(
    constructions
      .filter((construction) => isCandidate(construction, evidence))
      .map((construction) => [pathOf(construction), importersOf(construction)]),
  );
  const candidates = [...importers]
    .sort(([a, m], [b, n]) => Number(isNamedLikeFactory(b)) - Number(isNamedLikeFactory(a)) || n - m || (a < b ? -1 : 1))
    .map(([path]) => path);
  const [file, ...others] = candidates;
  if (file === undefined) return { kind: 'none' };
  return others.length === 0 ? { kind: 'inferred', file } : { kind: 'undecided', candidates };
}

/** Whether the module is neither a test nor a script. A module without an export is a script. */
function isCandidate(construction: Construction, { pathOf, textOf, isTest }: FactoryEvidence): boolean {
  const path = pathOf(construction);
  return !isTest(path) && !isInScriptFolder(path) && /\bexports?\b/.test(textOf(construction));
}

/** Whether the path says that the module connects to ClickHouse: `clickhouse.ts`, or `client.ts` in a folder `clickhouse`. */
function isNamedLikeFactory(path: string): boolean {
  const [name = '', folder = ''] = path.split('/').reverse();
  const isClickHouse = /(?:^|[-_.])(?:clickhouse|ch)(?:[-_.]|$)/i;
  return (
    isClickHouse.test(name) || (/^(?:client|connection|database|db|factory|pool|manager|index)\b/i.test(name) && isClickHouse.test(folder))
  );
}
