import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { isCall } from '../dataflow/normalize-call.js';
import { sourceModules } from '../environment/source-modules.js';
import type { CodeKind } from '../factories/code-kinds.js';
import type { FactoryInference } from '../factories/infer-factories.js';
import { ts } from '../typescript/load-ts-morph.js';
import { callableOf, isFunction, isWrapped, unwrap } from '../typescript/syntax.js';
import { returnedBy } from '../typescript/returned-values.js';
import { Configurations } from './configuration.js';
import { type Keeper, LastingValues } from './lasting-clients.js';
import { sharedProcesses } from './process-imports.js';

/** A client that is made for the configuration of another one in the same process. */
export interface DuplicateClient {
  /** The call that makes it. */
  readonly node: TS.Node;
  /** The call that makes the first one. */
  readonly first: TS.Node;
  /** Whether the code at the second call can use the first client by a name, or what keeps it elsewhere. */
  readonly firstIs: 'here' | Keeper;
  /** Whether the first client is in a factory, and the second one is not. */
  readonly isOfFactory: boolean;
}

/** The inputs of the search. */
export interface DuplicateInput {
  readonly sites: readonly CallSite[];
  readonly checker: TS.TypeChecker;
  readonly project: Project;
  readonly kindOf: (file: string) => CodeKind;
  /** Returns the syntax tree of any file of the project. */
  readonly parse: (file: string) => TS.SourceFile;
  /** Infers the factories. Only called if two clients have one configuration. */
  readonly factories: () => FactoryInference;
}

interface LastingClient {
  readonly node: TS.Node;
  readonly file: string;
  readonly keeper: Keeper;
  readonly configuration: string;
}

const officialPackages = /^@clickhouse\/client(?:-web)?$/;

/** Behind the client of the factory, a client that other code can import comes first. */
const order: readonly Keeper[] = ['exported', 'constant', 'field'];

/** Returns the clients that repeat the configuration of another one, by configuration and position. The model's `duplicateClients` calls it. */
export function findDuplicateClients(input: DuplicateInput): DuplicateClient[] {
  const groups = new Map<string, LastingClient[]>();
  for (const client of lastingClients(input)) groups.set(client.configuration, [...(groups.get(client.configuration) ?? []), client]);
  const isShared = sharedProcesses(input.project, input.kindOf);
  const equal = [...groups.values()].filter(({ length }) => length > 1);
  if (equal.length === 0) return [];
  const { verdicts } = input.factories();
  const isFactory = ({ file }: LastingClient): boolean => verdicts.get(file)?.kind === 'factory';
  return equal.flatMap((clients) => {
    const sorted = [...clients].sort((one, other) => Number(isFactory(other)) - Number(isFactory(one)) || compare(one, other));
    return sorted.flatMap((client, index): DuplicateClient[] => {
      const first = sorted.slice(0, index).find((earlier) => isShared(earlier.file, client.file));
      if (!first) return [];
      const firstIs = isHere(first, client) ? 'here' : first.keeper;
      return [{ node: client.node, first: first.node, firstIs, isOfFactory: isFactory(first) && !isFactory(client) }];
    });
  });
}

function isHere(first: LastingClient, second: LastingClient): boolean {
  const classOf = ({ node }: LastingClient): TS.Node | undefined => ts.findAncestor(node, ts.isClassLike);
  return first.file === second.file && (first.keeper !== 'field' || classOf(first) === classOf(second));
}

function compare(one: LastingClient, other: LastingClient): number {
  if (one.keeper !== other.keeper) return order.indexOf(one.keeper) - order.indexOf(other.keeper);
  if (one.file !== other.file) return one.file < other.file ? -1 : 1;
  return one.node.pos - other.node.pos;
}

/** The clients that live as long as the process, with a configuration that the code shows. */
function lastingClients({ sites, checker, project, kindOf, parse }: DuplicateInput): LastingClient[] {
  const configurations = new Configurations(sourceModules(project, parse));
  const lasting = new LastingValues(sites, checker);
  const found: LastingClient[] = [];
  const add = ({ node }: CallSite, prefix: string): void => {
    const file = node.getSourceFile().fileName;
    if (!isCall(node) || kindOf(file) !== 'production') return;
    const keeper = lasting.keeperOf(node);
    if (!keeper) return;
    const configuration = configurations.of([...(node.arguments ?? [])]);
    if (configuration !== undefined && !/session_id|\{keep_alive/.test(configuration))
      found.push({ node, file, keeper, configuration: `${prefix}(${configuration})` });
  };
  for (const site of sites) {
    const constructor = [...site.constructors].find((candidate) => officialPackages.test(candidate.package));
    if (!constructor || !isCall(site.node)) continue;
    const { node } = site;
    add(site, constructor.package);
    const around = callableOf(node);
    // Each call of a function that only returns a new client makes one, unless other code got the function: `once(() => createClient())`.
    if (isFunction(around) && !isPassed(around) && returnedBy(around).every((value) => unwrap(value) === node))
      for (const call of sites)
        if (call.targets.has(around) && !call.callbacks.has(around)) add(call, `${around.getSourceFile().fileName}:${around.pos}`);
  }
  return found;
}

function isPassed(callable: TS.Node): boolean {
  const { parent } = callable;
  return isWrapped(parent) ? isPassed(parent) : isCall(parent) && (parent.arguments?.some((argument) => argument === callable) ?? false);
}
