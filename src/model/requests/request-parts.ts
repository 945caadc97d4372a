import type { ts as TS } from 'ts-morph';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { callableOf, isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { callableBehind, meaningOf } from '../environment/environment-functions.js';
import { returnedBy } from '../typescript/returned-values.js';
import type { SourceModules } from '../environment/source-modules.js';
import type { Path } from '../configuration/origin.js';
import { type HttpLibrary, takesBody } from './http-libraries.js';
import type { HttpSender } from './http-senders.js';
import { entriesOf, type RecordEntry, valuesOf } from './record-entries.js';

/** An expression, or a member of its value. */
export interface Place {
  readonly expression: TS.Expression;
  readonly path: Path;
}

/** The parts of an HTTP request, as the code that sends it shows them. */
export interface RequestParts {
  /** The URL; several if a base and a path make it, the base first. */
  readonly urls: readonly Place[];
  /** The host, port and path, if they are options of their own. */
  readonly hosts: readonly Place[];
  readonly ports: readonly Place[];
  readonly paths: readonly Place[];
  readonly headers: readonly RecordEntry[];
  /** Parameters of the URL. */
  readonly parameters: readonly RecordEntry[];
  readonly bodies: readonly TS.Expression[];
  /** Further texts with the form of the URL: those of the function that sends it. */
  readonly forms: readonly string[];
  /** Whether the code shows that it is a GET without a body. */
  readonly isPlainGet: boolean;
}

/** Functions that answer with the options of another one are followed this far. */
const maxCalls = 3;

/** Returns the parts of a request that a call sends. */
export function partsOf(call: TS.CallExpression, { library, members, defaults }: HttpSender, modules: SourceModules): RequestParts {
  const later = laterCalls(call);
  const passed = call.arguments.filter((argument) => !isFunction(argument));
  const verbFirst =
    library === 'needle' || library === 'superagent' ? members.length === 0 : members[0] === 'stream' && library === 'undici';
  const [head, ...rest] = verbFirst && passed.length > 1 && isVerbText(passed[0]) ? passed.slice(1) : passed;
  const options: TS.Expression[] = [];
  const urls: Place[] = [];
  if (head) {
    const request = requestObject(head, modules);
    if (request) {
      const [url, init] = request.arguments ?? [];
      if (url) urls.push({ expression: url, path: [] });
      if (init) options.push(init);
    } else if (takesOptionsFirst(library) && isRecord(head, modules)) options.push(head);
    else urls.push({ expression: head, path: [] });
  }
  const bodies: TS.Expression[] = [];
  if (takesBody(library, members) || (verbFirst && library === 'needle')) {
    bodies.push(...rest.slice(0, 1));
    options.push(...rest.slice(1));
  } else options.push(...rest);
  const ownOptions = [...options];
  for (const argument of defaults)
    if (isRecord(argument, modules)) options.unshift(argument);
    else urls.unshift({ expression: argument, path: [] });

  const entries = options.flatMap((option) => entriesOf(option, modules));
  const at = (names: readonly string[]): Place[] =>
    library === 'fetch' && !entries.some(({ name }) => name === 'baseURL')
      ? []
      : options.flatMap((expression) =>
          names.flatMap((name) => (hasEntry(expression, name, modules) ? [{ expression, path: [name] }] : [])),
        );
  const bases = at(['baseURL', 'baseUrl', 'prefixUrl', 'prefix', 'origin']);
  const named = later.flatMap(({ name, passed: [first, second] }): RecordEntry[] => {
    if (!first || !/^(?:set|setHeader|header|appendHeader)$/.test(name)) return [];
    return ts.isStringLiteralLike(first) ? [{ name: first.text, value: second }] : [...entriesOf(first, modules)];
  });
  const argumentsOf = (pattern: RegExp): TS.Expression[] =>
    later.flatMap(({ name, passed: [first] }) => (first && pattern.test(name) ? [first] : []));
  bodies.push(...['body', 'data', 'json', 'form'].flatMap((name) => valuesOf(entries, name)), ...argumentsOf(/^(?:send|write|end|field)$/));
  const methods = valuesOf(entries, 'method').map((value) => unwrap(value));
  return {
    urls: [...bases, ...urls, ...at(['url', 'uri'])],
    hosts: at(['hostname', 'host']),
    ports: at(['port']),
    paths: at(['path', 'pathname']),
    headers: [...valuesOf(entries, 'headers').flatMap((value) => entriesOf(value, modules)), ...headersSet(entries), ...named],
    parameters: [
      ...['params', 'searchparams', 'query', 'qs'].flatMap((name) => valuesOf(entries, name).flatMap((value) => entriesOf(value, modules))),
      ...argumentsOf(/^query$/).flatMap((value) => entriesOf(value, modules)),
    ],
    bodies,
    forms: [],
    isPlainGet:
      bodies.length === 0 &&
      (members.length === 0 || /^(?:fetch|request|get)$/.test(members.at(-1) ?? '')) &&
      methods.every((method) => ts.isStringLiteralLike(method) && /^(?:get|head)$/i.test(method.text)) &&
      ownOptions.every((option) => isRecord(option, modules)),
  };
}

/** Returns the parts of a request with what the arguments of a call add: headers, parameters and a body. */
export function withOptions(parts: RequestParts, call: TS.CallExpression, modules: SourceModules): RequestParts {
  const entries = call.arguments.flatMap((argument) => (isRecord(argument, modules) ? entriesOf(argument, modules) : []));
  const headers = [...valuesOf(entries, 'headers').flatMap((value) => entriesOf(value, modules)), ...entries];
  const texts = call.arguments.filter((argument) => ts.isStringLiteralLike(unwrap(argument)) || ts.isTemplateExpression(unwrap(argument)));
  return {
    ...parts,
    headers: [...parts.headers, ...headers],
    parameters: [...parts.parameters, ...valuesOf(entries, 'params').flatMap((value) => entriesOf(value, modules))],
    bodies: [...parts.bodies, ...valuesOf(entries, 'body'), ...texts],
    isPlainGet: parts.isPlainGet && call.arguments.length === 1,
  };
}

/** `init.headers['X-ClickHouse-User'] = user` */
function headersSet(entries: readonly RecordEntry[]): RecordEntry[] {
  const prefix = 'headers.';
  return entries.flatMap(({ name, value }) => (name.startsWith(prefix) ? [{ name: name.slice(prefix.length), value }] : []));
}

function takesOptionsFirst(library: HttpLibrary): boolean {
  return library !== 'fetch' && library !== 'superagent';
}

function isVerbText(node: TS.Expression | undefined): boolean {
  return node !== undefined && ts.isStringLiteralLike(node) && /^(?:get|post|put|patch|delete|head)$/i.test(node.text);
}

function hasEntry(options: TS.Expression, name: string, modules: SourceModules): boolean {
  return entriesOf(options, modules).some((entry) => entry.name === name);
}

/** Whether the value is an object literal, a name of one, or what a function of the project makes of one. */
function isRecord(node: TS.Expression, modules: SourceModules, depth = 0): boolean {
  const value = unwrap(node);
  if (ts.isObjectLiteralExpression(value)) return true;
  const callable = ts.isCallExpression(value) && depth < maxCalls ? callableBehind(value.expression, modules) : undefined;
  if (callable) return returnedBy(callable).some((result) => isRecord(result, modules, depth + 1));
  const meaning = ts.isIdentifier(value) ? meaningOf(value, modules) : undefined;
  return meaning !== undefined && ts.isVariableDeclaration(meaning) && meaning.initializer
    ? ts.isObjectLiteralExpression(unwrap(meaning.initializer))
    : false;
}

/** `new Request(url, init)`, or a name of one. */
function requestObject(node: TS.Expression, modules: SourceModules): TS.NewExpression | undefined {
  const value = unwrap(node);
  if (ts.isNewExpression(value)) return value.expression.getText() === 'Request' ? value : undefined;
  const meaning = ts.isIdentifier(value) ? meaningOf(value, modules) : undefined;
  return meaning && ts.isVariableDeclaration(meaning) && meaning.initializer && meaning.initializer !== node
    ? requestObject(meaning.initializer, modules)
    : undefined;
}

interface LaterCall {
  readonly name: string;
  readonly passed: readonly TS.Expression[];
}

/** The calls of members of the request: in a chain behind it, and on the constant that keeps it. */
function laterCalls(call: TS.CallExpression): LaterCall[] {
  const found: LaterCall[] = [];
  let outermost: TS.Node = call;
  while (ts.isPropertyAccessExpression(outermost.parent) && ts.isCallExpression(outermost.parent.parent)) {
    const next: TS.CallExpression = outermost.parent.parent;
    if (next.expression !== outermost.parent) break;
    found.push({ name: outermost.parent.name.text, passed: next.arguments });
    outermost = next;
  }
  const { parent } = outermost;
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name)) return found;
  const kept = parent.name.text;
  const visit = (node: TS.Node): void => {
    if (ts.isCallExpression(node)) {
      const method = memberAccess(node.expression);
      if (
        method?.name !== undefined &&
        ts.isIdentifier(method.object) &&
        method.object.text === kept &&
        declarationOf(kept, node) === parent
      )
        found.push({ name: method.name, passed: node.arguments });
    }
    ts.forEachChild(node, visit);
  };
  visit(callableOf(call));
  return found;
}
