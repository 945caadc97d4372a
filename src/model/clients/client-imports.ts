import { relativeTo } from '../../project/paths.js';
import { splitPackage } from '../../project/package-specifiers.js';
import type { Project } from '../../project/project.js';
import { type ClientModule, type ClientPackage, clientPackages, officialClients } from './client-packages.js';
import { createStubs, type Stubs } from './stubs.js';

/** Which imports of a project mean a client, as its manifests are. Created by `ModelCache`, again after a change of the resolution. */
export interface ClientImports {
  readonly stubs: Stubs;
  /** Specifiers of the client packages. */
  readonly packages: readonly string[];
  /** Other names of client packages: by `npm:` ranges, import maps and the field `imports`. */
  readonly aliases: readonly string[];
  /** Absolute paths of the client modules. */
  readonly modules: readonly string[];
  /** Returns the source file or the stub that an import means; undefined for any other target. */
  readonly resolve: (fromFile: string, specifier: string) => string | undefined;
}

/** Returns the client imports of a project: those of the built-in packages and those that the settings declare. */
export function createClientImports(project: Project, declared: readonly (ClientPackage | ClientModule)[]): ClientImports {
  const declaredPackages = declared.filter((entry) => 'package' in entry);
  const packages = mergePackages([...clientPackages, ...declaredPackages]);
  const modules = declared.filter((entry) => 'module' in entry).filter(({ module }) => project.sources.has(module));
  const aliases = [...project.packageAliases].filter(([, targets]) => [...targets].some((target) => isClientName(packages, target)));
  const stubs = createStubs({
    packages,
    modules: modules.map((entry) => ({
      ...entry,
      relativePath: relativeTo(project.root, entry.module),
      text: project.text(entry.module) ?? '',
    })),
    requires: [
      ...packages.filter((entry) => !isLinkedSomewhere(project, entry.package)).map(({ package: name }) => [name, name] as const),
      ...aliases.flatMap(([alias, targets]) => ([...targets].length === 1 ? [...targets].map((target) => [alias, target] as const) : [])),
    ],
  });
  return {
    stubs,
    packages: packages.map((entry) => entry.package),
    aliases: aliases.map(([alias]) => alias),
    modules: modules.map(({ module }) => module),
    resolve: (fromFile, specifier) => {
      const target = project.importTarget(fromFile, specifier);
      if (target?.kind === 'package') return stubs.ofPackage(target.specifier);
      if (target && isCopyOfClient(project, specifier, target.file)) return stubs.ofPackage(specifier);
      return target && ((target.file === fromFile ? undefined : stubs.ofModule(target.file)) ?? target.file);
    },
  };
}

/** A declared package adds its constructors to those of the built-in one. */
function mergePackages(packages: readonly ClientPackage[]): ClientPackage[] {
  const merged = new Map<string, ClientPackage>();
  for (const entry of packages) {
    const known = merged.get(entry.package);
    const constructors = known ? [...new Set([...known.constructors, ...entry.constructors])] : entry.constructors;
    merged.set(entry.package, { ...(known ?? entry), constructors });
  }
  return [...merged.values()];
}

/** Whether a bare specifier leads to the source of an official client in this project. */
function isCopyOfClient(project: Project, specifier: string, file: string): boolean {
  const [name] = splitPackage(specifier);
  return officialClients.has(name) && project.packageAt(file)?.manifest.name === name;
}

function isClientName(packages: readonly ClientPackage[], specifier: string): boolean {
  return packages.some((entry) => specifier === entry.package || specifier.startsWith(`${entry.package}/`));
}

/** Whether an import of the package means a package of the project in any of its packages. */
function isLinkedSomewhere(project: Project, specifier: string): boolean {
  const [name] = splitPackage(specifier);
  if (officialClients.has(name)) return false;
  return (
    project.packages.has(name) && project.allPackages.some(({ folder }) => project.resolve(`${folder}/package.json`, name) !== undefined)
  );
}
