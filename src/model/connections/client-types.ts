import type { ts as TS } from 'ts-morph';
import { isClientType } from '../clients/constructor-types.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Methods that send any statement: an object with two of them is a client of the project's own. */
const statementMethods = new Set(['query', 'insert', 'command', 'exec', 'execute', 'ping', 'select']);

/** Tells types that are a client, and types that give one in one step. */
export class ClientTypes {
  constructor(private readonly checker: TS.TypeChecker) {}

  /** Whether the value is a client, or a promise or collection of clients. */
  isClient(type: TS.Type): boolean {
    if (isClientType(type)) return true;
    if (type.isUnionOrIntersection()) return type.types.some((part) => this.isClient(part));
    // An interface or class of the project that extends the client.
    if (type.isClassOrInterface() && this.checker.getBaseTypes(type).some((base) => this.isClient(base))) return true;
    const isReference = type.flags & ts.TypeFlags.Object && (type as TS.ObjectType).objectFlags & ts.ObjectFlags.Reference;
    return (
      isReference !== 0 && this.checker.getTypeArguments(type as TS.TypeReference).some((part) => part !== type && this.isClient(part))
    );
  }

  /**
   * Whether the value is a client or returns one when it is called. With `byMembers` also if a public member is or returns one, or if it has
   * methods for statements of any kind.
   */
  gives(type: TS.Type, byMembers: boolean): boolean {
    if (this.isClient(type)) return true;
    const results = type.getCallSignatures().map((signature) => this.checker.getReturnTypeOfSignature(signature));
    if (results.some((result) => this.isClient(result))) return true;
    const instances = type.getConstructSignatures().map((signature) => this.checker.getReturnTypeOfSignature(signature));
    if (instances.some((instance) => this.isClient(instance))) return true;
    return byMembers && [type, ...results, ...instances].some((part) => this.#hasClientMember(part));
  }

  #hasClientMember(type: TS.Type): boolean {
    const awaited = this.checker.getAwaitedType(type) ?? type;
    if (!(awaited.flags & ts.TypeFlags.Object) || this.checker.isArrayType(awaited)) return false;
    const members = awaited.getProperties().filter(isPublic);
    if (members.filter(({ name }) => statementMethods.has(name)).length > 1) return true;
    return members.some((member) => {
      const own = this.checker.getTypeOfSymbol(member);
      return (
        this.isClient(own) || own.getCallSignatures().some((signature) => this.isClient(this.checker.getReturnTypeOfSignature(signature)))
      );
    });
  }
}

function isPublic({ declarations = [] }: TS.Symbol): boolean {
  const hidden = ts.ModifierFlags.Private | ts.ModifierFlags.Protected;
  return declarations.every((declaration) => {
    const name = ts.getNameOfDeclaration(declaration);
    return !(name && ts.isPrivateIdentifier(name)) && (ts.getCombinedModifierFlags(declaration) & hidden) === 0;
  });
}
