import type { ts as TS } from 'ts-morph';
import { importedSpecifier } from '../typescript/import-calls.js';
import { localImports } from '../typescript/local-imports.js';
import { ts } from '../typescript/load-ts-morph.js';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { declarationOf } from './declarations.js';

/** A call that replaces a module while a test runs. */
export interface ModuleMock {
  /** The string that names the module. */
  readonly specifier: TS.StringLiteralLike;
  /** The file from which the string is resolved: a path as written, if it is not the test itself. */
  readonly loadedBy: string | undefined;
  /** The call as the code names it: `vi.mock`. */
  readonly by: string;
  /** The replacement of the module; undefined if the runner makes stubs of all exports. */
  readonly replacement: TS.Expression | undefined;
  /** Whether exports that `replacement` does not name stay as they are. */
  readonly keepsOthers: boolean;
}

/** Functions of test runners, by the object that has them. */
const runnerFunctions: readonly { readonly objects: RegExp; readonly names: RegExp }[] = [
  { objects: /^(?:vi|vitest|jest)$/, names: /^(?:mock|doMock|unstable_mockModule|setMock)$/ },
  { objects: /^mock$/, names: /^module$/ },
  { objects: /^(?:td|testdouble)$/, names: /^replace(?:Esm|Cjs)?$/ },
  { objects: /^mockery$/, names: /^register(?:Mock|Substitute)$/ },
];

/** Packages that are themselves a function which replaces a module. */
const replacingPackages = new Set(['mock-require', 'quibble']);

/** Packages that load a module, with an object of replacements for what it imports. */
export const loadingPackages: ReadonlySet<string> = new Set(['proxyquire', 'esmock']);

/** Returns the module mocks of a file, in the order of the text. */
export function moduleMocksIn(file: TS.SourceFile): ModuleMock[] {
  const found: ModuleMock[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isCallExpression(node)) found.push(...mocksOf(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function mocksOf(call: TS.CallExpression): ModuleMock[] {
  const [first, second] = call.arguments;
  if (!first) return [];
  if (isLoader(call.expression)) return loaderMocks(call, first, second);
  const specifier = moduleNameOf(first);
  if (!specifier || !replacesModule(call.expression)) return [];
  // `{ spy: true }` of Vitest lets each call through.
  if (second && ts.isObjectLiteralExpression(second) && hasTrueProperty(second, 'spy')) return [];
  return [
    {
      specifier,
      loadedBy: undefined,
      by: nameOf(call.expression),
      replacement: replacementOf(call.expression, second),
      keepsOthers: false,
    },
  ];
}

/** Node.js takes an object with the exports of the mock. */
function replacementOf(callee: TS.Expression, argument: TS.Expression | undefined): TS.Expression | undefined {
  if (memberAccess(unwrap(callee))?.name !== 'module' || !argument || !ts.isObjectLiteralExpression(argument)) return argument;
  const member = (name: string) => argument.properties.find((property) => property.name?.getText() === name);
  const exported = member('namedExports') ?? member('exports') ?? member('defaultExport');
  if (exported && ts.isPropertyAssignment(exported)) return exported.initializer;
  return exported && ts.isShorthandPropertyAssignment(exported) ? exported.name : argument;
}

function loaderMocks(call: TS.CallExpression, loaded: TS.Expression, ...rest: readonly (TS.Expression | undefined)[]): ModuleMock[] {
  if (!ts.isStringLiteralLike(loaded)) return [];
  return rest
    .filter((argument) => argument !== undefined)
    .map(unwrap)
    .filter(ts.isObjectLiteralExpression)
    .flatMap(({ properties }) => properties)
    .filter(ts.isPropertyAssignment)
    .flatMap(({ name, initializer }) =>
      ts.isStringLiteralLike(name)
        ? [{ specifier: name, loadedBy: loaded.text, by: nameOf(call.expression), replacement: initializer, keepsOthers: true }]
        : [],
    );
}

function replacesModule(expression: TS.Expression): boolean {
  const callee = unwrap(expression);
  const member = memberAccess(callee);
  if (!member) return ts.isIdentifier(callee) && replacingPackages.has(importedPackage(callee) ?? '');
  // `t.mock.module` of a test context, `import.meta.vitest.vi.mock`.
  const object = unwrap(member.object);
  const name = memberAccess(object)?.name ?? (ts.isIdentifier(object) ? object.text : '');
  return runnerFunctions.some(({ objects, names }) => objects.test(name) && names.test(member.name ?? ''));
}

function isLoader(expression: TS.Expression): boolean {
  const callee = unwrap(expression);
  const member = memberAccess(callee);
  // `proxyquire.noCallThru()('x', …)`, `proxyquire.load('x', …)`.
  if (member) return /^(?:load|noCallThru|noPreserveCache|p|strict)$/.test(member.name ?? '') && isLoader(member.object);
  if (ts.isCallExpression(callee)) return loads(importedSpecifier(callee)) || isLoader(callee.expression);
  if (!ts.isIdentifier(callee)) return false;
  if (loadingPackages.has(importedPackage(callee) ?? '')) return true;
  // `const proxyquire = require('proxyquire').noCallThru();`
  const declaration = declarationOf(callee.text, callee);
  const initializer = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
  return initializer !== undefined && !ts.isIdentifier(unwrap(initializer)) && isLoader(initializer);
}

function loads(specifier: TS.Expression | undefined): boolean {
  return specifier !== undefined && ts.isStringLiteralLike(specifier) && loadingPackages.has(specifier.text);
}

function importedPackage(name: TS.Identifier): string | undefined {
  return localImports(name.getSourceFile()).get(name.text)?.specifier;
}

/** The string of `'x'` and of `import('x')`. */
function moduleNameOf(argument: TS.Expression): TS.StringLiteralLike | undefined {
  const node = unwrap(argument);
  if (ts.isStringLiteralLike(node)) return node;
  const isImport = ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const inner = isImport ? node.arguments[0] : undefined;
  return inner && ts.isStringLiteralLike(inner) ? inner : undefined;
}

function hasTrueProperty({ properties }: TS.ObjectLiteralExpression, name: string): boolean {
  return properties.some(
    (property) =>
      ts.isPropertyAssignment(property) && property.name.getText() === name && property.initializer.kind === ts.SyntaxKind.TrueKeyword,
  );
}

/** The callee as a message names it, without arguments of calls in it. */
export function nameOf(callee: TS.Expression): string {
  const node = unwrap(callee);
  if (ts.isCallExpression(node)) return nameOf(node.expression);
  const member = memberAccess(node);
  if (member) return `${nameOf(member.object)}.${member.name ?? '…'}`;
  return ts.isIdentifier(node) ? node.text : '…';
}
