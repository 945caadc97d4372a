/**
 * Returns for each path the shortest ending that tells it from the other paths: `client.ts`, or `db/client.ts` if there is another
 * `client.ts`. The name of an index file always has its folder.
 */
export function shortNames(paths: readonly string[]): ReadonlyMap<string, string> {
  return new Map(paths.map((path) => [path, shortName(path, paths)]));
}

function shortName(path: string, paths: readonly string[]): string {
  const parts = path.split('/');
  const endings = parts.map((_, index) => parts.slice(-index - 1).join('/'));
  const first = /^index\.\w+$/.test(parts.at(-1) ?? '') ? 1 : 0;
  return endings.slice(first).find((ending) => paths.every((other) => other === path || !`/${other}`.endsWith(`/${ending}`))) ?? path;
}
