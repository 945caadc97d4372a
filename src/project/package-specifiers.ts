/** The beginnings of URLs of content delivery networks for npm packages, up to the name of the package. Regular expressions. */
export const packageUrls: readonly string[] = [
  String.raw`https?:\/\/esm\.sh\/(?:(?:v\d+|stable|beta|jsr)\/)*\*?`,
  String.raw`https?:\/\/esm\.run\/`,
  String.raw`https?:\/\/(?:esm\.)?unpkg\.com\/`,
  String.raw`https?:\/\/\w+\.jsdelivr\.net\/npm\/`,
  String.raw`https?:\/\/cdn\.skypack\.dev\/(?:pin\/|-\/)?`,
  String.raw`https?:\/\/(?:ga\.)?jspm\.(?:io|dev)\/(?:npm:)?`,
];
const networks = new RegExp(`^(?:${packageUrls.join('|')})`);

/** The prefix of a package name in a specifier of Deno or Bun. */
const registries = /^(?:npm|jsr):\/?/;

/** Name with scope, version and subpath; a version starts at the next `@` and ends at the next slash. */
const versioned = /^(@[^/@]+\/[^/@]+|[^/@]+)(?:@[^/]*)?(\/.*)?$/;

/**
 * Returns the package and subpath that a specifier names, without registry, network and version: `@clickhouse/client/web` for
 * `npm:@clickhouse/client@1/web` and for `https://esm.sh/@clickhouse/client@1.8.0/web?target=deno`. A URL of another host stays a URL
 * without version and query. Returns undefined for paths, built-in modules and other protocols.
 */
export function packageSpecifierOf(specifier: string): string | undefined {
  const path = specifier.replace(/(?<=.)[?#].*$/, '');
  const installed = path.lastIndexOf('node_modules/');
  if (installed >= 0) return path.slice(installed + 'node_modules/'.length);
  if (/^(?:\.{0,2}\/|\.{1,2}$|#)/.test(path)) return undefined;
  const registry = registries.exec(path)?.[0] ?? networks.exec(path)?.[0];
  if (registry !== undefined) return withoutVersion(path.slice(registry.length));
  if (/^https?:\/\//.test(path)) return path.replace(/@[^/@]+(?=\/|$)/, '');
  return /^[a-z][\w+.-]*:/i.test(path) ? undefined : path;
}

function withoutVersion(path: string): string | undefined {
  const [, name, subpath = ''] = versioned.exec(path) ?? [];
  return name === undefined ? undefined : name + subpath;
}

/** Returns package name and subpath of a bare specifier: `['@scope/name', 'sub/path']` for `@scope/name/sub/path`. */
export function splitPackage(specifier: string): readonly [name: string, subpath: string] {
  const parts = specifier.split('/');
  const length = specifier.startsWith('@') ? 2 : 1;
  return [parts.slice(0, length).join('/'), parts.slice(length).join('/')];
}
