import type { ts as TS } from 'ts-morph';
import { ts } from '../../model/typescript/load-ts-morph.js';
import type { TextEdit } from './text-edits.js';

/** The edits that remove an imported name. `statement` is the import that has no name left: it is removed as a whole by the caller. */
export interface Removal {
  readonly edits: readonly TextEdit[];
  readonly statement?: TS.Statement;
}

/** Removes a name from its import or from its destructured `require`. Other names stay; if all of them are types, the import becomes `import type`, unless it gets a new value. */
export function removeBinding(source: TS.SourceFile, declaration: TS.Node, keepsValue = false): Removal {
  if (ts.isImportSpecifier(declaration)) {
    const { elements } = declaration.parent;
    const clause = declaration.parent.parent;
    const others = elements.filter((element) => element !== declaration);
    if (others.length === 0) return withoutNamed(source, clause);
    return {
      edits: [...removeElement(source, elements, declaration), ...(clause.name || keepsValue ? [] : asTypeImport(source, clause, others))],
    };
  }
  if (ts.isBindingElement(declaration)) return { edits: removeElement(source, declaration.parent.elements, declaration) };
  if (ts.isNamespaceImport(declaration)) return withoutNamed(source, declaration.parent);
  if (ts.isImportClause(declaration) && !declaration.namedBindings && ts.isImportDeclaration(declaration.parent))
    return { edits: [], statement: declaration.parent };
  if (ts.isImportEqualsDeclaration(declaration)) return { edits: [], statement: declaration };
  return { edits: [] };
}

/** The clause loses its names in braces. A default import stays. */
function withoutNamed(source: TS.SourceFile, clause: TS.ImportClause): Removal {
  if (clause.name && clause.namedBindings) return { edits: [{ start: clause.name.end, end: clause.namedBindings.end, text: '' }] };
  return ts.isImportDeclaration(clause.parent) ? { edits: [], statement: clause.parent } : { edits: [] };
}

function removeElement<Element extends TS.Node>(source: TS.SourceFile, elements: TS.NodeArray<Element>, element: Element): TextEdit[] {
  const index = elements.indexOf(element);
  const [previous, next] = [elements[index - 1], elements[index + 1]];
  const [start, end] = next ? [element.getStart(source), next.getStart(source)] : [previous?.end ?? element.pos, element.end];
  const range = source.text.slice(start, end).replace(element.getText(source), '');
  if (!/\/[/*]/.test(range)) return [{ start, end, text: '' }];
  // A comment between the elements stays.
  const comma = /^\s*,/.exec(source.text.slice(element.end))?.[0] ?? '';
  return [{ start: element.getStart(source), end: element.end + comma.length, text: '' }];
}

/** `import { type A }` becomes `import type { A }` once it has no other name. */
function asTypeImport(source: TS.SourceFile, clause: TS.ImportClause, others: readonly TS.ImportSpecifier[]): TextEdit[] {
  if (clause.phaseModifier !== undefined || !others.every(({ isTypeOnly }) => isTypeOnly)) return [];
  const keyword = clause.getStart(source);
  return [
    { start: keyword, end: keyword, text: 'type ' },
    ...others.map((element) => {
      const start = element.getStart(source);
      return { start, end: (element.propertyName ?? element.name).getStart(source), text: '' };
    }),
  ];
}
