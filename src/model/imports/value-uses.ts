import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';

/** The uses of names as values in a file. */
export interface ValueUses {
  /** Number of uses by name. */
  readonly uses: ReadonlyMap<string, number>;
  /** Names that a container reads to fill a parameter or a property. */
  readonly injected: ReadonlySet<string>;
  /** Names with a use that is none if the name is a type: exports, and the types of decorated members. Each counts in `uses` as well. */
  readonly onlyIfValue: ReadonlyMap<string, number>;
}

/**
 * Counts the uses of each name as a value. Another variable of the same name counts as well: an import is rather kept than dropped.
 * `importsIn` calls it.
 */
export function valueUsesIn(file: TS.SourceFile, emitsMetadata: boolean): ValueUses {
  const uses = new Map<string, number>();
  const injected = new Set<string>();
  const onlyIfValue = new Map<string, number>();
  const aliases: { readonly name: string; readonly root: string }[] = [];
  const add = (name: string, isOnlyIfValue: boolean): void => {
    uses.set(name, (uses.get(name) ?? 0) + 1);
    if (isOnlyIfValue) onlyIfValue.set(name, (onlyIfValue.get(name) ?? 0) + 1);
  };
  const visit = (node: TS.Node, isInDecorator: boolean): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isImportEqualsDeclaration(node)) {
      if (ts.isExternalModuleReference(node.moduleReference)) return;
      const root = rootOf(node.moduleReference);
      if (node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) add(root, true);
      else if (!node.isTypeOnly) aliases.push({ name: node.name.text, root });
      return;
    }
    if (ts.isIdentifier(node) && isValueUse(node)) {
      add(node.text, ts.isExportSpecifier(node.parent) || ts.isExportAssignment(node.parent));
      if (isInDecorator) injected.add(node.text);
    }
    if (emitsMetadata)
      for (const { name, isToken } of metadataNames(node)) {
        add(name, true);
        if (isToken) injected.add(name);
      }
    ts.forEachChild(node, (child) => visit(child, isInDecorator || (ts.isDecorator(child) && isInjection(child))));
  };
  visit(file, false);
  // `import O = a.Opts` is a use of `a` if `O` is used as a value. An alias can name an earlier one.
  for (const { name, root } of aliases.reverse()) if (uses.has(name)) add(root, false);
  return { uses, injected, onlyIfValue };
}

function isValueUse(node: TS.Identifier): boolean {
  return !isMemberName(node) && !isDeclaredName(node) && !isInType(node);
}

/** Whether a container evaluates the decorator to fill a parameter or a property. */
function isInjection({ parent, expression }: TS.Decorator): boolean {
  return ts.isParameter(parent) || (ts.isPropertyDeclaration(parent) && /^\w*inject/i.test(expression.getText()));
}

function isMemberName(node: TS.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isExportSpecifier(parent))
    return (
      parent.isTypeOnly ||
      parent.parent.parent.isTypeOnly ||
      parent.parent.parent.moduleSpecifier !== undefined ||
      (parent.propertyName !== undefined && parent.name === node)
    );
  return ts.isPropertyAssignment(parent) && parent.name === node;
}

/** Whether the identifier declares the name: of a method, a parameter, a type parameter, a member and so on. */
function isDeclaredName(node: TS.Identifier): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent) || ts.isExportSpecifier(parent)) return false;
  if (ts.isBindingElement(parent)) return parent.name === node || parent.propertyName === node;
  const isDeclaration =
    ts.isClassElement(parent) ||
    ts.isTypeElement(parent) ||
    ts.isFunctionLike(parent) ||
    ts.isClassLike(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isParameter(parent) ||
    ts.isTypeParameterDeclaration(parent) ||
    ts.isInterfaceDeclaration(parent) ||
    ts.isTypeAliasDeclaration(parent) ||
    ts.isEnumDeclaration(parent) ||
    ts.isEnumMember(parent) ||
    ts.isModuleDeclaration(parent) ||
    ts.isJsxAttribute(parent) ||
    ts.isNamedTupleMember(parent);
  return isDeclaration && 'name' in parent && parent.name === node;
}

/** Whether the identifier is part of a type: `a` of `a.Opts` in a type, in `implements`, in `typeof a` of a type. */
function isInType(node: TS.Identifier): boolean {
  let name: TS.Node = node;
  while (ts.isQualifiedName(name.parent) || (ts.isPropertyAccessExpression(name.parent) && name.parent.expression === name))
    name = name.parent;
  if (ts.isQualifiedName(name)) return true;
  if (ts.isPartOfTypeNode(node)) return true;
  const { parent } = name;
  if (ts.isExpressionWithTypeArguments(parent) && ts.isHeritageClause(parent.parent))
    return parent.parent.token === ts.SyntaxKind.ImplementsKeyword || ts.isInterfaceDeclaration(parent.parent.parent);
  return ts.findAncestor(node, (ancestor) => (ts.isStatement(ancestor) ? 'quit' : ts.isTypeQueryNode(ancestor))) !== undefined;
}

function rootOf(name: TS.EntityName): string {
  return ts.isIdentifier(name) ? name.text : rootOf(name.left);
}

/** The names in the types that `emitDecoratorMetadata` turns into values: of a decorated class its constructor, of a decorated member its own. */
function metadataNames(node: TS.Node): { readonly name: string; readonly isToken: boolean }[] {
  const named = (types: readonly (TS.TypeNode | undefined)[], isToken: boolean) =>
    types.flatMap((type) => {
      const name = type && serialized(type);
      return name === undefined ? [] : [{ name, isToken }];
    });
  if (ts.isClassLike(node)) {
    const constructor = node.members.find((member) => ts.isConstructorDeclaration(member) && member.body !== undefined);
    if (!constructor || !ts.isConstructorDeclaration(constructor)) return [];
    return isDecorated(node) || constructor.parameters.some(isDecorated)
      ? named(
          constructor.parameters.map(({ type }) => type),
          true,
        )
      : [];
  }
  if (ts.isPropertyDeclaration(node)) return isDecorated(node) ? named([node.type], false) : [];
  if (ts.isMethodDeclaration(node) || ts.isAccessor(node))
    return isDecorated(node) || node.parameters.some(isDecorated)
      ? named([node.type, ...node.parameters.map(({ type }) => type)], false)
      : [];
  return [];
}

function isDecorated(node: TS.Node): boolean {
  return ts.canHaveDecorators(node) && (ts.getDecorators(node)?.length ?? 0) > 0;
}

/** The root of the name that a type is emitted as; undefined if it is emitted as a built-in, as arrays and unions of several types are. */
function serialized(type: TS.TypeNode): string | undefined {
  if (ts.isParenthesizedTypeNode(type)) return serialized(type.type);
  if (ts.isTypeReferenceNode(type)) return rootOf(type.typeName);
  if (!ts.isUnionTypeNode(type)) return undefined;
  const [only, ...others] = type.types.filter((part) => part.kind !== ts.SyntaxKind.UndefinedKeyword && !isNull(part));
  return only && others.length === 0 ? serialized(only) : undefined;
}

function isNull(type: TS.TypeNode): boolean {
  return ts.isLiteralTypeNode(type) && type.literal.kind === ts.SyntaxKind.NullKeyword;
}
