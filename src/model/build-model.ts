import { relativeTo } from '../project/paths.js';
import { CallGraph } from './call-graph/call-graph.js';
import { type Accessor, findAccessors, modesOf } from './connections/accessors.js';
import { findConstructions } from './connections/constructions.js';
import { findManagers } from './connections/managers.js';
import { detectedRoles, Roles } from './connections/roles.js';
import { analyzeFlow } from './dataflow/analyze-flow.js';
import { factsOfProject, noCode } from './facts-of-project.js';
import { factsOfSlice } from './facts-of-slice.js';
import { emptyModel, type Model, type ModelSettings } from './model.js';
import type { ModelInput } from './model-input.js';
import { findBypassHonored, findRecursions } from './recursion/recursion.js';
import { withEndingValues } from './recursion/ending-flags.js';
import { accessorsInRecursions, findUnflaggedAccessors } from './recursion/unflagged-accessors.js';
import { findUnbypassedCalls } from './recursion/unbypassed-calls.js';
import { addNeighborhoods, type Neighborhood } from './slice/add-neighborhoods.js';
import { cycleNeighborhood, type CycleStarts } from './slice/cycle-neighborhood.js';
import { importNeighborhood } from './slice/import-neighborhood.js';
import { registryNeighborhood } from './slice/registry-neighborhood.js';
import { leaseNeighborhood } from './slice/lease-neighborhood.js';
import type { SliceLimit } from './slice/slice-limits.js';
import { expandSlice, filesWithProviders, loadSlice, type NoteReason } from './slice/slice.js';
import type { SliceProgram } from './slice/slice-program.js';
import { fileNamesOf } from './typescript/syntax.js';

/**
 * Builds the model of a project. Read from top to bottom, it is the table of contents of the analysis.
 * `ModelCache` calls it at the first query and after an edit that can change the result.
 */
export function buildModel(input: ModelInput): Model {
  const { project, settings, stubs, seedFiles, skippedFiles, trace } = input;
  const step = trace.startSteps('step');

  // Which files matter: seeds, their importers, the import cycles around the accessors found so far, and the files between leases.
  const reasons = new Map<string, () => string>();
  const noteReason: NoteReason = (file, reason) => {
    reasons.set(file, reason);
    trace.fact(() => `${relativeTo(project.root, file)} ${reason()}`);
  };
  const seeds = step('seed files', seedFiles.find(project, skippedFiles, noteReason));
  if (seeds.size === 0) return { ...emptyModel, skippedFiles, ...factsOfProject(withEmptySlice(input), noCode) };
  const limits: SliceLimit[] = [];
  const noteLimit = (limit: SliceLimit): void => void limits.push(limit);
  const program = step('load TypeScript', input.openProgram());
  const coreSlice = step(
    'seeds and importers of providers',
    expandSlice(project, program, seeds, { excluded: skippedFiles, isTest: settings.roles.isTest, noteLimit, noteReason }),
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
  const slice = step('whole slice', addNeighborhoods(project, program, coreSlice, neighborhoods, skippedFiles, noteReason));
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

  const ofSlice = factsOfSlice(input, program, { slice, sites, graph, constructions, roles });
  return {
    accessors,
    managers,
    recursions,
    unbypassedCalls,
    bypassHonored,
    constructions,
    slice,
    reasonOf: (file) => reasons.get(file)?.(),
    skippedFiles,
    importReach: cycles.reach,
    limits,
    ...ofSlice,
    ...factsOfProject(input, { seeds, slice, constructions, accessors, managers, sites, graph, factories: ofSlice.factories }),
  };
}

/** The modules through which import cycles matter: those of accessors and, if no accessor is declared, those that export a provider. */
function cycleStarts(accessors: readonly Accessor[], providerFiles: ReadonlySet<string>, settings: ModelSettings): CycleStarts {
  return {
    accessorFiles: fileNamesOf(accessors.map(({ callable }) => callable)),
    providerFiles: settings.accessors.length > 0 ? new Set() : providerFiles,
  };
}

/** A project without a seed file has a program without files: facts that need no client parse with it. */
function withEmptySlice(input: ModelInput): ModelInput {
  const openProgram = (): SliceProgram => {
    const program = input.openProgram();
    loadSlice(input.project, program, []);
    return program;
  };
  return { ...input, openProgram };
}
