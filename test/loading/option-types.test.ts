import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { repository } from '../places.js';

const source = join(repository, 'runtime/src').replaceAll(sep, '/');

/** Whether a value comes from the caller, or from the package. */
type Origin = 'caller' | 'package';

/** Returns the optional properties of values that callers pass to an entry point and that do not accept `undefined`, as `Type.key`. */
function propertiesWithoutUndefined(): string[] {
  const { options } = ts.parseJsonConfigFileContent({ extends: './tsconfig.base.json', files: [] }, ts.sys, repository);
  const entries = readdirSync(source).filter((name) => name.endsWith('.ts'));
  const program = ts.createProgram(
    entries.map((name) => join(source, name)),
    options,
  );
  const checker = program.getTypeChecker();
  const found = new Map<string, ts.Type>();
  const visited = { caller: new Set<ts.Type>(), package: new Set<ts.Type>() };

  /** With `exactOptionalPropertyTypes`, the type of an absent property is another one than `undefined`. */
  function acceptsUndefined(type: ts.Type): boolean {
    const parts = type.isUnion() ? type.types : [type];
    return parts.some((part) => part === checker.getUndefinedType() || (part.flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) !== 0);
  }

  function visitSignature(signature: ts.Signature, origin: Origin): void {
    const opposite = origin === 'caller' ? 'package' : 'caller';
    for (const parameter of signature.parameters) visit(checker.getTypeOfSymbol(parameter), opposite);
    visit(signature.getReturnType(), origin);
  }

  function visitProperty(owner: ts.Type, property: ts.Symbol, origin: Origin): void {
    const type = checker.getTypeOfSymbol(property);
    const isOption = (property.flags & ts.SymbolFlags.Optional) !== 0 && (property.flags & ts.SymbolFlags.Method) === 0;
    if (origin === 'caller' && isOption && !acceptsUndefined(type))
      found.set(`${(owner.aliasSymbol ?? owner.symbol).name}.${property.name}`, owner);
    visit(type, origin);
  }

  function visit(type: ts.Type, origin: Origin): void {
    if (visited[origin].has(type)) return;
    visited[origin].add(type);
    if (type.isUnionOrIntersection()) for (const part of type.types) visit(part, origin);
    if (isReference(type)) for (const argument of checker.getTypeArguments(type)) visit(argument, origin);
    if (type.isUnion() || (type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection)) === 0) return;
    for (const signature of [...type.getCallSignatures(), ...type.getConstructSignatures()]) visitSignature(signature, origin);
    for (const { type: value } of checker.getIndexInfosOfType(type)) visit(value, origin);
    for (const property of type.getProperties()) if (isPublicHere(property)) visitProperty(type, property, origin);
  }

  const exported = entries.flatMap((name) => {
    const module = program.getSourceFile(join(source, name));
    const symbol = module && checker.getSymbolAtLocation(module);
    return symbol ? checker.getExportsOfModule(symbol) : [];
  });
  const values = exported
    .map((symbol) => ((symbol.flags & ts.SymbolFlags.Alias) === 0 ? symbol : checker.getAliasedSymbol(symbol)))
    .filter(({ flags }) => (flags & ts.SymbolFlags.Value) !== 0);
  for (const value of values) visit(checker.getTypeOfSymbol(value), 'package');
  // A caller passes on the results of the package, such as a configuration. They are complete.
  const fromCaller = [...found].filter(([, owner]) => !visited.package.has(owner));
  return fromCaller.map(([name]) => name).sort();
}

function isReference(type: ts.Type): type is ts.TypeReference {
  return 'target' in type && type.target !== undefined;
}

/** Whether a property is declared in the runtime, and not private. */
function isPublicHere({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some(
    (declaration) =>
      declaration.getSourceFile().fileName.startsWith(source) &&
      (ts.getCombinedModifierFlags(declaration) & ts.ModifierFlags.Private) === 0 &&
      !(ts.isClassElement(declaration) && declaration.name && ts.isPrivateIdentifier(declaration.name)),
  );
}

it('each option accepts undefined with exactOptionalPropertyTypes', () => {
  expect(propertiesWithoutUndefined()).toEqual([]);
});
