import { findConnectionCalls } from './architecture/connection-calls.js';
import { findConsumers, valueExports } from './architecture/consumers.js';
import { findServers } from './architecture/servers.js';
import type { CallGraph } from './call-graph/call-graph.js';
import { runtimePackage } from './clients/client-packages.js';
import { findOutsideSettings } from './configuration/find-configuration.js';
import type { Accessor } from './connections/accessors.js';
import { ClientExportsFinder } from './connections/client-exports.js';
import type { Construction } from './connections/constructions.js';
import type { Manager } from './connections/managers.js';
import { usesRuntime } from './connections/runtime-use.js';
import type { CallSite } from './dataflow/call-sites.js';
import { findAdhocMocks } from './doubles/adhoc-mocks.js';
import { sourceModules } from './environment/source-modules.js';
import { findErrorTextMatches } from './error-texts/error-text-matches.js';
import { findFailureFacts } from './error-texts/failure-handling.js';
import { unreadCode } from './error-texts/unread-code.js';
import { deployableFinder } from './factories/deployables.js';
import type { FactoryInference } from './factories/infer-factories.js';
import type { Model } from './model.js';
import type { ModelInput } from './model-input.js';
import { clientsFinder } from './requests/clients-of-program.js';
import { findRawRequests } from './requests/find-raw-requests.js';
import { findConcreteTypes } from './service/concrete-types.js';
import { readStatementCode, type StatementCode, type StatementSources } from './statements/statement-code.js';
import { findSwallowedErrors } from './statements/swallowed-errors.js';
import { findUnreadResults } from './statements/unread-results.js';
import { fileNamesOf } from './typescript/syntax.js';

/** The code that connects, as the slice shows it. */
interface ConnectionCode {
  readonly seeds: ReadonlySet<string>;
  readonly slice: ReadonlySet<string>;
  readonly constructions: readonly Construction[];
  readonly accessors: readonly Accessor[];
  readonly managers: readonly Manager[];
  readonly sites: readonly CallSite[];
  /** Undefined without a slice. */
  readonly graph: CallGraph | undefined;
  readonly factories: () => FactoryInference;
}

/** A project without a seed file has no such code. */
export const noCode: ConnectionCode = {
  seeds: new Set(),
  slice: new Set(),
  constructions: [],
  accessors: [],
  managers: [],
  sites: [],
  graph: undefined,
  factories: () => ({ verdicts: new Map() }),
};

type FactsOfProject = Pick<
  Model,
  | 'adhocMocks'
  | 'concreteTypes'
  | 'connectionMap'
  | 'errorTextMatches'
  | 'failureHandling'
  | 'outsideSettings'
  | 'rawRequests'
  | 'statementLimits'
  | 'swallowedErrors'
  | 'unreadResults'
  | 'usesRuntime'
>;

/** Returns the facts about files outside the slice: each is computed when it is read. Called by `buildModel`. */
export function factsOfProject(input: ModelInput, code: ConnectionCode): FactsOfProject {
  const { project, settings, stubs, skippedFiles, openProgram } = input;
  const { seeds, slice, constructions, accessors, managers, sites, graph } = code;
  const { isTest, service, factory } = settings.roles;
  const constructing = new Set(constructions.map(({ span }) => span.file));
  const owners = [...accessors.map(({ callable }) => callable), ...managers.flatMap(({ callables }) => callables)];
  const owning = new Set([...constructing, ...fileNamesOf(owners)]);
  const giving = fileNamesOf(accessors.filter(({ gives }) => gives === 'client').map(({ callable }) => callable));
  // A file that overflows the stack counts as empty.
  const parse = (file: string) =>
    openProgram().parsed(file, skippedFiles.has(file) ? '' : (project.text(file) ?? ''), project.scriptLanguage(file));
  const finder = () => new ClientExportsFinder({ project, program: openProgram(), stubs, parse, ownsClients: (file) => owning.has(file) });
  const { isClientPackage, resolve } = input;
  const statementSources: StatementSources = { project, seeds, slice, skippedFiles, isTest, parse, isClientPackage, stubs, resolve };
  const statementCode = (): StatementCode | undefined => input.keepStatementCode(() => readStatementCode(statementSources));
  const ofStatements = <Fact>(find: (found: StatementCode) => readonly Fact[]): readonly Fact[] => {
    const found = statementCode();
    return found ? find(found) : [];
  };
  const withUnread = (code: StatementCode) => ({ ...code, ...unreadCode(project, code), deployableOf: deployableFinder(project) });
  return {
    usesRuntime: () => usesRuntime(project, isTest),
    outsideSettings: (inferred = code.factories()) =>
      findOutsideSettings({
        project,
        modules: sourceModules(project, parse),
        constructions,
        factories: inferred,
        sites,
        declared: settings.roles,
        usesRuntime: project.dependsOn(runtimePackage),
      }),
    rawRequests: (inferred = code.factories) =>
      findRawRequests({
        project,
        modules: sourceModules(project, parse),
        constructions,
        sites,
        isTest,
        isDeclared: (file) => factory?.(file) === true || settings.clients.some((client) => 'module' in client && client.module === file),
        clientsOf: clientsFinder(project, inferred),
      }),
    adhocMocks: () =>
      findAdhocMocks({
        project,
        parse,
        finder: once(finder),
        isTest,
        isService: (file) => service?.(file) ?? false,
        constructs: (file) => constructing.has(file),
      }),
    concreteTypes: () =>
      findConcreteTypes({
        project,
        parse,
        finder: once(finder),
        isTest,
        isService: service,
        ownsClients: (file) =>
          constructing.has(file) || giving.has(file) || factory?.(file) === true || settings.isManager?.(file) === true,
        usesRuntime: () => usesRuntime(project, isTest),
      }),
    connectionMap: () => ({
      calls: graph ? findConnectionCalls({ accessors, managers, constructions }, graph) : [],
      consumers: findConsumers({ project, modules: owning, exportsOf: (file) => valueExports(openProgram(), file), isTest }),
      servers: graph ? findServers(constructions, sites, sourceModules(project, parse)) : new Map<Construction, string>(),
    }),
    unreadResults: () => ofStatements(findUnreadResults),
    swallowedErrors: () => ofStatements(findSwallowedErrors),
    errorTextMatches: () => ofStatements((code) => findErrorTextMatches(withUnread(code))),
    failureHandling: () => {
      // The search for constructions reads more files than a rule does.
      const found = readStatementCode({ ...statementSources, withPassing: true });
      return found ? findFailureFacts(withUnread(found)) : { texts: [], handling: [] };
    },
    statementLimits: () => statementCode()?.limits ?? [],
  };
}

function once<Value>(create: () => Value): () => Value {
  let created: { readonly value: Value } | undefined;
  return () => (created ??= { value: create() }).value;
}
