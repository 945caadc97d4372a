import type { ts as TS } from 'ts-morph';
import { ts } from '../../model/typescript/load-ts-morph.js';
import type { ImportStyle } from './import-style.js';
import type { TextEdit } from './text-edits.js';

/** A function to import. */
export interface NewImport {
  /** The exported name. */
  readonly name: string;
  readonly specifier: string;
  readonly style: ImportStyle;
  /** The expression that replaces the constructor. Default: the name under which the function is imported. */
  readonly expression?: string;
  /** Whether it is a type. Default: a value. */
  readonly isType?: boolean;
}

/**
 * Imports the function: by an import of the same module if there is one, else by a new one. An import of a package takes the place of the
 * import that has become empty, or stands behind that of the official client. Others stand behind the last import of their kind.
 */
export function addImport(source: TS.SourceFile, target: NewImport, local: string, vacant: TS.Statement | undefined): TextEdit[] {
  const { name, specifier, style, isType = false } = target;
  const element = `${isType ? 'type ' : ''}${local === name ? name : `${name} as ${local}`}`;
  const removal = vacant ? [removeStatement(source, vacant)] : [];
  const imports = source.statements.filter((statement) => ts.isImportDeclaration(statement));
  const present = imports.find((statement) => specifierIn(statement) === specifier && namedIn(statement));
  const elements = present && namedIn(present);
  if (elements) {
    if (elements.some((existing) => existing.name.text === local)) return removal;
    if (present === vacant) return [{ start: elements.pos, end: elements.end, text: ` ${element} ` }];
    const last = elements.at(-1);
    if (last) return [...removal, { start: last.end, end: last.end, text: `, ${element}` }];
  }
  const statement = `import { ${element} } from ${style.quote}${specifier}${style.quote}${style.end}`;
  const others = imports.filter((candidate) => candidate !== vacant);
  const isRelative = specifier.startsWith('.');
  const ofClient = isRelative ? undefined : others.find((candidate) => specifierIn(candidate).startsWith('@clickhouse/client'));
  const neighbor = ofClient ?? others.findLast((candidate) => specifierIn(candidate).startsWith('.') === isRelative) ?? others.at(-1);
  if (vacant && (!neighbor || !isRelative)) return [{ start: vacant.getStart(source), end: vacant.end, text: statement }];
  if (neighbor) {
    // A comment on the line of the neighbour stays there.
    const start = neighbor.end + (/^[ \t]*\/\/[^\r\n]*/.exec(source.text.slice(neighbor.end))?.[0].length ?? 0);
    return [...removal, { start, end: start, text: `${style.lineBreak}${statement}` }];
  }
  const [first] = source.statements;
  const start = first?.getStart(source) ?? 0;
  return [...removal, { start, end: start, text: `${statement}${style.lineBreak}` }];
}

function specifierIn({ moduleSpecifier }: TS.ImportDeclaration): string {
  return ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : '';
}

/** The names of an import that is no `import type`. */
function namedIn({ importClause }: TS.ImportDeclaration): TS.NodeArray<TS.ImportSpecifier> | undefined {
  const bindings = importClause && importClause.phaseModifier === undefined ? importClause.namedBindings : undefined;
  return bindings && ts.isNamedImports(bindings) ? bindings.elements : undefined;
}

/** The statement with its line, unless a comment stands there as well. Comments above it stay. */
function removeStatement(source: TS.SourceFile, statement: TS.Statement): TextEdit {
  const start = statement.getStart(source);
  const rest = /^[ \t]*(?:\r?\n)?/.exec(source.text.slice(statement.end))?.[0] ?? '';
  const isOwnLine = /(?:^|\n)[ \t]*$/.test(source.text.slice(0, start)) && rest.includes('\n');
  return { start, end: isOwnLine ? statement.end + rest.length : statement.end, text: '' };
}
