/** The libraries that send HTTP requests, by how their calls take URL, options and body. */
export type HttpLibrary =
  'fetch' | 'axios' | 'got' | 'ky' | 'undici' | 'dispatcher' | 'superagent' | 'needle' | 'request' | 'node' | 'effect';

/** The packages, with their library. A name after `#` is the only export that counts. */
const packages: ReadonlyMap<string, HttpLibrary> = new Map([
  ['node-fetch', 'fetch'],
  ['cross-fetch', 'fetch'],
  ['isomorphic-fetch', 'fetch'],
  ['isomorphic-unfetch', 'fetch'],
  ['whatwg-fetch', 'fetch'],
  ['@whatwg-node/fetch', 'fetch'],
  ['ofetch', 'fetch'],
  ['bun#fetch', 'fetch'],
  ['#imports#$fetch', 'fetch'],
  ['axios', 'axios'],
  ['redaxios', 'axios'],
  ['got', 'got'],
  ['got-cjs', 'got'],
  ['ky', 'ky'],
  ['ky-universal', 'ky'],
  ['undici', 'undici'],
  ['superagent', 'superagent'],
  ['needle', 'needle'],
  ['request', 'request'],
  ['request-promise', 'request'],
  ['request-promise-native', 'request'],
  ['http', 'node'],
  ['https', 'node'],
  ['node:http', 'node'],
  ['node:https', 'node'],
  ['follow-redirects', 'node'],
  ['@effect/platform#HttpClientRequest', 'effect'],
  ['@effect/platform/HttpClientRequest', 'effect'],
]);

/** Returns the library that an export of a package is, or is a part of. */
export function libraryOf(specifier: string, name: string): HttpLibrary | undefined {
  return packages.get(specifier) ?? packages.get(`${specifier}#${name}`);
}

/** Types of parameters and fields that are a library or one of its instances. */
const types: readonly (readonly [RegExp, HttpLibrary])[] = [
  [/^typeof (?:globalThis\.)?fetch$|^\$Fetch$/, 'fetch'],
  [/^(?:Axios(?:Instance|Static)?|HttpService)$/, 'axios'],
  [/^(?:Got|ExtendOptions)$/, 'got'],
  [/^KyInstance$/, 'ky'],
  [/^(?:undici\.)?Dispatcher$/, 'dispatcher'],
];

/** Returns the library whose type has the name. */
export function libraryOfType(name: string): HttpLibrary | undefined {
  return types.find(([pattern]) => pattern.test(name))?.[1];
}

const verb = /^(?:get|post|put|patch|delete|del|head|options)$/;

/** Exports that are clients of one server: they are constructed. */
export const dispatchers: ReadonlySet<string> = new Set(['Pool', 'Client', 'BalancedPool', 'RoundRobinPool']);

/** Members that make an instance with defaults. */
export const instanceMembers: ReadonlySet<string> = new Set(['create', 'extend', 'instance', 'defaults', 'agent']);

/** Whether a call of this member of a library sends a request. `members` is empty for the library itself. */
export function sendsRequest(library: HttpLibrary, members: readonly string[]): boolean {
  const [first, second] = members;
  if (members.length > 2) return false;
  switch (library) {
    case 'fetch':
      return first === undefined || /^(?:fetch|\$fetch|ofetch|raw)$/.test(first);
    case 'undici':
      return second === undefined && /^(?:fetch|request|stream|pipeline)$/.test(first ?? '');
    case 'dispatcher':
      return second === undefined && /^(?:request|stream|pipeline|dispatch)$/.test(first ?? '');
    case 'node':
      // `follow-redirects` has both modules as members.
      return /^(?:request|get)$/.test(members.at(-1) ?? '') && (second === undefined || /^https?$/.test(first ?? ''));
    case 'effect':
      return verb.test(members.at(-1) ?? '');
    case 'got':
      return first === undefined || isVerb(first) || first === 'stream' || first === 'got';
    default:
      return first === undefined || isVerb(first) || (first === 'axiosRef' && (second === undefined || isVerb(second)));
  }
}

function isVerb(name: string): boolean {
  return verb.test(name) || name === 'request';
}

/** Whether the second argument is the body, and the third has the options. */
export function takesBody(library: HttpLibrary, members: readonly string[]): boolean {
  return (
    (library === 'axios' || library === 'needle') &&
    /^(?:post|put|patch|delete)$/.test(members.at(-1) ?? '') &&
    !isAxiosDelete(library, members)
  );
}

function isAxiosDelete(library: HttpLibrary, members: readonly string[]): boolean {
  return library === 'axios' && members.at(-1) === 'delete';
}
