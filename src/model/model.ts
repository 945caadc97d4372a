import type { Project } from '../project/project.js';
import { type ClientPackage, clientPackages } from './clients.js';
import { type Construction, findConstructions } from './constructions.js';
import { Calls } from './flow/calls.js';
import { Flow } from './flow/flow.js';
import { getterNames, walk } from './flow/walk.js';
import { SliceProgram } from './program.js';
import { closeSlice, findSeeds, markersOf } from './slice.js';
import { makeStubs } from './stubs.js';

export function debugModel(project: Project): Construction[] {
  const t0 = performance.now();
  const packages = clientPackages.filter((p) => !project.packages.has(p.package));
  const stubs = makeStubs(packages);
  const seeds = findSeeds(project, markersOf(packages.map((p) => p.package)));
  const t1 = performance.now();
  const program = new SliceProgram(stubs.text, (from, spec) => project.resolve(from, spec));
  const t2 = performance.now();
  const slice = closeSlice(project, program, seeds);
  const t3 = performance.now();
  const files = [...slice].map((f) => program.sourceFile(f)).filter((f) => f !== undefined);
  const flow = new Flow(program.checker, stubs, (from, spec) => {
    const f = project.resolve(from.fileName, spec);
    return f === undefined ? undefined : program.sourceFile(f);
  });
  const calls = new Calls(flow, stubs);
  const getters = new Set(files.flatMap(getterNames));
  for (const f of files) walk(f, flow, calls, getters);
  flow.places.graph.solve();
  const t4 = performance.now();
  calls.linkUnknown();
  const t5 = performance.now();
  console.log({ sources: project.sources.size, seeds: seeds.size, slice: slice.size, sites: calls.sites.length, scan: t1 - t0, load: t2 - t1, close: t3 - t2, walk: t4 - t3, unknown: t5 - t4 });
  return findConstructions(calls);
}
