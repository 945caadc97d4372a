import { posix, resolve } from 'node:path';
import { findRoot } from '../project/find-root.js';
import { relativeTo, toPosix } from '../project/paths.js';
import { settingsFileName } from '../settings/load-settings.js';
import { noTrace, type Trace } from '../trace/trace.js';
import { audit, type AuditOutcome } from './audit.js';
import type { AuditPlace, AuditResult } from './audit-result.js';

/**
 * Audits the project that a folder belongs to, and returns what is in the folder. Linters find the same root and the same settings: those
 * of the nearest settings file above each source file. The command line calls it.
 */
export function auditFolder({ folder, trace = noTrace }: { readonly folder: string; readonly trace?: Trace }): AuditOutcome {
  const absolute = toPosix(resolve(folder));
  const root = findRoot(posix.join(absolute, 'file.ts'), absolute, settingsFileName);
  const outcome = auditProject(root, trace);
  if (outcome.kind === 'error' || absolute === root) return outcome;
  const path = relativeTo(root, absolute);
  const notice = `The project is ${root}, as for the linters. This report shows what is in ${path}.`;
  const result = selectPlaces(outcome.result, ({ file }) => isIn(path, file));
  return { ...outcome, result: { ...result, notices: [notice, ...result.notices] } };
}

/** Audits a project. A folder below it with settings of its own is another project: its files are judged by its settings. */
function auditProject(root: string, trace: Trace): AuditOutcome {
  const outcome = audit({ root, trace });
  if (outcome.kind === 'error') return outcome;
  const nested = outcome.nestedRoots.map((path) => ({ path, outcome: auditProject(posix.join(root, path), trace) }));
  const problems = nested.flatMap(({ path, outcome: inner }) =>
    inner.kind === 'error' ? inner.problems.map((problem) => `${path}: ${problem}`) : [],
  );
  if (problems.length > 0) return { kind: 'error', problems };
  const isOwn = ({ file }: { readonly file: string }): boolean => !nested.some(({ path }) => isIn(path, file));
  const own = { ...selectPlaces(outcome.result, isOwn), notJudged: outcome.result.notJudged.filter(isOwn) };
  const results = nested.flatMap(({ path, outcome: inner }) => (inner.kind === 'done' ? [moveInto(inner.result, path)] : []));
  return { ...outcome, result: results.reduce(join, own) };
}

function isIn(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`);
}

function selectPlaces(result: AuditResult, isSelected: (place: AuditPlace) => boolean): AuditResult {
  return {
    ...result,
    constructions: result.constructions.filter(isSelected),
    wrappers: result.wrappers.filter(isSelected),
    findings: result.findings.filter(isSelected),
    sanctioned: result.sanctioned.filter(isSelected),
    disabled: result.disabled.filter(isSelected),
  };
}

/** Makes the paths of a nested project's result relative to the root of the outer project. */
function moveInto(result: AuditResult, folder: string): AuditResult {
  const move = <Place extends AuditPlace>(place: Place): Place => ({ ...place, file: posix.join(folder, place.file) });
  return {
    ...result,
    constructions: result.constructions.map(move),
    wrappers: result.wrappers.map((wrapper) => ({ ...move(wrapper), uses: wrapper.uses.map(move) })),
    findings: result.findings.map((finding) => ({ ...move(finding), path: finding.path.map(move) })),
    sanctioned: result.sanctioned.map((finding) => ({ ...move(finding), path: finding.path.map(move) })),
    disabled: result.disabled.map(move),
    staleSettings: result.staleSettings.map((sentence) => `${folder}: ${sentence}`),
    notJudged: result.notJudged.map(({ file, message }) => ({ file: posix.join(folder, file), message: `${folder}: ${message}` })),
    notices: result.notices.map((notice) => `${folder}: ${notice}`),
  };
}

/** The files of the nested project are counted among those of the outer project already. */
function join(outer: AuditResult, nested: AuditResult): AuditResult {
  return {
    ...outer,
    sliceFiles: outer.sliceFiles + nested.sliceFiles,
    constructions: [...outer.constructions, ...nested.constructions],
    wrappers: [...outer.wrappers, ...nested.wrappers],
    findings: [...outer.findings, ...nested.findings],
    sanctioned: [...outer.sanctioned, ...nested.sanctioned],
    disabled: [...outer.disabled, ...nested.disabled],
    staleSettings: [...outer.staleSettings, ...nested.staleSettings],
    notJudged: [...outer.notJudged, ...nested.notJudged],
    notices: [...outer.notices, ...nested.notices],
  };
}
