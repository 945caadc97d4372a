import type { Project } from '../project/project.js';
import type { Trace } from '../trace/trace.js';
import { CallGraph } from './call-graph/call-graph.js';
import { runtimePackage } from './clients/client-packages.js';
import { findMissingConstructors } from './clients/missing-constructors.js';
import { givesClient } from './clients/exported-providers.js';
import type { Stubs } from './clients/stubs.js';
import { type Accessor, findAccessors, modesOf } from './connections/accessors.js';
import { type Construction, findConstructions } from './connections/constructions.js';
import { findExportedClients } from './connections/exported-clients.js';
import { findManagers } from './connections/managers.js';
import { type DeclaredRoles, detectedRoles, Roles } from './connections/roles.js';
import { findWrappers } from './connections/wrappers.js';
import { analyzeFlow } from './dataflow/analyze-flow.js';
import type { CallSite } from './dataflow/call-sites.js';
import { CodeKinds } from './factories/code-kinds.js';
import { inferFactories } from './factories/infer-factories.js';
import { findImportCycles } from './imports/import-cycles.js';
import { emptyModel, type Model, type ModelSettings } from './model.js';
import { findNestedAcquires } from './pools/nested-acquires.js';
import { findDuplicateClients } from './purposes/duplicate-clients.js';
import { findUnreleased } from './releases/find-unreleased.js';
import { findBypassHonored, findRecursions } from './recursion/recursion.js';
import { withEndingValues } from './recursion/ending-flags.js';
import { accessorsInRecursions, findUnflaggedAccessors } from './recursion/unflagged-accessors.js';
import { findUnbypassedCalls } from './recursion/unbypassed-calls.js';
import { addNeighborhoods, type Neighborhood } from './slice/add-neighborhoods.js';
import { cycleNeighborhood, type CycleStarts } from './slice/cycle-neighborhood.js';
import { importNeighborhood } from './slice/import-neighborhood.js';
import { registryNeighborhood } from './slice/registry-neighborhood.js';
import { leaseNeighborhood } from './slice/lease-neighborhood.js';
import type { SeedFiles } from './slice/seed-files.js';
import type { SliceLimit } from './slice/slice-limits.js';
import { expandSlice, filesWithProviders } from './slice/slice.js';
import type { SliceProgram } from './slice/slice-program.js';
import { fileNamesOf } from './typescript/syntax.js';

/** All that a model is built from. */
export interface ModelInput {
  readonly project: Project;
  readonly settings: ModelSettings;
  /** Declarations of the client packages. */
  readonly stubs: Stubs;
  /** Decides which files are seeds of the slice. */
  readonly seedFiles: SeedFiles;
  /** Returns the program of the slice. It is called only if there is a seed: loading TypeScript takes a third of a second. */
  readonly openProgram: () => SliceProgram;
  /** Files that are left out because they overflow the stack. */
  readonly skippedFiles: ReadonlySet<string>;
  readonly trace: Trace;
}

/**
 * Builds the model of a project. Read from top to bottom, it is the table of contents of the analysis.
 * `ModelCache` calls it at the first query and after an edit that can change the result.
 */
export function buildModel(input: ModelInput): Model {
  const { project, settings, stubs, seedFiles, skippedFiles, trace } = input;
  const step = trace.startSteps('step');

  // Which files matter: seeds, their importers, the import cycles around the accessors found so far, and the files between leases.
  const seeds = step('seed files', seedFiles.find(project, skippedFiles, trace));
  if (seeds.size === 0) return { ...emptyModel, skippedFiles };
  const limits: SliceLimit[] = [];
  const noteLimit = (limit: SliceLimit): void => void limits.push(limit);
  const program = step('load TypeScript', input.openProgram());
  const coreSlice = step(
    'seeds and importers of providers',
    expandSlice(project, program, seeds, { excluded: skippedFiles, isTest: settings.roles.isTest, noteLimit }, trace),
  );
  const coreAccessors = step('accessors', findAccessors(program.callables(coreSlice), settings.accessors, program.checker));
  const providerFiles = step('files with providers', filesWithProviders(program, coreSlice, settings.roles.isTest));
  const cycles = step('import-cycle neighborhood', cycleNeighborhood(project, cycleStarts(coreAccessors, providerFiles, settings)));
  const neighborhoods: Neighborhood[] = [
    { relation: 'an import-cycle neighbor of', files: cycles.files },
    { relation: 'on a path of imports from', files: step('files between leases', leaseNeighborhood(project, coreSlice, noteLimit)) },
    {
      relation: 'a container or event bus of',
      files: step('containers and buses', registryNeighborhood(project, coreSlice, settings.roles.isTest)),
    },
    { relation: 'imported by', files: step('imports of providers', importNeighborhood(project, providerFiles, coreSlice, noteLimit)) },
  ];
  const slice = step('whole slice', addNeighborhoods(project, program, coreSlice, neighborhoods, skippedFiles, trace));
  const callables = step('callables', program.callables(slice));
  // Further files carry further types, by which more functions can turn out to be accessors.
  const named =
    slice === coreSlice
      ? coreAccessors
      : step('accessors of the whole slice', findAccessors(callables, settings.accessors, program.checker));

  // What the code does: which values reach which calls, and which call runs what.
  const { sites, escaped } = step('value flow', analyzeFlow(program.sourceFiles(slice), program.checker, stubs, program.modules));
  const unflagged = step('accessors without a flag', findUnflaggedAccessors(sites, named, settings.accessors, program.checker));
  const graph = step('call graph', new CallGraph(sites, program.checker, modesOf([...named, ...unflagged])));
  const flagged = step('values of flags', withEndingValues(named, graph, program.checker));

  // What follows for connections.
  const recursions = step('recursions', findRecursions([...flagged, ...unflagged], graph));
  const accessors = [...flagged, ...accessorsInRecursions(unflagged, recursions)];
  const managers = step('managers', findManagers(callables, accessors, graph, settings.isManager));
  const unbypassedCalls = step('calls without bypass', findUnbypassedCalls(accessors, managers, graph, program.checker));
  const bypassHonored = step('accessors that honour their bypass', findBypassHonored(accessors, graph));
  const constructions = step('constructions', findConstructions(sites, escaped, program.checker));
  const roles = new Roles(settings.roles, detectedRoles(constructions, managers, accessors), project, program);

  const facts = { accessors, managers, recursions, unbypassedCalls, bypassHonored, constructions, slice, skippedFiles };
  return {
    ...facts,
    importReach: cycles.reach,
    limits,
    ...lazyFacts(project, program, { slice, skippedFiles, sites, graph, constructions, roles, declared: settings.roles, stubs }),
  };
}

/** The modules through which import cycles matter: those of accessors and, if no accessor is declared, those that export a provider. */
function cycleStarts(accessors: readonly Accessor[], providerFiles: ReadonlySet<string>, settings: ModelSettings): CycleStarts {
  return {
    accessorFiles: fileNamesOf(accessors.map(({ callable }) => callable)),
    providerFiles: settings.accessors.length > 0 ? new Set() : providerFiles,
  };
}

/** What the facts that are computed on demand are computed from. */
interface LazySources {
  readonly slice: ReadonlySet<string>;
  readonly skippedFiles: ReadonlySet<string>;
  readonly sites: readonly CallSite[];
  readonly graph: CallGraph;
  readonly constructions: readonly Construction[];
  readonly roles: Roles;
  readonly declared: DeclaredRoles;
  readonly stubs: Stubs;
}

/** The part of the model that few readers want: each fact is computed when it is read. */
function lazyFacts(
  project: Project,
  program: SliceProgram,
  { slice, skippedFiles, sites, graph, constructions, roles, declared, stubs }: LazySources,
): Pick<
  Model,
  'factories' | 'missingConstructors' | 'wrappers' | 'importCycles' | 'rolesOf' | 'nestedAcquires' | 'unreleased' | 'duplicateClients'
> {
  const rolesOf = (file: string) => roles.of(file);
  const kinds = new CodeKinds(project, declared.isTest);
  const kindOf = (file: string) => kinds.of(file);
  // A file that overflows the stack counts as empty.
  const parse = (file: string) => program.parsed(file, skippedFiles.has(file) ? '' : (project.text(file) ?? ''));
  return {
    factories: () =>
      inferFactories({
        project,
        constructions,
        isTest: declared.isTest,
        isDeclared: declared.factory,
        usesRuntime: project.dependsOn(runtimePackage),
        parse,
        givesClient: (file) => program.sourceFiles([file]).some((source) => givesClient(source, program.checker)),
      }),
    missingConstructors: () => findMissingConstructors(stubs, (file) => program.sourceFile(file), program.checker),
    wrappers: () => [...findWrappers(sites, constructions), ...findExportedClients(program.sourceFiles(slice), program.checker, project)],
    importCycles: () => findImportCycles(project, slice, parse, rolesOf),
    rolesOf,
    nestedAcquires: () => findNestedAcquires(sites, graph, program.checker),
    unreleased: () => findUnreleased({ sites, graph, checker: program.checker, project, slice, kindOf }),
    duplicateClients: () => findDuplicateClients({ sites, checker: program.checker, project, kindOf }),
  };
}
