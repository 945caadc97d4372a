import { posix, resolve } from 'node:path';
import type { createColors } from 'picocolors';
import { readGitState } from '../edits/git-state.js';
import { renderDiff } from '../edits/render-diff.js';
import { writeFiles } from '../edits/write-files.js';
import { ProjectAnalysis } from '../engine/project-analysis.js';
import { parseFile } from '../model/typescript/parse-file.js';
import { findRoot } from '../project/find-root.js';
import { toPosix } from '../project/paths.js';
import { readSettings, settingsFileName } from '../settings/load-settings.js';
import { planCheckedMigration, readOnDisk } from './check-plan.js';
import { collectPlaces } from './collect-places.js';
import type { Parse } from './load-effects.js';
import { describeLeftovers, describeNumbers, describeTargets } from './report.js';
import { settleFactories } from './settle-factories.js';

/** How the command runs, and what it runs with. */
export interface MigrateOptions {
  /** A folder of the project. */
  readonly folder: string;
  /** The factory module: a path relative to the root of the project. Default: chosen. */
  readonly factory?: string | undefined;
  /** Whether to write the edits. Default: they are shown only. */
  readonly isWriting: boolean;
  /** Whether to edit files that have uncommitted changes. */
  readonly isForced: boolean;
  /** Whether constructions in tests move as well. */
  readonly includesTests: boolean;
  readonly colors: ReturnType<typeof createColors>;
  /** Writes to standard output. */
  readonly write: (text: string) => void;
  /** The command to repeat with `--write`. */
  readonly command: string;
}

/** How a run ended. `left` is the number of constructions that stay. */
export type MigrateOutcome =
  { readonly kind: 'done'; readonly left: number } | { readonly kind: 'error'; readonly problems: readonly string[] };

/** Moves the client constructions of the project that a folder belongs to into one factory. Shows all edits before it writes them. */
export async function migrate(options: MigrateOptions): Promise<MigrateOutcome> {
  const { folder, factory, isWriting, isForced, includesTests, colors, write, command } = options;
  const absolute = toPosix(resolve(folder));
  const root = findRoot(posix.join(absolute, 'file.ts'), absolute, settingsFileName);
  const read = readSettings(root);
  if (!read.ok) return { kind: 'error', problems: read.problems.map(({ message }) => message) };
  const analysis = new ProjectAnalysis(root, read.settings);
  const { project } = analysis;
  const places = collectPlaces(analysis, includesTests);
  write(`Project: ${root}\n`);
  if (places.outside.length === 0) {
    write('No client is constructed outside of the factory: nothing to do.\n');
    return { kind: 'done', left: 0 };
  }
  const checked = planCheckedMigration({
    project,
    places,
    parse: parser(analysis),
    factory: factory === undefined ? undefined : posix.join(root, toPosix(factory)),
  });
  const { plan } = checked;
  const settingsText = readOnDisk(posix.join(root, settingsFileName));
  // The offsets of the leftovers are those of the texts of today.
  const leftovers = describeLeftovers(plan.leftovers, project, colors);
  const outcome = settleFactories(analysis, plan, includesTests, settingsText);
  const settingsEdits = outcome.settings ? [outcome.settings] : [];
  // The settings follow the new modules: an entry that names no module would be an error.
  const edits = [...plan.edits, ...settingsEdits];
  const dirty = readGitState(root).uncommitted(
    plan.edits
      .concat(settingsEdits)
      .filter(({ before }) => before !== undefined)
      .map(({ file }) => file),
  );
  write(describeTargets(plan.targets, project, colors));
  if (edits.length > 0) write(`\n${await renderDiff(edits, colors)}\n`);
  write(leftovers);
  write(describeNumbers({ before: places.outside.length, after: outcome.outside }, checked));
  const left = plan.leftovers.length;
  if (edits.length === 0) {
    write('Nothing was written: no construction can be moved without a change of behaviour.\n');
    return { kind: 'done', left };
  }
  const isRefused = dirty.length > 0 && !isForced;
  if (isRefused) {
    const problem = `Uncommitted changes in: ${dirty.join(', ')}. Commit them, or add --force to write on top of them.`;
    if (isWriting) return { kind: 'error', problems: [`Nothing was written. ${problem}`] };
    write(`${problem}\n`);
  }
  if (!isWriting) {
    write(`Nothing was written. To write these changes: ${command} --write${isRefused ? ' --force' : ''}\n`);
    return { kind: 'done', left };
  }
  try {
    writeFiles(root, edits);
  } catch (error) {
    return { kind: 'error', problems: [`Nothing was written: ${error instanceof Error ? error.message : String(error)}`] };
  }
  write(`Written: ${edits.map(({ file }) => file).join(', ')}.\nNext: npx clickhouse-ssot audit\n`);
  return { kind: 'done', left };
}

function parser({ project }: ProjectAnalysis): Parse {
  const known = new Map<string, ReturnType<Parse>>();
  return (file) => {
    if (known.has(file)) return known.get(file);
    const text = project.text(file);
    const source = text === undefined ? undefined : parseFile(file, text);
    known.set(file, source);
    return source;
  };
}
