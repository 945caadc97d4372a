import { posix } from 'node:path';
import { isBelow } from '../project/paths.js';
import { joinGraphs, moveGraph, selectGraph } from './move-graph.js';
import type { AuditFinding, AuditGuard, AuditPlace, AuditResult } from './audit-result.js';

/** Returns the result with only the files that are selected. */
export function selectFiles(result: AuditResult, isSelected: (place: { readonly file: string }) => boolean): AuditResult {
  return {
    ...result,
    constructions: result.constructions.filter(isSelected),
    wrappers: result.wrappers.filter(isSelected),
    accessors: result.accessors.filter(isSelected),
    managers: result.managers.filter(isSelected),
    graph: selectGraph(result.graph, isSelected),
    findings: result.findings.filter(isSelected),
    sanctioned: result.sanctioned.filter(isSelected),
    disabled: result.disabled.filter(isSelected),
  };
}

/** Whether a path is the file, or a folder that contains it. `.` contains every file. */
export function contains(path: string, file: string): boolean {
  return path === '.' || path === file || isBelow(path, file);
}

/** Makes the paths of a result relative to a folder above its root. `path` leads from that folder to the root. */
export function moveInto(result: AuditResult, path: string): AuditResult {
  if (path === '.') return result;
  const move = <Place extends AuditPlace>(place: Place): Place => ({ ...place, file: posix.join(path, place.file) });
  const moveGuard = ({ text, place }: AuditGuard): AuditGuard => ({
    text: moveMessage(text, path),
    ...(place === undefined ? {} : { place: move(place) }),
  });
  const moveFinding = <Item extends AuditFinding>(finding: Item): Item => ({
    ...move(finding),
    message: moveMessage(finding.message, path),
    path: finding.path.map(move),
    ...(finding.guards === undefined ? {} : { guards: finding.guards.map(moveGuard) }),
  });
  const prefix = (notice: string): string => `${path}: ${notice}`;
  return {
    ...result,
    projects: result.projects.map((project) => ({ ...project, path: posix.join(path, project.path) })),
    paths: result.paths.map((selected) => posix.join(path, selected)),
    constructions: result.constructions.map(move),
    wrappers: result.wrappers.map((wrapper) => ({ ...move(wrapper), uses: wrapper.uses.map(move) })),
    accessors: result.accessors.map(move),
    managers: result.managers.map(move),
    graph: moveGraph(result.graph, path),
    findings: result.findings.map(moveFinding),
    sanctioned: result.sanctioned.map(moveFinding),
    disabled: result.disabled.map(moveFinding),
    staleSettings: result.staleSettings.map(prefix),
    factories: result.factories.map((factory) => ({
      ...factory,
      file: posix.join(path, factory.file),
      deployables: factory.deployables.map((deployable) => posix.join(path, deployable)),
    })),
    notJudged: result.notJudged.map(({ file, message }) => ({ file: posix.join(path, file), message: prefix(message) })),
    incomplete: result.incomplete.map(prefix),
    information: result.information.map(prefix),
    notices: result.notices.map(prefix),
  };
}

/** Messages name places as `(file:line)`. Paths without a line are settings, which stay relative to their own settings file. */
function moveMessage(message: string, path: string): string {
  const [headline = '', ...steps] = message.split('\n');
  return [
    headline.replace(/\(([^()\s]+):(\d+)\)/g, `(${path}/$1:$2)`),
    ...steps.map((step) => step.replace(/\(([^()]+):(\d+)\)$/, `(${path}/$1:$2)`)),
  ].join('\n');
}

/** Adds the findings, places and notices of another result, but not its files. Both must be relative to the same folder. */
export function addResult(result: AuditResult, added: AuditResult): AuditResult {
  return {
    ...result,
    usesRuntime: result.usesRuntime || added.usesRuntime,
    constructions: [...result.constructions, ...added.constructions].sort(byPlace),
    factories: [...result.factories, ...added.factories],
    wrappers: [...result.wrappers, ...added.wrappers].sort(byPlace),
    accessors: [...result.accessors, ...added.accessors].sort(byPlace),
    managers: [...result.managers, ...added.managers].sort(byPlace),
    graph: joinGraphs(result.graph, added.graph),
    findings: [...result.findings, ...added.findings].sort(byPlace),
    sanctioned: [...result.sanctioned, ...added.sanctioned].sort(byPlace),
    disabled: [...result.disabled, ...added.disabled].sort(byPlace),
    staleSettings: [...result.staleSettings, ...added.staleSettings],
    notJudged: [...result.notJudged, ...added.notJudged],
    incomplete: [...result.incomplete, ...added.incomplete],
    information: [...result.information, ...added.information],
    notices: [...result.notices, ...added.notices],
  };
}

/** Compares by file, line and column. */
export function byPlace(a: AuditPlace, b: AuditPlace): number {
  return (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column;
}
