import { readFileSync } from 'node:fs';
import { posix, resolve } from 'node:path';
import type { createColors } from 'picocolors';
import type { FileEdit } from '../edits/file-edit.js';
import { readGitState } from '../edits/git-state.js';
import { renderDiff } from '../edits/render-diff.js';
import { writeFiles } from '../edits/write-files.js';
import { ProjectAnalysis } from '../engine/project-analysis.js';
import { parseFile } from '../model/typescript/parse-file.js';
import { withoutBom } from '../project/document-store.js';
import { findRoot } from '../project/find-root.js';
import { toPosix } from '../project/paths.js';
import type { Project } from '../project/project.js';
import { readSettings, settingsFileName } from '../settings/load-settings.js';
import { installCommands } from './missing-packages.js';
import type { Proposal } from './proposal.js';
import { proposeFactory } from './propose-factory.js';
import { proposeRuntime } from './propose-runtime.js';
import { describeLeft, describeMissing } from './report.js';
import type { Parse } from './rewrite/parse.js';

/** How the command runs, and what it runs with. */
export interface MigrateOptions {
  /** A folder of the project. */
  readonly folder: string;
  /** Where the clients come from afterwards: one factory module, or the runtime. */
  readonly target: 'factory' | 'runtime';
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

/** How a run ended. `left` is the number of places that stay. */
export type MigrateOutcome =
  { readonly kind: 'done'; readonly left: number } | { readonly kind: 'error'; readonly problems: readonly string[] };

/** Moves the client constructions of the project that a folder belongs to. Shows all edits before it writes them. */
export async function migrate(options: MigrateOptions): Promise<MigrateOutcome> {
  const { folder, target, factory, includesTests, colors, write } = options;
  const absolute = toPosix(resolve(folder));
  const root = findRoot(posix.join(absolute, 'file.ts'), absolute, settingsFileName);
  const read = readSettings(root);
  if (!read.ok) return { kind: 'error', problems: read.problems.map(({ message }) => message) };
  const analysis = new ProjectAnalysis(root, read.settings);
  write(`Project: ${root}\n`);
  const input = { includesTests, factory: factory === undefined ? undefined : posix.join(root, toPosix(factory)) };
  const propose = target === 'runtime' ? proposeRuntime : proposeFactory;
  const proposal = await propose(analysis, parser(analysis), input, colors);
  if (!proposal) {
    write(
      target === 'runtime'
        ? 'The runtime makes each client: nothing to do.\n'
        : 'No client is constructed outside of the factory: nothing to do.\n',
    );
    return { kind: 'done', left: 0 };
  }
  return apply(proposal, analysis.project, options);
}

/** Shows a proposal, and writes it if that is asked for. */
async function apply(proposal: Proposal, project: Project, options: MigrateOptions): Promise<MigrateOutcome> {
  const { root } = project;
  const { isWriting, isForced, colors, write, command } = options;
  const { edits, head, summary, next, updates, missing } = proposal;
  const left = proposal.left.length;
  write(head);
  if (edits.length > 0) write(`\n${await renderDiff(edits, colors)}\n`);
  // The offsets are those of the texts on disk.
  write(describeLeft(proposal.left, root, (file) => withoutBom(readFileSync(file, 'utf8')), colors));
  write(summary);
  write(updates.map((update) => `${update}\n`).join(''));
  if (missing.length > 0) write(describeMissing(missing, await installCommands(missing, project)));
  if (edits.length === 0) {
    write(
      missing.length > 0
        ? 'Nothing was written: install the dependencies first.\n'
        : 'Nothing was written: the reasons are those of the places that are left.\n',
    );
    return { kind: 'done', left };
  }
  const dirty = uncommitted(root, edits);
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
    const stale = writeFiles(root, edits);
    if (stale.length > 0) write(`Removed the temporary files of an interrupted run: ${stale.join(', ')}.\n`);
  } catch (error) {
    return { kind: 'error', problems: [`Nothing was written: ${error instanceof Error ? error.message : String(error)}`] };
  }
  write(`Written: ${edits.map(({ file }) => file).join(', ')}.\n${next.map((step) => `Next: ${step}\n`).join('')}`);
  return { kind: 'done', left };
}

function uncommitted(root: string, edits: readonly FileEdit[]): readonly string[] {
  return readGitState(root).uncommitted(edits.filter(({ before }) => before !== undefined).map(({ file }) => file));
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
