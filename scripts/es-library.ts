import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import ts from 'typescript';

/**
 * Types of binary data, languages, calendars and threads. No client is reached through a member of one, and their members are two thirds of
 * the library.
 */
const reducedTypes =
  /^(?:Atomics|DataView|ArrayBuffer|SharedArrayBuffer|(?:Big)?(?:Int|Uint|Float)\d+(?:Clamped)?Array|Class\w*DecoratorContext)(?:Constructor)?$/;

/** Namespaces of which no member is declared. Each member has the type `any`. */
const reducedNamespaces = /^(?:Intl|Temporal)$/;

/** The constructor of an abstract class of `lib.es2025.iterator.d.ts` that is no global name. */
const iteratorConstructor = 'interface IteratorObjectConstructor { new <T>(): IteratorObject<T>; }';

const printer = ts.createPrinter({ removeComments: true });

/** Returns `src/model/typescript/es-library.ts`. */
export function esLibraryModule(): string {
  return [
    '/** Path of the declarations of the ES library in the slice program. */',
    "export const esLibraryFile = '/clickhouse-ssot-es-library.d.ts';",
    '',
    '/**',
    ` * The declarations of \`lib.esnext.d.ts\` of TypeScript ${ts.versionMajorMinor}, without comments, and without members of types of binary data, languages,`,
    ' * calendars and threads. The whole library takes twice the time to load. Generated: run `npm run generate`.',
    ' */',
    'export const esLibrary = `',
    esLibraryText().replace(/[\\`]|\$\{/g, '\\$&'),
    '`;',
    '',
  ].join('\n');
}

/** Returns the declarations in one text, one on each line. */
export function esLibraryText(): string {
  const files = libraryFiles('lib.esnext.d.ts');
  const declarations = files.flatMap((file) => globalStatements(file).map((statement) => ({ statement, file })));
  const membersOf = reducedMembers(declarations);
  const seen = new Set<string>();
  const lines = declarations.map(({ statement, file }) => {
    const name = nameOf(statement);
    if (name !== undefined && reducedNamespaces.test(name))
      return once(seen, name, `declare namespace ${name} {} declare var ${name}: any;`);
    if (!ts.isInterfaceDeclaration(statement) || !reducedTypes.test(statement.name.text)) return printed(statement, file);
    const parameters = (statement.typeParameters ?? []).map((parameter) => printed(parameter, file)).join(', ');
    const head = `interface ${statement.name.text}${parameters === '' ? '' : `<${parameters}>`}`;
    return once(
      seen,
      statement.name.text,
      `${head} { ${[...(membersOf.get(statement.name.text) ?? [])].join(' ')} [member: string]: any; }`,
    );
  });
  return [...lines.filter((line) => line !== ''), iteratorConstructor].join('\n');
}

interface LibraryDeclaration {
  readonly statement: ts.Statement;
  readonly file: ts.SourceFile;
}

/** The library file and those that it refers to, each once, the referred ones first. */
function libraryFiles(first: string): ts.SourceFile[] {
  const folder = dirname(createRequire(import.meta.url).resolve('typescript'));
  const seen = new Set<string>();
  const read = (name: string): ts.SourceFile[] => {
    if (seen.has(name)) return [];
    seen.add(name);
    const file = ts.createSourceFile(name, readFileSync(join(folder, name), 'utf8'), ts.ScriptTarget.ESNext);
    return [...file.libReferenceDirectives.flatMap(({ fileName }) => read(`lib.${fileName}.d.ts`)), file];
  };
  return read(first);
}

/** The statements that declare global names: of a module, those in `declare global`. */
function globalStatements(file: ts.SourceFile): readonly ts.Statement[] {
  if (!file.statements.some(ts.isExportDeclaration)) return file.statements;
  return file.statements.flatMap((statement) =>
    ts.isModuleDeclaration(statement) &&
    statement.flags & ts.NodeFlags.GlobalAugmentation &&
    statement.body &&
    ts.isModuleBlock(statement.body)
      ? [...statement.body.statements]
      : [],
  );
}

/** The members that stay of each reduced type: values of primitive type, and what a construction returns. */
function reducedMembers(declarations: readonly LibraryDeclaration[]): Map<string, Set<string>> {
  const members = new Map<string, Set<string>>();
  for (const { statement, file } of declarations) {
    if (!ts.isInterfaceDeclaration(statement) || !reducedTypes.test(statement.name.text)) continue;
    const own = members.get(statement.name.text) ?? new Set();
    members.set(statement.name.text, own);
    for (const member of statement.members) {
      if (ts.isPropertySignature(member) && ts.isIdentifier(member.name) && isPrimitive(member.type)) own.add(printed(member, file));
      if (ts.isConstructSignatureDeclaration(member) && member.type) own.add(`new (...values: any[]): ${withoutArguments(member.type)};`);
    }
  }
  return members;
}

function isPrimitive(type: ts.TypeNode | undefined): boolean {
  const kinds = [ts.SyntaxKind.NumberKeyword, ts.SyntaxKind.StringKeyword, ts.SyntaxKind.BooleanKeyword];
  return type !== undefined && kinds.includes(type.kind);
}

function withoutArguments(type: ts.TypeNode): string {
  return ts.isTypeReferenceNode(type) && ts.isIdentifier(type.typeName) ? type.typeName.text : 'any';
}

function nameOf(statement: ts.Statement): string | undefined {
  return ts.isModuleDeclaration(statement) ? statement.name.text : undefined;
}

function once(seen: Set<string>, name: string, line: string): string {
  if (seen.has(name)) return '';
  seen.add(name);
  return line;
}

/** The text of a node on one line. A variable in `declare global` lacks the keyword. */
function printed(node: ts.Node, file: ts.SourceFile): string {
  const text = printer.printNode(ts.EmitHint.Unspecified, node, file).replace(/\s+/g, ' ').trim();
  return ts.isVariableStatement(node) && !text.startsWith('declare ') ? `declare ${text}` : text;
}
