import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import type { Project } from '../../project/project.js';
import { isClientType } from '../clients/constructor-types.js';
import { moduleSymbol, spanOf, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { Wrapper } from './wrappers.js';

/** Clients that a module exports as they are, or that a class holds up for everybody: who imports them goes past the factory. */
export function findExportedClients(files: readonly TS.SourceFile[], checker: TS.TypeChecker, project: Project): Wrapper[] {
  return files
    .flatMap((file) => [...exportedClients(file, checker), ...publicFields(file, checker)])
    .map(({ name, node }) => ({ name, kind: 'client', span: spanOf(node), uses: usesOf(name, node, project) }));
}

interface RawClient {
  /** `warehouse`, or `Store.client` of a field. */
  readonly name: string;
  readonly node: TS.Node;
}

function exportedClients(file: TS.SourceFile, checker: TS.TypeChecker): RawClient[] {
  const module = moduleSymbol(file, checker);
  if (!module) return [];
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = symbol.valueDeclaration;
    // What is only passed on is listed where it comes from.
    const isOwn = declaration?.getSourceFile() === file && !ts.isSourceFile(declaration);
    return isOwn && isRawClient(checker.getTypeOfSymbol(symbol), checker) ? [{ name: exported.name, node: nameOf(declaration) }] : [];
  });
}

function publicFields(file: TS.SourceFile, checker: TS.TypeChecker): RawClient[] {
  return file.statements.filter(ts.isClassDeclaration).flatMap((owner) =>
    owner.members
      .filter((member) => (ts.isPropertyDeclaration(member) || ts.isGetAccessor(member)) && isPublic(member) && isExported(owner))
      .filter((member) => isRawClient(checker.getTypeAtLocation(member), checker))
      .map((member) => ({ name: `${owner.name?.text ?? 'default'}.${staticName(member.name) ?? ''}`, node: member.name ?? member })),
  );
}

/** A client, the promise of one, or perhaps one. */
function isRawClient(type: TS.Type, checker: TS.TypeChecker): boolean {
  if (type.isUnion()) return type.types.some((part) => isRawClient(part, checker));
  const awaited = checker.getAwaitedType(type);
  return isClientType(type) || (awaited !== undefined && awaited !== type && isRawClient(awaited, checker));
}

/** By the text alone: who uses a client constructs nothing, so these files need not be looked at in depth. */
function usesOf(name: string, node: TS.Node, project: Project): Span[] {
  const word = name.split('.').at(-1) ?? name;
  const mention = new RegExp(`(?<![\\w$])${word.replace(/\$/g, '\\$')}(?![\\w$])`);
  const uses = new Map<string, Span>();
  const pending = [node.getSourceFile().fileName];
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    for (const importer of project.importersOf(file)) {
      const text = project.text(importer) ?? '';
      const start = uses.has(importer) ? -1 : text.search(mention);
      const passesOn = /\bexport\s*(?:\*|\{[^}]*\}\s*from\b)/.test(text);
      if (start >= 0) uses.set(importer, { file: importer, start, end: start + word.length });
      else if (!uses.has(importer) && /\bexport\s*\*/.test(text)) uses.set(importer, { file: importer, start: 0, end: 0 });
      else continue;
      if (passesOn) pending.push(importer);
    }
  }
  return [...uses.values()].filter(({ end }) => end > 0);
}

function nameOf(declaration: TS.Declaration): TS.Node {
  return ts.getNameOfDeclaration(declaration) ?? declaration;
}

function isExported(node: TS.ClassDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function isPublic(member: TS.ClassElement): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return !(member.name && ts.isPrivateIdentifier(member.name)) && (ts.getCombinedModifierFlags(member) & hidden) === 0;
}
