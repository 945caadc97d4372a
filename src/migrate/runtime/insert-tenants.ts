import { runtimePackage } from '../../model/clients/client-packages.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { importStyleOf } from '../rewrite/import-style.js';
import type { Place } from '../rewrite/place.js';
import type { IsPassedOn } from '../rewrite/reference.js';
import { reparse } from '../rewrite/reparse.js';
import { rewriteFile } from '../rewrite/rewrite-file.js';
import { applyEdits } from '../rewrite/text-edits.js';

/** The constant that a module gets for the connections of its callers. */
export const tenantsName = 'clickHouseTenants';

/** Takes the clients at the places from one `ClickHouseTenants` of the module. It stands behind the imports. */
export function insertTenants(file: string, text: string, places: readonly Place[], isPassedOn: IsPassedOn): string {
  const before = reparse(file, text);
  const style = importStyleOf(before);
  const target = { name: 'ClickHouseTenants', specifier: runtimePackage, style, expression: `${tenantsName}.for` };
  const source = reparse(file, applyEdits(text, rewriteFile(before, places, target, isPassedOn).edits));
  const last = source.statements.findLast((statement) => ts.isImportDeclaration(statement));
  if (!last) return source.text;
  const start = last.end + (/^[ \t]*\/\/[^\r\n]*/.exec(source.text.slice(last.end))?.[0].length ?? 0);
  const lines = [
    '',
    '',
    '/** One connection for each server and user that callers name. Idle ones are closed. */',
    `const ${tenantsName} = new ${localName(source.text)}()${style.end}`,
  ];
  return applyEdits(source.text, [{ start, end: start, text: lines.join(style.lineBreak) }]);
}

/** The name under which the class was imported: another one if it was taken. */
function localName(text: string): string {
  return /\bClickHouseTenants as (\w+)/.exec(text)?.[1] ?? 'ClickHouseTenants';
}
