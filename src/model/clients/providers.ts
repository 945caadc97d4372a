import type { ts as TS } from 'ts-morph';
import { isClientType, isStubbed } from './constructor-types.js';
import { moduleSymbol } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

const deepest = 3;
const widest = 60;

/**
 * Names that a module exports and by which a client can be *made or asked for*: constructors, functions that return a client,
 * classes that own one. Only who imports such a name can construct, and is looked at next; who imports a client merely uses it.
 */
export function exportedProviders(file: TS.SourceFile, checker: TS.TypeChecker): string[] {
  const module = moduleSymbol(file, checker);
  if (!module) return [];
  const providers = new ClientProviders(checker);
  return checker
    .getExportsOfModule(module)
    .filter((symbol) => providers.isProvider(symbol))
    .map(({ name }) => name);
}

/** Answers what a type offers, each type asked once. */
export class ClientProviders {
  readonly #providesClient = new Map<TS.Type, boolean>();
  readonly #containsClient = new Map<TS.Type, boolean>();

  constructor(private readonly checker: TS.TypeChecker) {}

  isProvider(symbol: TS.Symbol): boolean {
    const target = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    if (!(target.flags & ts.SymbolFlags.Value))
      return (target.flags & ts.SymbolFlags.Type) !== 0 && isConstructorType(this.checker.getDeclaredTypeOfSymbol(target));
    const type = this.checker.getTypeOfSymbol(target);
    if (type.flags & ts.TypeFlags.Any)
      return (target.declarations ?? []).some((declaration) => requiresFiles(declaration) || this.#mentionsProvider(declaration));
    return this.providesClient(type);
  }

  /** Calling it, constructing it, or calling one of its members gives a client. */
  providesClient(type: TS.Type, depth = 0): boolean {
    return remember(this.#providesClient, type, depth, () => {
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

  /** It is a client, or keeps one: a promise, an array, an object or an instance with a client inside. */
  containsClient(type: TS.Type, depth = 0): boolean {
    return remember(this.#containsClient, type, depth, () => {
      if (isClientType(type)) return true;
      if (type.isUnionOrIntersection()) return type.types.some((part) => this.containsClient(part, depth));
      if (typeArguments(type, this.checker).some((argument) => this.containsClient(argument, depth + 1))) return true;
      return this.#ownProperties(type).some((property) => this.containsClient(this.checker.getTypeOfSymbol(property), depth + 1));
    });
  }

  #ownProperties(type: TS.Type): TS.Symbol[] {
    const isOurs = (type.getSymbol()?.declarations ?? []).some((declaration) => !declaration.getSourceFile().isDeclarationFile);
    const properties = isOurs && type.flags & ts.TypeFlags.Object ? type.getProperties() : [];
    return properties.length <= widest ? properties : [];
  }

  /** Where types are lost, the names inside the declaration still say what it was made from. */
  #mentionsProvider(declaration: TS.Node): boolean {
    let budget = 400;
    const visit = (node: TS.Node): boolean => {
      if (ts.isIdentifier(node) && budget-- > 0 && this.providesClient(this.checker.getTypeAtLocation(node), deepest - 1)) return true;
      return ts.forEachChild(node, visit) ?? false;
    };
    return visit(declaration);
  }
}

/** What a `.ts` file gets by `require` of another file has no type: then anything untyped may be a maker. */
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

/** Types refer to themselves: while one is being looked at, it adds nothing. */
function remember(answers: Map<TS.Type, boolean>, type: TS.Type, depth: number, look: () => boolean): boolean {
  const known = answers.get(type);
  if (known !== undefined || depth > deepest) return known ?? false;
  answers.set(type, false);
  const answer = look();
  answers.set(type, answer);
  return answer;
}
