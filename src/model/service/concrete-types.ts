import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import type { ClientExportsFinder } from '../connections/client-exports.js';
import { namedClientType } from '../connections/client-type-nodes.js';
import { reexportsIn } from '../connections/reexports.js';
import { localImports } from '../typescript/local-imports.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isFunction, spanOf } from '../typescript/syntax.js';
import type { ConcreteType } from './concrete-type.js';
import { declarationBy, membersUsed } from './declared-types.js';
import { replaceType } from './interface-import.js';
import { declaredService, runtimeService, type ServiceInterface } from './service-interface.js';

/** The inputs of the search. */
export interface ConcreteTypeInput {
  readonly project: Project;
  readonly parse: (file: string) => TS.SourceFile;
  readonly finder: () => ClientExportsFinder;
  readonly isTest: (file: string) => boolean;
  /** Whether the settings name the file as a part of the service. Undefined if they name none. */
  readonly isService: ((file: string) => boolean) | undefined;
  /** Whether the file makes, manages or gives clients. Such code has to name the client. */
  readonly ownsClients: (file: string) => boolean;
  readonly usesRuntime: () => boolean;
}

const namesClient: TextQuestion = { kind: 'matches', patterns: [patternText(/click_?house|chdb/i)] };

/** Types of the runtime that are the service, or have it. */
const runtimeServiceTypes = new Set(['ClickHouseService', 'LazyClickHouseService', 'ManagedClient']);

/** Returns the declared types of consumers that are the concrete client, if the project has a service interface. Called by `buildModel`. */
export function findConcreteTypes(input: ConcreteTypeInput): ConcreteType[] {
  const { project, isTest, isService, ownsClients } = input;
  const service = serviceOf(input);
  if (!service) return [];
  return [...project.sources]
    .sort()
    .filter((file) => /\.(?:[cm]?tsx?|vue|svelte|astro)$/.test(file) && !isTest(file) && !isService?.(file) && !ownsClients(file))
    .filter((file) => project.ask(file, namesClient) !== '')
    .filter((file) => project.specifiersOf(file).some((specifier) => input.finder().of(file, specifier) !== undefined))
    .flatMap((file) => concreteTypesIn(input.parse(file), service, input));
}

function serviceOf({ project, parse, finder, isService, usesRuntime }: ConcreteTypeInput): ServiceInterface | undefined {
  if (isService) return declaredService(project, parse, isService, (type) => namedClientType(type, finder())?.target.kind === 'package');
  return usesRuntime() ? runtimeService : undefined;
}

function concreteTypesIn(source: TS.SourceFile, service: ServiceInterface, input: ConcreteTypeInput): ConcreteType[] {
  const found: ConcreteType[] = [];
  const visit = (node: TS.Node): void => {
    const isType = ts.isTypeReferenceNode(node) || ts.isImportTypeNode(node);
    const concrete = isType ? concreteType(node, service, input) : undefined;
    if (concrete) found.push(concrete);
    else ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function concreteType(
  type: TS.TypeReferenceNode | TS.ImportTypeNode,
  service: ServiceInterface,
  input: ConcreteTypeInput,
): ConcreteType | undefined {
  const named = namedClientType(type, input.finder());
  const kind = named && kindOf(named, input);
  const declaration = kind && declarationBy(type);
  if (!declaration || isAdapter(declaration, service, input)) return undefined;
  const used = membersUsed(declaration, type);
  // Other code of the manager is not part of the service: sessions, health, shutdown.
  if (kind === 'manager' && !(used?.size === 1 && used.has('service'))) return undefined;
  const missing = kind === 'manager' ? [] : [...(used ?? [])].filter((member) => service.members && !service.members.has(member));
  const { name, file } = service;
  const isCertain =
    kind === 'client' &&
    used &&
    missing.length === 0 &&
    service.members &&
    service.isPartOfClient &&
    'type' in declaration &&
    declaration.type === type;
  return {
    span: spanOf(type),
    kind,
    text: type.getText(),
    package: named.target.kind === 'module' ? named.name : named.target.name,
    service,
    missing,
    fix: isCertain && name !== undefined && file !== undefined ? replaceType(type, { name, file }, input.project) : undefined,
  };
}

function kindOf(
  { target, name, kind }: NonNullable<ReturnType<typeof namedClientType>>,
  { parse, isService, ownsClients }: ConcreteTypeInput,
): ConcreteType['kind'] | undefined {
  if (target.kind === 'package') return 'client';
  if (target.kind === 'runtime') return name === 'ClickHouseConnectionManager' && kind === 'type' ? 'manager' : undefined;
  if (kind === 'value' || isService?.(target.name)) return undefined;
  // An alias in other code has a finding of its own.
  const isPassedOn = reexportsIn(parse(target.name)).some(({ exported }) => exported === name || exported === '*');
  return ownsClients(target.name) || isPassedOn ? 'client' : undefined;
}

/** Whether the code around makes the service from the client: it implements it, returns it, or calls code of the service modules. */
function isAdapter(declaration: TS.Node, service: ServiceInterface, { project, isService }: ConcreteTypeInput): boolean {
  const source = declaration.getSourceFile();
  const isServiceName = (name: string): boolean => {
    const imported = localImports(source).get(name);
    if (!imported) return false;
    if (service.file === undefined) return imported.specifier === service.module && runtimeServiceTypes.has(imported.name);
    const target = project.resolve(source.fileName, imported.specifier);
    return target !== undefined && isService?.(target) === true;
  };
  const mentionsService = (node: TS.Node): boolean =>
    (ts.isIdentifier(node) && isServiceName(node.text)) || (ts.forEachChild(node, (child) => mentionsService(child) || undefined) ?? false);
  const makesService = (node: TS.Node): boolean =>
    ((ts.isCallExpression(node) || ts.isNewExpression(node)) && mentionsService(node.expression)) ||
    (ts.forEachChild(node, (child) => makesService(child) || undefined) ?? false);
  for (let around = declaration.parent; !ts.isSourceFile(around); around = around.parent) {
    if (ts.isClassLike(around) && around.heritageClauses?.some(mentionsService)) return true;
    if (isFunction(around) && ((around.type && mentionsService(around.type)) || (around.body && makesService(around.body)))) return true;
    if (ts.isFunctionTypeNode(around) && mentionsService(around.type)) return true;
  }
  return false;
}
