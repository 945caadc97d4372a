import type { ts as TS } from 'ts-morph';
import { moduleSymbol } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { constructorHolders } from './constructor-holders.js';
import { ClientProviders, type Members } from './providers.js';

/** An exported name that gives a client. */
export interface ExportedProvider {
  readonly name: string;
  /** Whether the code that imports it may call a constructor of clients itself. If not, only code behind the name constructs. */
  readonly givesConstructor: boolean;
}

/**
 * Returns the exported names of a module that give a client: constructors, functions that return a client, classes that own one. Only
 * importers of such a name can create clients; importers of a client only use it. Called by `expandSlice`.
 * @param isAsked whether the answer for a name matters: each answer costs a search through types
 * @param noteCut receives each name for which a limit ended the search
 */
export function exportedProviders(
  file: TS.SourceFile,
  checker: TS.TypeChecker,
  isAsked: (name: string) => boolean,
  noteCut: (name: string) => void,
): readonly ExportedProvider[] {
  const providers = new ClientProviders(checker);
  const isProvider = (symbol: TS.Symbol): boolean => {
    const cuts = providers.cuts;
    const answer = providers.isProvider(symbol);
    if (!answer && providers.cuts > cuts) noteCut(symbol.name);
    return answer;
  };
  return exportsOf(file, checker)
    .filter((symbol) => isAsked(symbol.name) && isProvider(symbol))
    .map((symbol) => ({ name: symbol.name, givesConstructor: providers.givesConstructor(symbol) }));
}

/** Whether a module exports a name that gives a client, by these members. `filesWithProviders` and `Roles` call it. */
export function exportsProvider(file: TS.SourceFile, checker: TS.TypeChecker, members: Members = 'all'): boolean {
  const providers = new ClientProviders(checker, members);
  return exportsOf(file, checker).some((symbol) => providers.isProvider(symbol));
}

/** `export =` gives its members as exports; the exported value itself is one more. */
function exportsOf(file: TS.SourceFile, checker: TS.TypeChecker): readonly TS.Symbol[] {
  const module = moduleSymbol(file, checker);
  if (!module) return [];
  const exportEquals = module.exports?.get(ts.InternalSymbolName.ExportEquals);
  return [...checker.getExportsOfModule(module), ...(exportEquals ? [exportEquals] : [])];
}

/** Questions about the imports of a module, by what earlier modules export. */
export interface KnownHolders {
  /** Whether the module of an imported name exports it as one that may give a client by its value. */
  readonly isHolder: (symbol: TS.Symbol) => boolean;
  /** Whether a call imports a module that gives a client in some way. */
  readonly isHolderImport: (call: TS.Expression) => boolean;
}

/**
 * Returns the exported names of a module that may give a client by their values, although their types hide it: `any`, `unknown`, a type of
 * the code itself behind a cast, exports of CommonJS that the checker does not know. Called by `expandSlice`.
 */
export function hiddenProviders(file: TS.SourceFile, checker: TS.TypeChecker, { isHolder, isHolderImport }: KnownHolders): string[] {
  const module = moduleSymbol(file, checker);
  const providers = new ClientProviders(checker);
  const imported = new Map<TS.Symbol, boolean>();
  const isSource = (node: TS.Expression): boolean => {
    if (!ts.isIdentifier(node)) return providers.providesClient(checker.getTypeAtLocation(node)) || isHolderImport(node);
    const symbol = checker.getSymbolAtLocation(node);
    if (!symbol || !(symbol.flags & ts.SymbolFlags.Alias)) return false;
    const known =
      imported.get(symbol) ?? (isHolder(symbol) || providers.providesClient(checker.getTypeOfSymbol(checker.getAliasedSymbol(symbol))));
    imported.set(symbol, known);
    return known;
  };
  const { names, isCast } = constructorHolders(file, isSource);
  if (names.size === 0) return [];
  const exported = (module ? checker.getExportsOfModule(module) : []).filter((symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const local =
      target.name === 'default'
        ? 'default'
        : (target.declarations
            ?.map(ts.getNameOfDeclaration)
            .find((name) => name && ts.isIdentifier(name))
            ?.getText() ?? target.name);
    return names.has(local) && target.flags & ts.SymbolFlags.Value && (isCast || providers.mayHide(checker.getTypeOfSymbol(target)));
  });
  return [...exported.map(({ name }) => name), ...(names.has('exports') ? ['export='] : [])];
}

/** Whether an export of a module is a client or gives one, as far as its type says. An export of type `any` says nothing. */
export function givesClient(file: TS.SourceFile, checker: TS.TypeChecker): boolean {
  const module = moduleSymbol(file, checker);
  const providers = new ClientProviders(checker);
  return (module ? checker.getExportsOfModule(module) : []).some((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const type = checker.getTypeOfSymbol(symbol);
    return providers.containsClient(type) || providers.providesClient(type);
  });
}
