import type { ts as TS } from 'ts-morph';
import { isClientType, isStubbed } from './constructor-types.js';
import { ts } from '../typescript/load-ts-morph.js';
import { returnedBy } from '../typescript/returned-values.js';
import { isFunction } from '../typescript/syntax.js';
import { UntypedNames } from './untyped-names.js';

/** Maximum number of calls and members between a type and the constructor that it gives. Promises, collections and unions do not count. */
const maxDepth = 8;
/** The same for a client that exists already: each part of an application leads to its clients somehow. */
const maxClientDepth = 3;
/** The same for the search for a part of a type that may hide a client. */
const maxHiddenDepth = 3;
/** Limit for the types of one search: a generic type may refer to ever new types. */
const maxTypes = 3000;

/** Which members of a class count. A private client is created with the instance, but other code cannot get it. */
export type Members = 'all' | 'public';

/** A type in a search: does it contain a client, or does a call of it give one? */
interface Question {
  readonly type: TS.Type;
  readonly isAbout: 'contained' | 'provided';
}

/** Finds the types that provide or contain a client. */
export class ClientProviders {
  /** Number of searches that the limit for types has ended without an answer. */
  cuts = 0;
  readonly #answers = { contained: new Map<TS.Type, boolean>(), provided: new Map<TS.Type, boolean>() };

  readonly #untyped: UntypedNames;
  readonly #untypedFunctions = new Map<TS.SignatureDeclaration, boolean>();

  constructor(
    private readonly checker: TS.TypeChecker,
    private readonly members: Members = 'all',
  ) {
    this.#untyped = new UntypedNames(checker);
  }

  /** Whether the symbol is a provider of clients. */
  isProvider(symbol: TS.Symbol): boolean {
    const target = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    if (!(target.flags & ts.SymbolFlags.Value))
      return (target.flags & ts.SymbolFlags.Type) !== 0 && isConstructorType(this.checker.getDeclaredTypeOfSymbol(target));
    const type = this.#untyped.isUntyped(target) ? undefined : this.checker.getTypeOfSymbol(target);
    if (!type || type.flags & ts.TypeFlags.Any)
      return (target.declarations ?? []).some((declaration) => requiresFiles(declaration) || this.#mentionsProvider(declaration));
    return this.providesClient(type) || (this.#isErased(type) && (target.declarations ?? []).some((node) => this.#mentionsProvider(node)));
  }

  /** Whether the value of a provider is a constructor of clients, or gives one by calls and members. True if its type does not tell. */
  givesConstructor(symbol: TS.Symbol): boolean {
    const target = symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    if (!(target.flags & ts.SymbolFlags.Value)) return true;
    const type = this.#untyped.isUntyped(target) ? undefined : this.checker.getTypeOfSymbol(target);
    if (!type || type.flags & ts.TypeFlags.Any || this.#isErased(type)) return true;
    return this.#search({ type, isAbout: 'provided' }, 'constructors');
  }

  /** Whether the type says nothing about the value, or nothing about the result of a call of it. A declared type may hide a client so. */
  #isErased(type: TS.Type): boolean {
    const opaque = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive;
    const results = type.getCallSignatures().map((signature) => this.checker.getReturnTypeOfSignature(signature));
    return [type, ...results].some((part) => (part.flags & opaque) !== 0);
  }

  /** Whether a call or construction of the value, or a call of one of its members, returns a client. */
  providesClient(type: TS.Type): boolean {
    return this.#answer({ type, isAbout: 'provided' });
  }

  /** Whether the value is a client or contains one: a promise, an array, an object or an instance with a client. */
  containsClient(type: TS.Type): boolean {
    return this.#answer({ type, isAbout: 'contained' });
  }

  /** Whether a part of the type, near its start, says nothing about its value. */
  mayHide(start: TS.Type): boolean {
    const opaque = ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.NonPrimitive;
    const visited = new Set<TS.Type>();
    let level = [start];
    for (let depth = 0; depth <= maxHiddenDepth && level.length > 0; depth++) {
      const next: TS.Type[] = [];
      for (const type of level) {
        if (visited.has(type)) continue;
        visited.add(type);
        if (type.flags & opaque || type.getSymbol()?.name === 'Function') return true;
        if (isClientType(type)) continue;
        level.push(...partsOf(type, this.checker));
        next.push(...this.#below({ type, isAbout: 'provided' }).map((question) => question.type));
      }
      level = next;
    }
    return false;
  }

  /** Only the answer for the start of a search is cached: the depth limit may cut the answers of the other types. */
  #answer(start: Question): boolean {
    const answers = this.#answers[start.isAbout];
    const answer = answers.get(start.type) ?? this.#search(start);
    answers.set(start.type, answer);
    return answer;
  }

  /** Searches breadth first, so that the answer does not depend on the order of members and declarations. */
  #search(start: Question, found: 'any' | 'constructors' = 'any'): boolean {
    const visited = { contained: new Set<TS.Type>(), provided: new Set<TS.Type>() };
    let level: Question[] = [start];
    for (let depth = 0; depth <= maxDepth && level.length > 0; depth++) {
      const next: Question[] = [];
      for (const question of level) {
        const { type, isAbout } = question;
        if (visited[isAbout].has(type)) continue;
        visited[isAbout].add(type);
        if (visited.contained.size + visited.provided.size > maxTypes) {
          this.cuts++;
          return false;
        }
        if (isAbout === 'contained' ? isClientType(type) : isConstructorType(type)) return true;
        if (isAbout === 'provided' && found === 'any' && type.getCallSignatures().some((call) => this.#mayReturnClient(call))) return true;
        if (isClientType(type)) continue;
        // The parts belong to the same level: the loop visits what is added to it.
        for (const part of partsOf(type, this.checker)) level.push({ type: part, isAbout });
        next.push(
          ...this.#below(question).filter(({ isAbout: about }) =>
            about === 'contained' ? found === 'any' && depth < maxClientDepth : depth < maxDepth,
          ),
        );
      }
      level = next;
    }
    return false;
  }

  /** The questions one call or one member further. */
  #below({ type, isAbout }: Question): Question[] {
    const members = this.#ownProperties(type).map((property): Question => ({ type: this.checker.getTypeOfSymbol(property), isAbout }));
    if (isAbout === 'contained') return members;
    const results = [...type.getCallSignatures(), ...type.getConstructSignatures()].map((signature) =>
      this.checker.getReturnTypeOfSignature(signature),
    );
    return [
      ...results.flatMap((result): Question[] => [
        { type: result, isAbout: 'contained' },
        { type: result, isAbout: 'provided' },
      ]),
      ...members,
    ];
  }

  /** Whether a function of unknown result returns a client on one of its paths: the other path may call a file outside the slice. */
  #mayReturnClient(signature: TS.Signature): boolean {
    const { declaration } = signature;
    if (!declaration || !isFunction(declaration) || !declaration.body) return false;
    const returned = this.checker.getReturnTypeOfSignature(signature);
    if (!((this.checker.getAwaitedType(returned) ?? returned).flags & ts.TypeFlags.Any)) return false;
    const known =
      this.#untypedFunctions.get(declaration) ??
      returnedBy(declaration).some((value) => this.containsClient(this.checker.getTypeAtLocation(value)));
    this.#untypedFunctions.set(declaration, known);
    return known;
  }

  /** The members that the code under analysis or a client package declares. */
  #ownProperties(type: TS.Type): TS.Symbol[] {
    if (!(type.flags & ts.TypeFlags.Object)) return [];
    const properties = type
      .getProperties()
      .filter(({ declarations = [] }) => declarations.some((declaration) => !isLibrary(declaration.getSourceFile())));
    return this.members === 'all' ? properties : properties.filter(isPublic);
  }

  /** Whether the declaration uses a provider. Replaces the type, if that is `any`. */
  #mentionsProvider(declaration: TS.Node): boolean {
    let remainingNames = 400;
    const visit = (node: TS.Node): boolean => {
      if (ts.isIdentifier(node) && remainingNames-- > 0 && this.#isConstructorName(node)) return true;
      return ts.forEachChild(node, visit) ?? false;
    };
    return visit(declaration);
  }

  #isConstructorName(name: TS.Identifier): boolean {
    return !this.#untyped.isUntypedName(name) && isConstructorType(this.checker.getTypeAtLocation(name));
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

/** Whether the file declares the ES library. */
function isLibrary(file: TS.SourceFile): boolean {
  return file.isDeclarationFile && !isStubbed(file);
}

/** The types that a value of the type holds without a member of its own: alternatives, type arguments, values of an index signature. */
function partsOf(type: TS.Type, checker: TS.TypeChecker): readonly TS.Type[] {
  if (type.isUnionOrIntersection()) return type.types;
  const isReference = type.flags & ts.TypeFlags.Object && (type as TS.ObjectType).objectFlags & ts.ObjectFlags.Reference;
  const typeArguments = isReference ? checker.getTypeArguments(type as TS.TypeReference) : [];
  return [...typeArguments, ...checker.getIndexInfosOfType(type).map((info) => info.type)];
}
