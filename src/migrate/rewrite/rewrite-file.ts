import type { ts as TS } from 'ts-morph';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { addImport, type NewImport } from './add-import.js';
import type { Leftover, Place } from './place.js';
import { type IsPassedOn, type Reference, referenceAt } from './reference.js';
import { type Removal, removeBinding } from './remove-binding.js';
import type { TextEdit } from './text-edits.js';

/** The edits of a file, and the places in it that stay. */
export interface FileRewrite {
  readonly edits: readonly TextEdit[];
  readonly moved: readonly Place[];
  readonly leftovers: readonly Leftover[];
}

/**
 * Replaces the constructor at each place by the function of the target, imports the function, and removes the import of the constructor if
 * nothing else uses it. Arguments, comments and formatting stay.
 */
export function rewriteFile(source: TS.SourceFile, places: readonly Place[], target: NewImport, isPassedOn: IsPassedOn): FileRewrite {
  const found: { readonly place: Place; readonly reference: Reference }[] = [];
  const leftovers: Leftover[] = [];
  for (const place of places) {
    const reference = referenceAt(source, place, isPassedOn);
    if ('reason' in reference) leftovers.push({ place, reason: reference.reason });
    else found.push({ place, reference });
  }
  const local = freeName(source, target);
  const edits: TextEdit[] = [];
  const groups = new Map<Reference['binding']['declaration'], Reference[]>();
  for (const { reference } of found) {
    const { declaration } = reference.binding;
    groups.set(declaration, [...(groups.get(declaration) ?? []), reference]);
  }
  const removed: Removal[] = [];
  for (const [declaration, references] of groups) {
    const [first] = references;
    if (!first) continue;
    const replaced = [...references.map(({ node }) => node), ...(target.expression === undefined ? typeQueries(source, declaration) : [])];
    edits.push(...replaced.map((node) => replacement(source, node, target.expression ?? local)));
    const lazy = first.binding.kind !== 'import';
    const isLast = declaration !== undefined && !isUsedElsewhere(source, declaration, replaced);
    if (lazy) edits.push(...lazyImport(source, first, isLast, target, local));
    else if (declaration && isLast) {
      // A module of the project may do something when it is loaded, so its import stays.
      const isOfProject = first.binding.specifier !== places[0]?.constructor.package;
      removed.push(
        isOfProject ? withoutName(source, declaration, first.binding.specifier === target.specifier) : removeBinding(source, declaration),
      );
    }
  }
  edits.push(...removed.flatMap((removal) => removal.edits));
  const isStatic = found.some(({ reference }) => reference.binding.kind === 'import');
  if (isStatic) {
    const vacant = removed.find(({ statement }) => statement !== undefined)?.statement;
    edits.push(...addImport(source, target, local, vacant));
  }
  return { edits: merged(edits), moved: found.map(({ place }) => place), leftovers };
}

/** Removes a name from an import whose module is still to be loaded. `isTarget`: the function is imported from the same module. */
function withoutName(source: TS.SourceFile, declaration: TS.Node, isTarget: boolean): Removal {
  const removal = removeBinding(source, declaration, isTarget);
  if (!removal.statement || !ts.isImportDeclaration(removal.statement)) return removal;
  const { importClause, moduleSpecifier } = removal.statement;
  if (isTarget || !importClause || isLoadedElsewhere(source, removal.statement, moduleSpecifier.getText(source))) return removal;
  return { edits: [{ start: importClause.getStart(source), end: moduleSpecifier.getStart(source), text: '' }] };
}

/** Whether another import of the file loads the same module. */
function isLoadedElsewhere(source: TS.SourceFile, statement: TS.Statement, specifier: string): boolean {
  return source.statements.some(
    (other) =>
      other !== statement &&
      ts.isImportDeclaration(other) &&
      other.moduleSpecifier.getText(source) === specifier &&
      other.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword,
  );
}

/** A shorthand property keeps its name. */
function replacement(source: TS.SourceFile, node: TS.Node, local: string): TextEdit {
  const isShorthand = ts.isShorthandPropertyAssignment(node.parent) && node.parent.name === node;
  return { start: node.getStart(source), end: node.end, text: isShorthand ? `${node.getText(source)}: ${local}` : local };
}

/** `typeof createClient` in types: the function has the same parameters and result. */
function typeQueries(source: TS.SourceFile, declaration: TS.Node | undefined): TS.Node[] {
  if (!declaration || !ts.isImportSpecifier(declaration)) return [];
  const found: TS.Node[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isTypeQueryNode(node) && ts.isIdentifier(node.exprName) && node.exprName.text === declaration.name.text)
      found.push(node.exprName);
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Whether the name occurs anywhere else, also as another variable of the same name. */
function isUsedElsewhere(source: TS.SourceFile, declaration: TS.NamedDeclaration, replaced: readonly TS.Node[]): boolean {
  const { name } = declaration;
  if (!name || !ts.isIdentifier(name)) return true;
  const ignored = new Set<TS.Node>([name, ...replaced]);
  let isFound = false;
  const visit = (node: TS.Node): void => {
    if (ignored.has(node) || isFound) return;
    if (ts.isIdentifier(node) && node.text === name.text && !isPropertyName(node)) isFound = true;
    ts.forEachChild(node, visit);
  };
  visit(source);
  return isFound;
}

function isPropertyName(node: TS.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isImportSpecifier(parent) || ts.isBindingElement(parent)) return parent.propertyName === node;
  // `export { createClient } from '…'` does not use the import.
  if (ts.isExportSpecifier(parent)) return parent.parent.parent.moduleSpecifier !== undefined;
  return ts.isPropertyAssignment(parent) && parent.name === node;
}

/** `require` and `import()` keep their place, so that the module is loaded when it was before. */
function lazyImport(source: TS.SourceFile, { binding, node }: Reference, isLast: boolean, target: NewImport, local: string): TextEdit[] {
  const { declaration, kind } = binding;
  const quote = target.style.quote;
  const load = `${kind === 'require' ? 'require' : 'await import'}(${quote}${target.specifier}${quote})`;
  if (declaration === undefined) {
    // `require('…').createClient`
    return [{ start: node.getStart(source), end: node.end, text: `${load}.${target.name}` }];
  }
  const pattern = local === target.name ? local : `${target.name}: ${local}`;
  const variable = ts.isBindingElement(declaration) ? declaration.parent.parent : declaration;
  if (!ts.isVariableDeclaration(variable) || !variable.initializer) return [];
  const isOnly = !ts.isBindingElement(declaration) || declaration.parent.elements.length === 1;
  if (isLast && isOnly) return [{ start: variable.name.getStart(source), end: variable.initializer.end, text: `{ ${pattern} } = ${load}` }];
  const statement = variable.parent.parent;
  const indent = /[ \t]*$/.exec(source.text.slice(0, statement.getStart(source)))?.[0] ?? '';
  const added = `${target.style.lineBreak}${indent}const { ${pattern} } = ${load}${target.style.end}`;
  const removal = isLast ? removeBinding(source, declaration).edits : [];
  return [...removal, { start: statement.end, end: statement.end, text: added }];
}

function freeName(source: TS.SourceFile, { name, specifier }: NewImport): string {
  const isImported = source.statements.some(
    (statement) =>
      ts.isImportDeclaration(statement) &&
      ts.isStringLiteral(statement.moduleSpecifier) &&
      statement.moduleSpecifier.text === specifier &&
      statement.importClause?.namedBindings &&
      ts.isNamedImports(statement.importClause.namedBindings) &&
      statement.importClause.namedBindings.elements.some((element) => element.name.text === name),
  );
  const taken = (candidate: string): boolean => new RegExp(`(?<![\\w$.])${candidate}(?![\\w$])`).test(source.text);
  if (isImported || !taken(name)) return name;
  for (let index = 2; ; index++) if (!taken(`${name}${index}`)) return `${name}${index}`;
}

/** A whole reference such as `require('…').createClient` has two edits at one range: the later one counts. */
function merged(edits: readonly TextEdit[]): TextEdit[] {
  const byRange = new Map<string, TextEdit>();
  const insertions: TextEdit[] = [];
  for (const edit of edits)
    if (edit.start === edit.end) insertions.push(edit);
    else byRange.set(`${edit.start}:${edit.end}`, edit);
  return [...byRange.values(), ...insertions];
}
