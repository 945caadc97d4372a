import type { ts as TS } from 'ts-morph';
import type { ImportedModules } from '../clients/imported-modules.js';
import { ts } from '../typescript/load-ts-morph.js';
import { type CommonJsExports, commonJsExports } from './commonjs-exports.js';
import { importedName } from './imported-name.js';
import type { TypeInfo } from './type-info.js';

/** The exports of modules that the type checker does not know, read once for each module. */
export class CommonJsModules {
  readonly #exports = new Map<TS.SourceFile, CommonJsExports | undefined>();

  exportsOf(file: TS.SourceFile): CommonJsExports | undefined {
    if (!this.#exports.has(file)) this.#exports.set(file, commonJsExports(file));
    return this.#exports.get(file);
  }
}

/** An export of a module of the slice: `*` for the module itself. */
interface UnresolvedImport {
  readonly module: TS.SourceFile;
  readonly name: string;
}

/** Finds the modules behind imported names that the type checker does not resolve. Created by `ValueFlow`. */
export class UnresolvedImports {
  readonly #bySymbol = new Map<TS.Symbol, UnresolvedImport | undefined>();

  constructor(
    private readonly typeInfo: TypeInfo,
    private readonly modules: ImportedModules,
    private readonly commonJs: CommonJsModules,
  ) {}

  /** Returns the module and the export that a name was imported as; undefined if the checker resolves it, or if no module of the slice has it. */
  moduleOf(name: TS.Identifier): UnresolvedImport | undefined {
    const symbol = this.typeInfo.symbolAt(name);
    if (!symbol || !(symbol.flags & ts.SymbolFlags.Alias)) return undefined;
    if (!this.#bySymbol.has(symbol)) this.#bySymbol.set(symbol, this.#find(name, symbol));
    return this.#bySymbol.get(symbol);
  }

  #find(name: TS.Identifier, symbol: TS.Symbol): UnresolvedImport | undefined {
    const { checker } = this.typeInfo;
    if (!checker.isUnknownSymbol(checker.getAliasedSymbol(symbol))) return undefined;
    const importOf = () => symbol.declarations?.[0];
    const imported = importedName(name, { importOf, declarationOf: importOf });
    const module = imported && this.modules.imported(name.getSourceFile(), imported.module);
    return module && this.commonJs.exportsOf(module) ? { module, name: imported.name } : undefined;
  }
}
