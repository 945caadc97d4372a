import { runtimePackage } from '../../model/clients/client-packages.js';
import { declarationOf } from '../../model/typescript/lexical-scope.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { addImport } from '../rewrite/add-import.js';
import { importStyleOf } from '../rewrite/import-style.js';
import { removeBinding } from '../rewrite/remove-binding.js';
import { reparse } from '../rewrite/reparse.js';
import { applyEdits } from '../rewrite/text-edits.js';
import { occurrences } from './find-options.js';

/** Imports a type of the runtime, and removes the import of the type that it replaces if nothing else uses that. */
export function withTypeImport(file: string, text: string, name: string, replaced: string): string {
  const imported = withImport(file, text, name, true);
  const source = reparse(file, imported);
  const [only, ...more] = occurrences(replaced, source);
  const declaration = only && more.length === 0 ? declarationOf(replaced, source.endOfFileToken) : undefined;
  if (!declaration || !ts.isImportSpecifier(declaration)) return imported;
  const { edits, statement } = removeBinding(source, declaration);
  const lines = statement ? [{ start: statement.getStart(source), end: endOfLine(imported, statement.end), text: '' }] : [];
  return applyEdits(imported, [...edits, ...lines]);
}

/** Imports a name of the runtime. */
export function withImport(file: string, text: string, name: string, isType = false): string {
  const source = reparse(file, text);
  const target = { name, specifier: runtimePackage, style: importStyleOf(source), isType };
  return applyEdits(text, addImport(source, target, name, undefined));
}

function endOfLine(text: string, offset: number): number {
  return offset + (/^[ \t]*(?:\r?\n)?/.exec(text.slice(offset))?.[0].length ?? 0);
}
