import { parseJsonObject, isObject } from '../edits/json-text.js';
import type { ProjectFolder } from './project-folder.js';

/** The fields of the `package.json` at the root that init reads. */
export interface RootManifest {
  /** The text of the file. */
  readonly text: string;
  /** Scripts by name. */
  readonly scripts: ReadonlyMap<string, string>;
  /** Ranges of the dependencies of all kinds, by package. */
  readonly dependencies: ReadonlyMap<string, string>;
  /** Whether the file configures a legacy ESLint. */
  readonly hasEslintConfig: boolean;
  /** Whether the package is the root of a workspace. */
  readonly isWorkspaceRoot: boolean;
}

/** Reads the `package.json` at the root. Returns undefined if there is none, or if it is not valid. */
export function readRootManifest({ read }: ProjectFolder): RootManifest | undefined {
  const text = read('package.json');
  const manifest = text === undefined ? undefined : parseJsonObject(text);
  if (text === undefined || !manifest) return undefined;
  const fields = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'];
  return {
    text,
    scripts: stringsOf(manifest['scripts']),
    dependencies: new Map(fields.flatMap((field) => [...stringsOf(manifest[field])])),
    hasEslintConfig: 'eslintConfig' in manifest,
    isWorkspaceRoot: 'workspaces' in manifest || read('pnpm-workspace.yaml') !== undefined,
  };
}

function stringsOf(value: unknown): Map<string, string> {
  const entries = isObject(value) ? Object.entries(value) : [];
  return new Map(entries.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text] as const] : [])));
}
