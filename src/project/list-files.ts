import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAliasConfig } from './aliases/module-aliases.js';
import { toPosix } from './paths.js';
import { runGit } from './run-git.js';

const sourceFile = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|astro)$/;
const notSource = /(?:\.d\.[cm]?ts|\.d\.[^/]+\.ts|[.-]min\.[cm]?js|\.bundle\.js)$|(?:^|\/)(?:node_modules|bower_components|\.yarn|\.pnp)\//;
/** Build output has no TypeScript: a folder of the name that has some holds sources. */
const buildOutput = /(?:^|\/)dist\//;
const typeScript = /\.[cm]?tsx?$/;
const manifest =
  /(?:^|\/)(?:package\.json|tsconfig[^/]*\.json|jsconfig\.json|pnpm-workspace\.yaml|lerna\.json|deno\.jsonc?|jsr\.json|import[_-]map\.json)$/;

/** Folders of which a walk takes TypeScript only, the rest being build output. With git, `.gitignore` decides. */
const ignoredFolders = new Set(['build', 'out', 'coverage', 'tmp', 'temp', 'vendor', 'storybook-static']);

/** The files of a project, as paths relative to the root. */
export interface FileList {
  /** All files, sorted. */
  readonly all: readonly string[];
  /** Source files, sorted. */
  readonly sources: readonly string[];
  /** Files that decide how imports resolve: those of package managers, TypeScript, Deno and bundlers. Sorted. */
  readonly manifests: readonly string[];
}

/** Lists the files of the project: with git, those that are tracked or not ignored; without git, those that a walk finds. */
export function listFiles(root: string, isVendored: (relativePath: string) => boolean): FileList {
  const all = gitFiles(root) ?? walk(root);
  const own = all.filter((path) => !isVendored(path)).sort();
  return {
    all: own,
    sources: own.filter(isSourcePath),
    manifests: own.filter((path) => (manifest.test(path) || isAliasConfig(path)) && !/(?:^|\/)node_modules\//.test(path)),
  };
}

/** Whether the name is that of TypeScript, JavaScript, or a component with scripts. */
export function hasSourceExtension(path: string): boolean {
  return sourceFile.test(path);
}

/** Whether the name is that of a hand-written source file: no declaration file, minified file or build output. */
export function isSourcePath(path: string): boolean {
  return sourceFile.test(path) && !notSource.test(path) && (typeScript.test(path) || !buildOutput.test(path));
}

/** Returns undefined if the folder is in no git repository, or if git ignores all of it. */
function gitFiles(root: string): string[] | undefined {
  try {
    const listing = ['ls-files', '-z', '-t', '--cached', '--others', '--deleted', '--exclude-standard'];
    const output = runGit(root, listing);
    const files = new Set<string>();
    const deleted = new Set<string>();
    for (const entry of output.split('\0')) if (entry !== '') (entry.startsWith('R ') ? deleted : files).add(entry.slice(2));
    for (const path of deleted) files.delete(path);
    return files.size > 0 ? [...files] : undefined;
  } catch {
    return undefined;
  }
}

function walk(root: string): string[] {
  const files: string[] = [];
  const folders = [''];
  const outputs = new Set<string>();
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const isOutput = outputs.has(folder);
    const entries = entriesOf(join(root, folder));
    // A git repository below a root without git is a project of its own.
    if (folder !== '' && entries.some(({ name }) => name === '.git')) continue;
    for (const entry of entries) {
      const path = toPosix(join(folder, entry.name));
      // Symbolic links are not followed: their targets are listed at their own paths, and a cycle of links would never end.
      if (entry.isFile() && (!isOutput || typeScript.test(path))) files.push(path);
      if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      folders.push(path);
      if (isOutput || ignoredFolders.has(entry.name)) outputs.add(path);
    }
  }
  return files;
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
