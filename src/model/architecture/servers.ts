import type { ts as TS } from 'ts-morph';
import type { Construction } from '../connections/constructions.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { propertyOf } from '../environment/module-exports.js';
import type { SourceModules } from '../environment/source-modules.js';
import { ConstantNames, withoutCasts } from '../purposes/constant-names.js';
import { ts } from '../typescript/load-ts-morph.js';
import { calleeSpan } from '../typescript/syntax.js';

/** The settings that name a server, the first of them that is set. */
const addressSettings = ['url', 'host', 'hostname'];

/** The official clients connect to it without a setting. */
const defaultServer = 'http://localhost:8123';

/** Returns the server of each construction whose code shows it. Credentials are left out. */
export function findServers(
  constructions: readonly Construction[],
  sites: readonly CallSite[],
  modules: SourceModules,
): ReadonlyMap<Construction, string> {
  const argumentsAt = new Map(sites.map(({ node, arguments: args }) => [keyOf(calleeSpan(node)), args]));
  const names = new ConstantNames(modules);
  const servers = new Map<Construction, string>();
  for (const construction of constructions) {
    const server = serverOf(argumentsAt.get(keyOf(construction.span)), names);
    if (server !== undefined) servers.set(construction, server);
  }
  return servers;
}

function serverOf(args: readonly TS.Expression[] | undefined, names: ConstantNames): string | undefined {
  if (args === undefined) return undefined;
  const [options] = args;
  if (!options) return defaultServer;
  for (const name of addressSettings) {
    const text = settingText(options, name, names);
    if (text !== undefined) return withoutCredentials(text);
  }
  return undefined;
}

/** Returns a setting as readers write it: the text of a literal, else the code. Undefined if the code does not show the object or the setting. */
function settingText(options: TS.Expression, name: string, names: ConstantNames): string | undefined {
  const constant = names.valueOf(withoutCasts(options));
  const object = constant?.kind === 'value' ? withoutCasts(constant.node) : undefined;
  const property = object && ts.isObjectLiteralExpression(object) ? propertyOf(object, name) : undefined;
  if (!property || !ts.isExpression(property)) return undefined;
  const value = names.valueOf(withoutCasts(property));
  const shown = withoutCasts(value?.kind === 'value' ? value.node : property);
  if (ts.isStringLiteralLike(shown)) return shown.text;
  const code = shown.getText().replace(/\s+/g, ' ');
  return ts.isTemplateExpression(shown) ? code.slice(1, -1) : code;
}

/** `http://user:secret@host` shows only the host. */
function withoutCredentials(text: string): string {
  return text.replace(/\/\/[^\s/@]*@/, '//').replace(/([?&](?:user|username|password)=)[^&\s]*/gi, '$1…');
}

function keyOf({ file, start }: { readonly file: string; readonly start: number }): string {
  return `${file}\0${start}`;
}
