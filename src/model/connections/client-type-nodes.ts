import type { ts as TS } from 'ts-morph';
import { localImports } from '../typescript/local-imports.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { ClientExportsFinder, ClientModuleTarget } from './client-exports.js';

/** The module and the export that a type names. */
export interface NamedClientType {
  readonly target: ClientModuleTarget;
  /** The exported type, or the exported value of which the type is taken. */
  readonly name: string;
  /** `type`: the exported type itself. `value`: the type of a value, or of what it returns. */
  readonly kind: 'type' | 'value';
}

/** Types that give the client behind a type of a value. */
const resultTypes = /^(?:Awaited|ReturnType|InstanceType|NonNullable)$/;

/** Returns what a type names, if that is a client: `ClickHouseClient`, `CH.ClickHouseClient`, `import('x').T`, `ReturnType<typeof createClient>`. */
export function namedClientType(type: TS.TypeNode, finder: ClientExportsFinder): NamedClientType | undefined {
  if (ts.isParenthesizedTypeNode(type)) return namedClientType(type.type, finder);
  if (ts.isTypeQueryNode(type)) return ofEntity(type.exprName, 'value', finder);
  if (ts.isImportTypeNode(type)) return ofImportType(type, finder);
  if (!ts.isTypeReferenceNode(type)) return undefined;
  const { typeName } = type;
  const [argument] = type.typeArguments ?? [];
  if (ts.isIdentifier(typeName) && argument && resultTypes.test(typeName.text)) return namedClientType(argument, finder);
  return ofEntity(typeName, 'type', finder);
}

function ofEntity(entity: TS.EntityName, kind: NamedClientType['kind'], finder: ClientExportsFinder): NamedClientType | undefined {
  const root = ts.isIdentifier(entity) ? entity : entity.left;
  if (!ts.isIdentifier(root)) return undefined;
  const file = entity.getSourceFile();
  const imported = localImports(file).get(root.text);
  if (!imported) return undefined;
  const name = ts.isIdentifier(entity)
    ? imported.name
    : imported.name === '*' || imported.name === 'default'
      ? entity.right.text
      : undefined;
  return name === undefined ? undefined : exported(file, imported.specifier, name, kind, finder);
}

function ofImportType({ argument, qualifier, isTypeOf }: TS.ImportTypeNode, finder: ClientExportsFinder): NamedClientType | undefined {
  if (!qualifier || !ts.isIdentifier(qualifier) || !ts.isLiteralTypeNode(argument) || !ts.isStringLiteral(argument.literal))
    return undefined;
  return exported(argument.getSourceFile(), argument.literal.text, qualifier.text, isTypeOf ? 'value' : 'type', finder);
}

function exported(
  file: TS.SourceFile,
  specifier: string,
  name: string,
  kind: NamedClientType['kind'],
  finder: ClientExportsFinder,
): NamedClientType | undefined {
  const target = finder.of(file.fileName, specifier);
  const names = kind === 'type' ? target?.types : target?.values;
  return target && names?.has(name) ? { target, name, kind } : undefined;
}
