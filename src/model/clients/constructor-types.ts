import type { ts as TS } from 'ts-morph';
import type { ClientConstructor } from './client-packages.js';
import { clientInterface, stubFolder, type Stubs } from './stubs.js';

/** Returns the client constructor that a call or `new` of a value of this type runs. Called by `TypeInfo`. */
export function constructorOfType(type: TS.Type, stubs: Stubs): ClientConstructor | undefined {
  for (const part of type.isUnion() ? type.types : [type]) {
    for (const signature of [...part.getCallSignatures(), ...part.getConstructSignatures()]) {
      const owner = signature.declaration?.parent;
      if (owner && 'name' in owner && isStubbed(owner)) {
        const found = stubs.constructors.get((owner as TS.InterfaceDeclaration).name.text);
        if (found) return found;
      }
    }
  }
  return undefined;
}

/** Whether the type is a client. */
export function isClientType(type: TS.Type): boolean {
  const symbol = type.getSymbol();
  return symbol?.name === clientInterface && (symbol.declarations ?? []).some(isStubbed);
}

/** Whether the node is part of the stubs. */
export function isStubbed(node: TS.Node): boolean {
  return node.getSourceFile().fileName.startsWith(stubFolder);
}
