import type { ts as TS } from 'ts-morph';
import { isClientType, isStubbed } from './constructor-types.js';
import { moduleSymbol } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Maximum nesting of return types, properties and type arguments that is searched for a client. */
const maxDepth = 3;
/** Types with more properties are not searched. */
const maxProperties = 60;

/** Which members of a class count. A private client is created with the instance, but other code cannot get it. */
export type Members = 'all' | 'public';

/**
 * Returns the exported names of a module that give a client: constructors, functions that return a client, classes that own one. Only
 * importers of such a name can create clients; importers of a client only use it. Called by `expandSlice`, and with the public members by `Roles`.
 */
export function exportedProviders(file: TS.SourceFile, checker: TS.TypeChecker, members: Members = 'all'): string[] {
  const module = moduleSymbol(file, checker);
  if (!module) return [];
  const providers = new ClientProviders(checker, members);
  return checker
    .getExportsOfModule(module)
    .filter((symbol) => providers.isProvider(symbol))
    .map(({ name }) => name);
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

/** Finds the types that provide or contain a client, with a cache per type. */
export class ClientProviders {
  readonly #providesClient = new Map<TS.Type, boolean>();
  readonly #containsClient = new Map<TS.Type, boolean>();

  constructor(
    private readonly checker: TS.TypeChecker,
    private readonly members: Members = 'all',
  ) {}

  /** Whether the symbol is a provider of clients. */
  isProvider(symbol: TS.Symbol): boolean {
    const target = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    if (!(target.flags & ts.SymbolFlags.Value))
      return (target.flags & ts.SymbolFlags.Type) !== 0 && isConstructorType(this.checker.getDeclaredTypeOfSymbol(target));
    const type = this.checker.getTypeOfSymbol(target);
    if (type.flags & ts.TypeFlags.Any)
      return (target.declarations ?? []).some((declaration) => requiresFiles(declaration) || this.#mentionsProvider(declaration));
    return this.providesClient(type);
  }

  /** Whether a call or construction of the value, or a call of one of its members, returns a client. */
  providesClient(type: TS.Type, depth = 0): boolean {
    return memoize(this.#providesClient, type, depth, () => {
      if (isConstructorType(type)) return true;
      if (isClientType(type)) return false;
      if (type.isUnionOrIntersection()) return type.types.some((part) => this.providesClient(part, depth));
      const results = [...type.getCallSignatures(), ...type.getConstructSignatures()].map((signature) =>
        this.checker.getReturnTypeOfSignature(signature),
      );
      if (results.some((result) => this.containsClient(result, depth + 1) || this.providesClient(result, depth + 1))) return true;
      return this.#ownProperties(type).some((property) => this.providesClient(this.checker.getTypeOfSymbol(property), depth + 1));
    });
  }

  /** Whether the value is a client or contains one: a promise, an array, an object or an instance with a client. */
  containsClient(type: TS.Type, depth = 0): boolean {
    return memoize(this.#containsClient, type, depth, () => {
      if (isClientType(type)) return true;
      if (type.isUnionOrIntersection()) return type.types.some((part) => this.containsClient(part, depth));
      if (typeArguments(type, this.checker).some((argument) => this.containsClient(argument, depth + 1))) return true;
      return this.#ownProperties(type).some((property) => this.containsClient(this.checker.getTypeOfSymbol(property), depth + 1));
    });
  }

  #ownProperties(type: TS.Type): TS.Symbol[] {
    const isProjectType = (type.getSymbol()?.declarations ?? []).some((declaration) => !declaration.getSourceFile().isDeclarationFile);
    const properties = isProjectType && type.flags & ts.TypeFlags.Object ? type.getProperties() : [];
    if (properties.length > maxProperties) return [];
    return this.members === 'all' ? properties : properties.filter(isPublic);
  }

  /** Whether the declaration uses a provider. Replaces the type, if that is `any`. */
  #mentionsProvider(declaration: TS.Node): boolean {
    let remainingNames = 400;
    const visit = (node: TS.Node): boolean => {
      if (ts.isIdentifier(node) && remainingNames-- > 0 && this.providesClient(this.checker.getTypeAtLocation(node), maxDepth - 1))
        return true;
      return ts.forEachChild(node, visit) ?? false;
    };
    return visit(declaration);
  }
}

/** Whether code outside the class can read the member: it is not private, protected or named with `#`. */
function isPublic({ declarations = [] }: TS.Symbol): boolean {
  return declarations.every((declaration) => {
    const name = ts.getNameOfDeclaration(declaration);
    const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
    return !(name && ts.isPrivateIdentifier(name)) && (ts.getCombinedModifierFlags(declaration) & hidden) === 0;
  });
}

/** Whether a `.ts` file requires another file. Such imports have type `any`, so every untyped export may be a provider. */
function requiresFiles(declaration: TS.Node): boolean {
  const { fileName, text } = declaration.getSourceFile();
  return /\.[cm]?tsx?$/.test(fileName) && /\brequire\s*\(\s*['"`][.@~#]/.test(text);
}

function isConstructorType(type: TS.Type): boolean {
  return [...type.getCallSignatures(), ...type.getConstructSignatures()].some(
    ({ declaration }) => declaration !== undefined && isStubbed(declaration),
  );
}

function typeArguments(type: TS.Type, checker: TS.TypeChecker): readonly TS.Type[] {
  const isReference = type.flags & ts.TypeFlags.Object && (type as TS.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  return isReference ? checker.getTypeArguments(type as TS.TypeReference) : [];
}

/** Caches the result of a type. During its computation the result is false, because types may refer to themselves. */
function memoize(cache: Map<TS.Type, boolean>, type: TS.Type, depth: number, compute: () => boolean): boolean {
  const cached = cache.get(type);
  if (cached !== undefined || depth > maxDepth) return cached ?? false;
  cache.set(type, false);
  const result = compute();
  cache.set(type, result);
  return result;
}
