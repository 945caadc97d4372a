import type { CallGraph } from './call-graph/call-graph.js';
import { runtimePackage } from './clients/client-packages.js';
import { givesClient } from './clients/exported-providers.js';
import { findMissingConstructors } from './clients/missing-constructors.js';
import type { Construction } from './connections/constructions.js';
import { findExportedClients } from './connections/exported-clients.js';
import type { Roles } from './connections/roles.js';
import { findWrappers } from './connections/wrappers.js';
import type { CallSite } from './dataflow/call-sites.js';
import { CodeKinds } from './factories/code-kinds.js';
import { type FactoryInference, inferFactories } from './factories/infer-factories.js';
import { findImportCycles } from './imports/import-cycles.js';
import type { Model } from './model.js';
import type { ModelInput } from './model-input.js';
import { findNestedAcquires } from './pools/nested-acquires.js';
import { findDuplicateClients } from './purposes/duplicate-clients.js';
import { findUnreleased } from './releases/find-unreleased.js';
import type { SliceProgram } from './slice/slice-program.js';

/** The analysed slice. */
interface SliceCode {
  readonly slice: ReadonlySet<string>;
  readonly sites: readonly CallSite[];
  readonly graph: CallGraph;
  readonly constructions: readonly Construction[];
  readonly roles: Roles;
}

type FactsOfSlice = Pick<
  Model,
  'factories' | 'missingConstructors' | 'wrappers' | 'importCycles' | 'rolesOf' | 'nestedAcquires' | 'unreleased' | 'duplicateClients'
>;

/** Returns the facts of the slice that few readers want: each is computed when it is read. Called by `buildModel`. */
export function factsOfSlice(
  { project, settings, stubs, skippedFiles }: ModelInput,
  program: SliceProgram,
  { slice, sites, graph, constructions, roles }: SliceCode,
): FactsOfSlice {
  const { isTest, factory } = settings.roles;
  const rolesOf = (file: string) => roles.of(file);
  const kinds = new CodeKinds(project, isTest);
  const kindOf = (file: string) => kinds.of(file);
  // A file that overflows the stack counts as empty.
  const parse = (file: string) => program.parsed(file, skippedFiles.has(file) ? '' : (project.text(file) ?? ''));
  const factories = (): FactoryInference =>
    inferFactories({
      project,
      constructions,
      isTest,
      isDeclared: factory,
      usesRuntime: project.dependsOn(runtimePackage),
      parse,
      givesClient: (file) => program.sourceFiles([file]).some((source) => givesClient(source, program.checker)),
    });
  return {
    factories,
    missingConstructors: () => findMissingConstructors(stubs, (file) => program.sourceFile(file), program.checker),
    wrappers: () => [...findWrappers(sites, constructions), ...findExportedClients(program.sourceFiles(slice), program.checker, project)],
    importCycles: () => findImportCycles(project, slice, parse, rolesOf),
    rolesOf,
    nestedAcquires: () => findNestedAcquires(sites, graph, program.checker),
    unreleased: () => findUnreleased({ sites, graph, checker: program.checker, project, slice, kindOf }),
    duplicateClients: (inferred = factories) =>
      findDuplicateClients({ sites, checker: program.checker, project, kindOf, parse, factories: inferred }),
  };
}
