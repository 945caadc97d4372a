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
export function makersExportedBy(file: TS.SourceFile, checker: TS.TypeChecker): string[] {
  const module = moduleSymbol(file, checker);
  if (!module) return [];
  const makers = new Makers(checker);
  return checker
    .getExportsOfModule(module)
    .filter((symbol) => makers.isMaker(symbol))
    .map(({ name }) => name);
}

/** Answers what a type offers, each type asked once. */
export class Makers {
  readonly #makes = new Map<TS.Type, boolean>();
  readonly #holds = new Map<TS.Type, boolean>();

  constructor(private readonly checker: TS.TypeChecker) {}

  isMaker(symbol: TS.Symbol): boolean {
    const target = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    if (!(target.flags & ts.SymbolFlags.Value))
      return (target.flags & ts.SymbolFlags.Type) !== 0 && isConstructorType(this.checker.getDeclaredTypeOfSymbol(target));
    const type = this.checker.getTypeOfSymbol(target);
    if (type.flags & ts.TypeFlags.Any)
      return (target.declarations ?? []).some((declaration) => requiresFiles(declaration) || this.#mentionsMaker(declaration));
    return this.makes(type);
  }

  /** Calling it, constructing it, or calling one of its members gives a client. */
  makes(type: TS.Type, depth = 0): boolean {
    return remember(this.#makes, type, depth, () => {
      if (isConstructorType(type)) return true;
      if (isClientType(type)) return false;
      if (type.isUnionOrIntersection()) return type.types.some((part) => this.makes(part, depth));
      const results = [...type.getCallSignatures(), ...type.getConstructSignatures()].map((signature) =>
        this.checker.getReturnTypeOfSignature(signature),
      );
      if (results.some((result) => this.holds(result, depth + 1) || this.makes(result, depth + 1))) return true;
      return this.#ownProperties(type).some((property) => this.makes(this.checker.getTypeOfSymbol(property), depth + 1));
    });
  }

  /** It is a client, or keeps one: a promise, an array, an object or an instance with a client inside. */
  holds(type: TS.Type, depth = 0): boolean {
    return remember(this.#holds, type, depth, () => {
      if (isClientType(type)) return true;
      if (type.isUnionOrIntersection()) return type.types.some((part) => this.holds(part, depth));
      if (typeArguments(type, this.checker).some((argument) => this.holds(argument, depth + 1))) return true;
      return this.#ownProperties(type).some((property) => this.holds(this.checker.getTypeOfSymbol(property), depth + 1));
    });
  }

  #ownProperties(type: TS.Type): TS.Symbol[] {
    const isOurs = (type.getSymbol()?.declarations ?? []).some((declaration) => !declaration.getSourceFile().isDeclarationFile);
    const properties = isOurs && type.flags & ts.TypeFlags.Object ? type.getProperties() : [];
    return properties.length <= widest ? properties : [];
  }

  /** Where types are lost, the names inside the declaration still say what it was made from. */
  #mentionsMaker(declaration: TS.Node): boolean {
    let budget = 400;
    const visit = (node: TS.Node): boolean => {
      if (ts.isIdentifier(node) && budget-- > 0 && this.makes(this.checker.getTypeAtLocation(node), deepest - 1)) return true;
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
