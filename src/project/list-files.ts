import { isAliasConfig } from './aliases/module-aliases.js';
import { type FileListing, isTypeScriptPath, readListing } from './file-listing.js';

const sourceFile = /\.(?:[cm]?[jt]s|[jt]sx|vue|svelte|astro)$/;
const notSource = /(?:\.d\.[cm]?ts|\.d\.[^/]+\.ts|[.-]min\.[cm]?js|\.bundle\.js)$|(?:^|\/)(?:node_modules|bower_components|\.yarn|\.pnp)\//;
/** Build output has no TypeScript: a folder of the name that has some holds sources. */
const buildOutput = /(?:^|\/)dist\//;
const manifest =
  /(?:^|\/)(?:package\.json|tsconfig[^/]*\.json|jsconfig\.json|pnpm-workspace\.yaml|lerna\.json|deno\.jsonc?|jsr\.json|import[_-]map\.json)$/;

/** The files of a project, as paths relative to the root. */
export interface FileList {
  /** All files, sorted. */
  readonly all: readonly string[];
  /** Source files, sorted. */
  readonly sources: readonly string[];
  /** Files that decide how imports resolve: those of package managers, TypeScript, Deno and bundlers. Sorted. */
  readonly manifests: readonly string[];
}

/** Returns the files of the project: those of a listing that no setting excludes. */
export function listFiles(root: string, isVendored: (relativePath: string) => boolean, listing: FileListing = readListing(root)): FileList {
  const own = listing.paths.filter((path) => !isVendored(path)).sort();
  return { all: own, sources: own.filter(isSourcePath), manifests: own.filter(isManifestPath) };
}

/** Whether the name is that of a file which decides how imports resolve. */
export function isManifestPath(path: string): boolean {
  return (manifest.test(path) || isAliasConfig(path)) && !/(?:^|\/)node_modules\//.test(path);
}

/** Whether the name is that of TypeScript, JavaScript, or a component with scripts. */
export function hasSourceExtension(path: string): boolean {
  return sourceFile.test(path);
}

/** Whether the name is that of a hand-written source file: no declaration file, minified file or build output. */
export function isSourcePath(path: string): boolean {
  return sourceFile.test(path) && !notSource.test(path) && (isTypeScriptPath(path) || !buildOutput.test(path));
}
