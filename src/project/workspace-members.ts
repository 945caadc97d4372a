import { createRequire } from 'node:module';
import { posix } from 'node:path';
import type Picomatch from 'picomatch';
import type * as Yaml from 'yaml';
import { isBelow, relativeTo } from './paths.js';
import type { ProjectPackage } from './workspace-packages.js';

/** Loaded at the first question whether two packages are linked; few projects have a package with the name of a client package. */
const load: { (id: 'picomatch'): typeof Picomatch; (id: 'yaml'): typeof Yaml } = createRequire(import.meta.url);

/** A declaration of workspaces: in `package.json`, `pnpm-workspace.yaml` or `lerna.json`. */
interface Declaration {
  /** Absolute path of the folder that contains the file. */
  readonly folder: string;
  /** Globs of the members, relative to the folder. A glob that starts with `!` excludes. */
  readonly members: readonly string[];
  /** Versions that several members share, by catalog and package; the default catalog is `default`. */
  readonly catalogs: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** The declared workspaces of a project: which packages the package manager links to each other. */
export class WorkspaceMembers {
  readonly #declarations: readonly Declaration[];
  readonly #members = new Map<Declaration, (path: string) => boolean>();

  constructor(packages: readonly ProjectPackage[], manifests: readonly string[], readText: (file: string) => string | undefined) {
    this.#declarations = [
      ...packages.flatMap(({ folder, manifest }) => declarationIn(folder, manifest.workspaces)),
      ...manifests.flatMap((file) => fileDeclaration(file, readText)),
    ];
  }

  /** Whether both folders are members of the same declared workspaces. */
  areInSameWorkspace(folder: string, other: string): boolean {
    return this.#declarations.some((declaration) => this.#isMember(declaration, folder) && this.#isMember(declaration, other));
  }

  /** Returns the version range that `catalog:` or `catalog:NAME` stands for in a folder; undefined if no catalog has the package. */
  catalogRange(folder: string, catalog: string, packageName: string): string | undefined {
    const owners = this.#declarations.filter((declaration) => declaration.folder === folder || isBelow(declaration.folder, folder));
    return owners.map(({ catalogs }) => catalogs.get(catalog || 'default')?.get(packageName)).find((range) => range !== undefined);
  }

  #isMember(declaration: Declaration, folder: string): boolean {
    const matches = this.#members.get(declaration) ?? memberMatcher(declaration.members);
    this.#members.set(declaration, matches);
    return isBelow(declaration.folder, folder) && matches(relativeTo(declaration.folder, folder));
  }
}

function memberMatcher(globs: readonly string[]): (path: string) => boolean {
  const normalized = globs.map((glob) => glob.replace(/^(!?)\.\//, '$1').replace(/\/+$/, ''));
  const included = normalized.filter((glob) => !glob.startsWith('!'));
  const ignore = normalized.filter((glob) => glob.startsWith('!')).map((glob) => glob.slice(1));
  return included.length === 0 ? () => false : load('picomatch')(included, { ignore });
}

/** Reads the field `workspaces`: a list of globs, or an object with `packages` and, for Bun, `catalog` and `catalogs`. */
function declarationIn(folder: string, workspaces: unknown): Declaration[] {
  if (Array.isArray(workspaces)) return [{ folder, members: strings(workspaces), catalogs: new Map() }];
  return isRecord(workspaces) ? [{ folder, members: strings(workspaces['packages']), catalogs: catalogsOf(workspaces) }] : [];
}

function fileDeclaration(file: string, readText: (file: string) => string | undefined): Declaration[] {
  const name = posix.basename(file);
  if (name !== 'pnpm-workspace.yaml' && name !== 'lerna.json') return [];
  const content = parseYaml(readText(file) ?? '');
  if (!isRecord(content)) return [];
  const members = strings(content['packages']);
  const isLernaDefault = name === 'lerna.json' && content['packages'] === undefined;
  return [{ folder: posix.dirname(file), members: isLernaDefault ? ['packages/*'] : members, catalogs: catalogsOf(content) }];
}

/** JSON is YAML, so this reads `lerna.json` too. */
function parseYaml(text: string): unknown {
  try {
    return load('yaml').parse(text, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

function catalogsOf({ catalog, catalogs }: Readonly<Record<string, unknown>>): Declaration['catalogs'] {
  const named = isRecord(catalogs) ? Object.entries(catalogs) : [];
  const all: [string, unknown][] = [...named, ...(catalog === undefined ? [] : [['default', catalog] as [string, unknown]])];
  return new Map(all.flatMap(([name, ranges]) => (isRecord(ranges) ? [[name, rangesIn(ranges)] as const] : [])));
}

function rangesIn(ranges: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  return new Map(Object.entries(ranges).flatMap(([name, range]) => (typeof range === 'string' ? [[name, range] as const] : [])));
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
