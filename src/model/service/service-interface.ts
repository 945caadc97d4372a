import type { ts as TS } from 'ts-morph';
import type { Project } from '../../project/project.js';
import { runtimePackage } from '../clients/client-packages.js';
import { ts } from '../typescript/load-ts-morph.js';
import { staticName } from '../typescript/syntax.js';

/** The interface through which code runs statements without a client of its own. */
export interface ServiceInterface {
  /** Name of the exported type; undefined if several types may be it. */
  readonly name: string | undefined;
  /** Absolute path of its module; undefined for the runtime. */
  readonly file: string | undefined;
  /** As a message names the module: the package, or `file`. */
  readonly module: string;
  /** Names of its members; undefined if the text does not show all of them. */
  readonly members: ReadonlySet<string> | undefined;
  /** Whether all members are those of the client, so that each client fits: `Pick<ClickHouseClient, …>`. */
  readonly isPartOfClient: boolean;
}

const statementMethods = ['query', 'insert', 'command', 'exec'];

/** The interface of the runtime. */
export const runtimeService: ServiceInterface = {
  name: 'ClickHouseService',
  file: undefined,
  module: runtimePackage,
  members: new Set([...statementMethods, 'ping', 'close']),
  isPartOfClient: false,
};

/**
 * Returns the interface that modules of the service declare: the exported one with methods for statements, or the only one. Undefined if
 * they export none.
 */
export function declaredService(
  project: Project,
  parse: (file: string) => TS.SourceFile,
  isService: (file: string) => boolean,
  isClientType: (type: TS.TypeNode) => boolean,
): ServiceInterface | undefined {
  const found = [...project.sources]
    .filter(isService)
    .sort()
    .flatMap((file) => interfacesIn(parse(file), isClientType));
  const withStatements = found.filter(({ members }) => statementMethods.some((method) => members?.has(method)));
  const candidates = withStatements.length > 0 ? withStatements : found;
  const [first, ...others] = candidates;
  return first && others.length > 0 ? { ...first, name: undefined, members: undefined, isPartOfClient: false } : first;
}

function interfacesIn(source: TS.SourceFile, isClientType: (type: TS.TypeNode) => boolean): ServiceInterface[] {
  const { fileName: file } = source;
  return source.statements.flatMap((statement) => {
    const isType = ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement);
    if (!isType || !statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return [];
    const shape = ts.isInterfaceDeclaration(statement)
      ? join([
          ...(statement.heritageClauses ?? []).flatMap(({ types }) => types.map((type) => shapeOf(type, isClientType))),
          ofMembers(statement.members),
        ])
      : shapeOf(statement.type, isClientType);
    return shape ? [{ name: statement.name.text, file, module: file, ...shape }] : [];
  });
}

type Shape = Pick<ServiceInterface, 'members' | 'isPartOfClient'>;

/** The members of an object type; undefined for other types, such as a union of names. */
function shapeOf(type: TS.TypeNode, isClientType: (type: TS.TypeNode) => boolean): Shape | undefined {
  if (ts.isTypeLiteralNode(type)) return ofMembers(type.members);
  if (ts.isIntersectionTypeNode(type)) return join(type.types.map((part) => shapeOf(part, isClientType)));
  const reference = ts.isTypeReferenceNode(type) || ts.isExpressionWithTypeArguments(type) ? type : undefined;
  if (!reference) return undefined;
  const [base, keys] = reference.typeArguments ?? [];
  const name = (ts.isTypeReferenceNode(reference) ? reference.typeName : reference.expression).getText();
  if (name !== 'Pick' || !base || !keys) return { members: undefined, isPartOfClient: false };
  const names = (ts.isUnionTypeNode(keys) ? [...keys.types] : [keys]).map((key) =>
    ts.isLiteralTypeNode(key) && ts.isStringLiteral(key.literal) ? key.literal.text : undefined,
  );
  const known = names.filter((key) => key !== undefined);
  return known.length < names.length
    ? { members: undefined, isPartOfClient: false }
    : { members: new Set(known), isPartOfClient: isClientType(base) };
}

function ofMembers(members: readonly TS.TypeElement[]): Shape {
  return {
    members: new Set(members.map(({ name }) => staticName(name)).filter((name) => name !== undefined)),
    isPartOfClient: members.length === 0,
  };
}

function join(parts: readonly (Shape | undefined)[]): Shape | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (known.length === 0) return undefined;
  const isComplete = known.length === parts.length && known.every(({ members }) => members !== undefined);
  return {
    members: isComplete ? new Set(known.flatMap(({ members }) => [...(members ?? [])])) : undefined,
    isPartOfClient: known.length === parts.length && known.every(({ isPartOfClient }) => isPartOfClient),
  };
}
