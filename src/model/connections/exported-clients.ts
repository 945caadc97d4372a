import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import type { Project } from '../../project/project.js';
import { isClientType } from '../clients/constructor-types.js';
import { moduleSymbol, spanOf, staticName } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { Wrapper } from './wrappers.js';

/**
 * Returns the clients that modules export themselves, or expose in a public field of an exported class: their importers bypass the
 * factory. The model's `wrappers` calls it.
 */
export function findExportedClients(files: readonly TS.SourceFile[], checker: TS.TypeChecker, project: Project): Wrapper[] {
  return files
    .flatMap((file) => [...exportedClients(file, checker), ...publicFields(file, checker)])
    .map(({ name, node }) => ({ name, kind: 'client', span: spanOf(node), uses: usesOf(name, node, project) }));
}

interface ExportedClient {
  /** `warehouse`; of a field `Store.client`. */
  readonly name: string;
  readonly node: TS.Node;
}

function exportedClients(file: TS.SourceFile, checker: TS.TypeChecker): ExportedClient[] {
  const module = moduleSymbol(file, checker);
  if (!module) return [];
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const declaration = symbol.valueDeclaration;
    // A re-exported client is listed at its own module.
    const isOwn = declaration?.getSourceFile() === file && !ts.isSourceFile(declaration);
    return isOwn && mayBeClient(checker.getTypeOfSymbol(symbol), checker) ? [{ name: exported.name, node: nameOf(declaration) }] : [];
  });
}

function publicFields(file: TS.SourceFile, checker: TS.TypeChecker): ExportedClient[] {
  return file.statements.filter(ts.isClassDeclaration).flatMap((owner) =>
    owner.members
      .filter((member) => (ts.isPropertyDeclaration(member) || ts.isGetAccessor(member)) && isPublic(member) && isExported(owner))
      .filter((member) => mayBeClient(checker.getTypeAtLocation(member), checker))
      .map((member) => ({ name: `${owner.name?.text ?? 'default'}.${staticName(member.name) ?? ''}`, node: member.name ?? member })),
  );
}

/** Whether the type is that of a client, of a promise of one, or a union with one. */
function mayBeClient(type: TS.Type, checker: TS.TypeChecker): boolean {
  if (type.isUnion()) return type.types.some((part) => mayBeClient(part, checker));
  const awaited = checker.getAwaitedType(type);
  return isClientType(type) || (awaited !== undefined && awaited !== type && mayBeClient(awaited, checker));
}

/** Finds uses by the text alone: files that use a client construct nothing, so they are not in the slice. */
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
