import { posix } from 'node:path';
import { isBelow } from '../../project/paths.js';
import type { Project } from '../../project/project.js';

/** Configuration files of frameworks and hosts: each marks the folder of a program of its own. */
const programMark =
  /^(?:next|nuxt|svelte|astro|remix|electron\.vite)\.config\.[cm]?[jt]s$|^wrangler\.(?:toml|jsonc?)$|^(?:project|serverless|vercel)\.json$|^serverless\.ya?ml$/;

/**
 * Returns a function that gives the deployable of a file: the nearest folder with a package, a framework's configuration, or a project of
 * Nest. Folders are absolute paths. `inferFactories` calls it.
 */
export function deployableFinder(project: Project): (file: string) => string {
  const marked = project.filesNamed(programMark).map((file) => posix.dirname(posix.join(project.root, file)));
  const packages = project.allPackages.filter(({ manifest }) => manifest.name !== undefined || manifest.dependencies !== undefined);
  const folders = new Set([project.root, ...marked, ...packages.map(({ folder }) => folder), ...nestProjects(project)]);
  const cached = new Map<string, string>();
  const find = (folder: string): string => {
    if (folders.has(folder) || !isBelow(project.root, folder)) return folders.has(folder) ? folder : project.root;
    const known = cached.get(folder) ?? find(posix.dirname(folder));
    cached.set(folder, known);
    return known;
  };
  return (file) => find(posix.dirname(file));
}

/** The roots of the projects in `nest-cli.json`: one package with several programs. */
function nestProjects(project: Project): string[] {
  return project.filesNamed('nest-cli.json').flatMap((path) => {
    const { projects } = parse(project.textOfAny(path));
    if (typeof projects !== 'object' || projects === null) return [];
    const roots = Object.values(projects).flatMap((entry: unknown) =>
      typeof entry === 'object' && entry !== null && 'root' in entry && typeof entry.root === 'string' ? [entry.root] : [],
    );
    return roots.map((root) => posix.join(project.root, posix.dirname(path), root));
  });
}

function parse(text: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
