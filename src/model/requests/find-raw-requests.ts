import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import { ConnectionReads } from '../configuration/connection-reads.js';
import { isOtherOption, optionsOf } from '../configuration/client-options.js';
import { KnownCalls } from '../configuration/known-calls.js';
import { isDistinctName } from '../configuration/setting-names.js';
import type { Origin, OriginSearch } from '../configuration/origin.js';
import { originsOf } from '../configuration/value-origins.js';
import type { Construction } from '../connections/constructions.js';
import type { CallSite } from '../dataflow/call-sites.js';
import type { SourceModules } from '../environment/source-modules.js';
import { CodeKinds } from '../factories/code-kinds.js';
import { ts } from '../typescript/load-ts-morph.js';
import { calleeSpan, callableOf, isFunction, memberAccess, spanOf, unwrap } from '../typescript/syntax.js';
import { sendsRequest } from './http-libraries.js';
import { senderOf } from './http-senders.js';
import type { RawRequest } from './raw-request.js';
import { judgeRequest, type JudgedRequest } from './request-evidence.js';
import { maySendRequests, requestFiles } from './request-files.js';
import { partsOf, type Place, type RequestParts, withOptions } from './request-parts.js';
import { callableOfCall, isClientFetch } from './request-wrappers.js';

/** The inputs of the search. */
export interface RawRequestInput {
  readonly project: Project;
  readonly modules: SourceModules;
  readonly constructions: readonly Construction[];
  readonly sites: readonly CallSite[];
  readonly isTest: (file: string) => boolean;
  /** Whether the user declared that the file connects: a factory, or a client of the project's own. */
  readonly isDeclared: (file: string) => boolean;
  /** Returns the modules that make the clients of the program of a file. */
  readonly clientsOf: (file: string) => readonly string[];
}

/** Returns the requests to the HTTP interface of ClickHouse that code outside of a client sends, sorted by position. */
export function findRawRequests(input: RawRequestInput): readonly RawRequest[] {
  const { project, isTest, isDeclared } = input;
  const kinds = new CodeKinds(project, isTest);
  const isJudged = (file: string): boolean => /^(?:production|script)$/.test(kinds.of(file)) && !isDeclared(file);
  const constructing = new Set(input.constructions.map(({ span }) => span.file));
  const files = requestFiles(project, isJudged, (file) => constructing.has(file));
  return files.length === 0 ? [] : new RequestSearch(input, kinds, isJudged).result(files);
}

/** A request that a call sends, itself or by a function that gets its URL. */
interface FoundRequest {
  readonly parts: RequestParts;
  readonly judged: JudgedRequest;
  /** Whether the place of the request itself is reported, or shows that another server is meant. */
  readonly isSettled: boolean;
}

/** Wrappers of wrappers are followed this far. */
const maxDepth = 3;

class RequestSearch {
  readonly #reads: ConnectionReads;
  readonly #calls: KnownCalls;
  readonly #sent = new Map<TS.Node, readonly FoundRequest[]>();
  #ofClients: ReadonlySet<string> | undefined;

  constructor(
    private readonly input: RawRequestInput,
    private readonly kinds: CodeKinds,
    isJudged: (file: string) => boolean,
  ) {
    this.#reads = new ConnectionReads(input.project, input.modules);
    this.#calls = new KnownCalls(input.project, input.modules, input.sites, isJudged);
  }

  result(files: readonly string[]): readonly RawRequest[] {
    return files.flatMap((file) =>
      callsIn(this.input.modules.parse(file)).flatMap((call) => {
        const raw = this.#rawRequest(call);
        return raw ? [raw] : [];
      }),
    );
  }

  #rawRequest(call: TS.CallExpression): RawRequest | undefined {
    if (asksMetrics(call)) return undefined;
    const { file } = spanOf(call);
    for (const { judged, isSettled } of this.#requestsAt(call, 0)) {
      const { evidence, isPing, statement } = judged;
      // Scripts wait for a server before there is a client.
      if (!evidence || !isSettled || (isPing && this.kinds.of(file) === 'script')) continue;
      return { span: calleeSpan(call), call: call.expression.getText(), evidence, isPing, statement, clients: this.input.clientsOf(file) };
    }
    return undefined;
  }

  /** The requests that a call sends. */
  #requestsAt(call: TS.CallExpression, depth: number): readonly FoundRequest[] {
    const { modules } = this.input;
    const sender = maySend(call) ? senderOf(call.expression, modules) : undefined;
    if (!sender) return this.#handedOver(call, depth);
    if (!sendsRequest(sender.library, sender.members)) return [];
    const parts = partsOf(call, sender, modules);
    const judged = this.#judge(parts, call);
    return [{ parts, judged, isSettled: judged.isOther || (judged.evidence !== undefined && !isClientFetch(call)) }];
  }

  /** The requests that a function of the project sends to a URL that the call passes. */
  #handedOver(call: TS.CallExpression, depth: number): readonly FoundRequest[] {
    if (depth >= maxDepth || call.arguments.length === 0) return [];
    const { modules, project } = this.input;
    const target = callableOfCall(call, modules);
    if (!target || !maySendRequests(project, target.getSourceFile().fileName)) return [];
    return this.#sentBy(target, depth).flatMap(({ parts, judged, isSettled }) => {
      const urls = isSettled ? [] : judged.unknown.flatMap(({ node, path }) => placesPassed(call, target, node, path));
      if (urls.length === 0) return [];
      const passed = withOptions(
        { ...parts, urls, hosts: [], ports: [], parameters: judged.parameters, forms: judged.forms },
        call,
        modules,
      );
      const outer = this.#judge(passed, call);
      return [{ parts: passed, judged: outer, isSettled: outer.isOther || outer.evidence !== undefined }];
    });
  }

  #sentBy(target: TS.FunctionLikeDeclaration, depth: number): readonly FoundRequest[] {
    const known = this.#sent.get(target);
    if (known) return known;
    this.#sent.set(target, []);
    const found = callsIn(target).flatMap((call) => this.#requestsAt(call, depth + 1));
    this.#sent.set(target, found);
    return found;
  }

  #judge(parts: RequestParts, call: TS.CallExpression): JudgedRequest {
    return judgeRequest(parts, {
      search: this.#searchFrom(call),
      isOfClient: (origin) => isAddressLike(origin) && this.#originsOfClients().has(keyOf(origin)),
    });
  }

  /** In the functions around a call, a parameter is unknown: each of their calls is judged where it stands. */
  #searchFrom(node: TS.Node): OriginSearch {
    const around = new Set<TS.Node>();
    for (let callable: TS.Node = callableOf(node); isFunction(callable); callable = callableOf(callable))
      if (!ts.isConstructorDeclaration(callable)) around.add(callable);
    return {
      modules: this.input.modules,
      readsAt: (read) => this.#reads.allIn(read.getSourceFile().fileName).filter((item) => item.node === read),
      argumentsOf: (callable) => (around.has(callable) ? [] : this.#calls.of(callable)),
      isIgnored: isOtherOption,
    };
  }

  /** Where the addresses of the clients come from. */
  #originsOfClients(): ReadonlySet<string> {
    this.#ofClients ??= new Set(
      optionsOf(this.input.constructions, this.input.modules).flatMap(({ options }) =>
        options.flatMap((option) =>
          ['url', 'host', 'hostname'].flatMap((name) =>
            originsOf(option, this.#searchFrom(option), [name]).filter(isAddressLike).map(keyOf),
          ),
        ),
      ),
    );
    return this.#ofClients;
  }
}

/** Whether the code around a request gives its URL the port and the path of the metrics. */
function asksMetrics(call: TS.CallExpression): boolean {
  const around = callableOf(call);
  return /\b9363\b|['"`]\/metrics\b/.test((ts.isSourceFile(around) ? call : around).getText());
}

const requestMember =
  /^(?:fetch|\$fetch|ofetch|raw|request|stream|pipeline|dispatch|get|post|put|patch|delete|del|head|options|axiosRef|axios|got)$/;

/** Whether the name of the callee can be that of a member that sends requests. */
function maySend({ expression }: TS.CallExpression): boolean {
  const member = memberAccess(unwrap(expression));
  return member?.name === undefined || requestMember.test(member.name) || member.object.kind === ts.SyntaxKind.ThisKeyword;
}

function callsIn(node: TS.Node): TS.CallExpression[] {
  const calls: TS.CallExpression[] = [];
  const visit = (child: TS.Node): void => {
    if (ts.isCallExpression(child)) calls.push(child);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return calls;
}

/** The argument that a call passes for a parameter. */
function placesPassed(call: TS.CallExpression, target: TS.FunctionLikeDeclaration, parameter: TS.Node, path: readonly string[]): Place[] {
  const index = target.parameters.findIndex((item) => item === parameter);
  const expression = call.arguments[index];
  return expression && !ts.isSpreadElement(expression) ? [{ expression, path }] : [];
}

/** The variable, the text, or the place of an unknown value: two values with the same key are one. */
function keyOf(origin: Origin): string {
  if (origin.kind === 'read') return isDistinctName(origin.read.name) ? origin.read.name : placeOf(origin.read.node);
  return `${placeOf(origin.node)} ${origin.kind === 'unknown' ? origin.path.join('.') : ''}`;
}

function placeOf(node: TS.Node): string {
  const { file, start } = spanOf(node);
  return `${file}:${start}`;
}

/** A scheme or a port alone is no address, nor the environment as a whole. */
function isAddressLike(origin: Origin): boolean {
  if (origin.kind === 'literal') return /[\w-]{3,}\.\w|:\/\/\w/.test(origin.node.text);
  return (
    origin.kind === 'read' ||
    origin.kind === 'composed' ||
    (origin.kind === 'unknown' && (origin.path.length > 0 || ts.isParameter(origin.node)))
  );
}
