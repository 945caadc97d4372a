import type { ts as TS } from 'ts-morph';
import type { Construction } from '../connections/constructions.js';
import type { CallSite } from '../dataflow/call-sites.js';
import type { Places } from '../pools/places.js';
import { settingText } from '../purposes/configuration.js';
import { calleeSpan } from '../typescript/syntax.js';

/** The settings that name a server, the first of them that is set. */
const addressSettings = ['url', 'host', 'hostname'];

/** The official clients connect to it without a setting. */
const defaultServer = 'http://localhost:8123';

/** Returns the server of each construction whose code shows it. Credentials are left out. */
export function findServers(
  constructions: readonly Construction[],
  sites: readonly CallSite[],
  places: Places,
): ReadonlyMap<Construction, string> {
  const argumentsAt = new Map(sites.map(({ node, arguments: args }) => [keyOf(calleeSpan(node)), args]));
  const servers = new Map<Construction, string>();
  for (const construction of constructions) {
    const server = serverOf(argumentsAt.get(keyOf(construction.span)), places);
    if (server !== undefined) servers.set(construction, server);
  }
  return servers;
}

function serverOf(args: readonly TS.Expression[] | undefined, places: Places): string | undefined {
  if (args === undefined) return undefined;
  const [options] = args;
  if (!options) return defaultServer;
  for (const name of addressSettings) {
    const text = settingText(options, name, places);
    if (text !== undefined) return withoutCredentials(text);
  }
  return undefined;
}

/** `http://user:secret@host` shows only the host. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^\s/@]*@/, '//').replace(/([?&](?:user|username|password)=)[^&\s]*/gi, '$1…');
}

function keyOf({ file, start }: { readonly file: string; readonly start: number }): string {
  return `${file}\0${start}`;
}
