import { posix } from 'node:path';
import type { ts as TS } from 'ts-morph';
import type { TextEdit } from '../../findings/finding.js';
import type { Project } from '../../project/project.js';
import { localImports } from '../typescript/local-imports.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The exported type that an edit brings into a file. */
export interface ImportedType {
  readonly name: string;
  /** Absolute path of its module. */
  readonly file: string;
}

/** Returns the edits that write the interface in the place of a type, with its import. Undefined if the text does not show how. */
export function replaceType(type: TS.TypeNode, wanted: ImportedType, project: Project): readonly TextEdit[] | undefined {
  const source = type.getSourceFile();
  if (!/\.[cm]?tsx?$/.test(source.fileName)) return undefined;
  const specifier = specifierFor(source, wanted.file, project);
  if (specifier === undefined) return undefined;
  const place = { start: type.getStart(source), end: type.end };
  if (ts.isImportTypeNode(type)) {
    const quote = type.argument.getText().startsWith('"') ? '"' : "'";
    return [{ ...place, text: `import(${quote}${specifier}${quote}).${wanted.name}` }];
  }
  const known = [...localImports(source)].find(
    ([, imported]) => imported.name === wanted.name && project.resolve(source.fileName, imported.specifier) === wanted.file,
  );
  const root = ts.isTypeReferenceNode(type) ? rootOf(type.typeName) : undefined;
  if (!root) return undefined;
  if (!known && mentions(source, wanted.name) > 0) return undefined;
  const imports = editImport(source, root, { ...wanted, specifier }, known !== undefined);
  return imports && [...imports, { ...place, text: known?.[0] ?? wanted.name }];
}

function rootOf(entity: TS.EntityName): string {
  return ts.isIdentifier(entity) ? entity.text : rootOf(entity.left);
}

/** Imports the interface, and removes the import that only the replaced type used. */
function editImport(
  source: TS.SourceFile,
  local: string,
  { name, specifier }: { readonly name: string; readonly specifier: string },
  isKnown: boolean,
): readonly TextEdit[] | undefined {
  const declaration = source.statements.filter(ts.isImportDeclaration).find((statement) => binds(statement, local));
  const clause = declaration?.importClause;
  if (!declaration || !clause) return undefined;
  const text = declaration.getText();
  const quote = declaration.moduleSpecifier.getText().startsWith('"') ? '"' : "'";
  const added = isKnown ? '' : `import type { ${name} } from ${quote}${specifier}${quote}${text.endsWith(';') ? ';' : ''}`;
  const { namedBindings } = clause;
  // The import and the replaced type.
  if (mentions(source, local) > 2) return added === '' ? [] : [{ start: declaration.end, end: declaration.end, text: `\n${added}` }];
  if (/\/[/*]/.test(text)) return undefined;
  const others =
    namedBindings && ts.isNamedImports(namedBindings) ? namedBindings.elements.filter((element) => element.name.text !== local) : [];
  const start = declaration.getStart(source);
  if (others.length === 0 && (!clause.name || clause.name.text === local)) {
    const lineEnd = /^[ \t]*\r?\n/.exec(source.text.slice(declaration.end))?.[0].length ?? 0;
    return [{ start, end: declaration.end + (added === '' ? lineEnd : 0), text: added }];
  }
  if (!namedBindings || others.length === 0) return undefined;
  const rest = {
    start: namedBindings.getStart(source),
    end: namedBindings.end,
    text: `{ ${others.map((element) => element.getText()).join(', ')} }`,
  };
  return added === '' ? [rest] : [rest, { start: declaration.end, end: declaration.end, text: `\n${added}` }];
}

function binds({ importClause }: TS.ImportDeclaration, local: string): boolean {
  const bindings = importClause?.namedBindings;
  if (importClause?.name?.text === local) return true;
  if (!bindings) return false;
  return ts.isNamespaceImport(bindings) ? bindings.name.text === local : bindings.elements.some(({ name }) => name.text === local);
}

function mentions(source: TS.SourceFile, name: string): number {
  let count = 0;
  const visit = (node: TS.Node): void => {
    if (ts.isIdentifier(node) && node.text === name) count++;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return count;
}

/** Writes the specifier as the code writes others: with the extension that relative imports have here, or at other importers. */
function specifierFor(source: TS.SourceFile, target: string, project: Project): string | undefined {
  const { fileName } = source;
  const samples = [
    ...[...project.importersOf(target)].flatMap((importer) =>
      project.specifiersOf(importer).filter((specifier) => project.resolve(importer, specifier) === target),
    ),
    ...project.specifiersOf(fileName),
  ].filter((specifier) => specifier.startsWith('.'));
  const [sample] = samples;
  if (sample === undefined) return undefined;
  const path = posix.relative(posix.dirname(fileName), target);
  const stem = (path.startsWith('.') ? path : `./${path}`).replace(/(?:\.d)?\.[cm]?tsx?$/, '');
  const specifier = stem + (/\.[cm]?[jt]sx?$/.exec(sample)?.[0] ?? '');
  return project.resolve(fileName, specifier) === target ? specifier : undefined;
}
