import { join } from 'node:path';
import ts from 'typescript';
import { repository } from './rule-files.js';

/** A public name without a docstring, or an option whose docstring does not give its default. */
export interface MissingDoc {
  readonly name: string;
  readonly problem: string;
}

/** Walks everything that the entry files export, and the properties of those types as far as they are declared in the same sources. */
export function findMissingDocs(entries: readonly string[], isOwn: (file: string) => boolean): MissingDoc[] {
  const config: unknown = ts.readConfigFile(join(repository, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)).config;
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, repository);
  const program = ts.createProgram([...entries], { ...options, noEmit: true });
  const checker = program.getTypeChecker();
  const missing = new Map<string, MissingDoc>();
  const visited = new Set<ts.Symbol>();

  function visit(symbol: ts.Symbol, path: string): void {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const [declaration] = target.declarations ?? [];
    if (!declaration || visited.has(target) || !isOwn(declaration.getSourceFile().fileName)) return;
    visited.add(target);
    const text = ts.displayPartsToString(target.getDocumentationComment(checker)).trim();
    if (text === '') missing.set(path, { name: path, problem: 'has no docstring' });
    else if (needsDefault(declaration) && !/default|always/i.test(text))
      missing.set(path, { name: path, problem: 'is an optional setting whose docstring does not say its default' });
    for (const member of membersOf(target)) visit(member, `${path}.${member.name}`);
  }

  function membersOf(symbol: ts.Symbol): ts.Symbol[] {
    const own = [...(symbol.members?.values() ?? []), ...(symbol.flags & ts.SymbolFlags.Class ? (symbol.exports?.values() ?? []) : [])];
    const aliased = (symbol.declarations ?? []).filter(ts.isTypeAliasDeclaration).flatMap(({ type }) => literalMembers(type, checker));
    return [...own, ...aliased].filter(isPublicProperty);
  }

  for (const entry of entries) {
    const source = program.getSourceFile(entry);
    const module = source && checker.getSymbolAtLocation(source);
    if (!module) throw new Error(`${entry}: found no exports, expected an entry module. Name an existing file.`);
    for (const symbol of checker.getExportsOfModule(module)) visit(symbol, symbol.name);
  }
  return [...missing.values()];
}

/** The properties of object types that stand in a type alias, in unions as well. */
function literalMembers(type: ts.TypeNode, checker: ts.TypeChecker): ts.Symbol[] {
  if (ts.isUnionTypeNode(type) || ts.isIntersectionTypeNode(type)) return type.types.flatMap((part) => literalMembers(part, checker));
  if (!ts.isTypeLiteralNode(type)) return [];
  // A discriminant explains itself by its values.
  return type.members.flatMap((member) => (member.name && !isDiscriminant(member) ? (checker.getSymbolAtLocation(member.name) ?? []) : []));
}

function isDiscriminant(member: ts.TypeElement): boolean {
  return ts.isPropertySignature(member) && member.type !== undefined && ts.isLiteralTypeNode(member.type);
}

function isPublicProperty(symbol: ts.Symbol): boolean {
  const [declaration] = symbol.declarations ?? [];
  if (!declaration || symbol.name.startsWith('__') || symbol.name === 'prototype') return false;
  if (ts.isConstructorDeclaration(declaration) || ts.isTypeParameterDeclaration(declaration)) return false;
  const name = ts.getNameOfDeclaration(declaration);
  if (!name || ts.isPrivateIdentifier(name) || ts.isComputedPropertyName(name)) return false;
  const modifiers = ts.getCombinedModifierFlags(declaration);
  const inherited = ts.ModifierFlags.Override | ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return (modifiers & inherited) === 0;
}

/** An optional number or boolean of a type for options has a default, or says what its absence means. */
function needsDefault(declaration: ts.Declaration): boolean {
  return (
    ts.isPropertySignature(declaration) &&
    declaration.questionToken !== undefined &&
    declaration.type !== undefined &&
    (declaration.type.kind === ts.SyntaxKind.NumberKeyword || declaration.type.kind === ts.SyntaxKind.BooleanKeyword) &&
    ts.isInterfaceDeclaration(declaration.parent) &&
    /(?:Options|Limits|Policy|Input)$/.test(declaration.parent.name.text)
  );
}
