import type { ts as TS } from 'ts-morph';
import type { TextEdit } from '../../findings/finding.js';
import type { Accessor } from '../connections/accessors.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * The edits that set the bypass in a call: into no argument, into an object literal, behind a spread. Undefined wherever
 * something that is written there already might mean something else.
 */
export function bypassEdit({ node, targets }: CallSite, { bypass, callable }: Accessor): readonly TextEdit[] | undefined {
  if (!bypass || !ts.isCallExpression(node) || targets.size !== 1 || !targets.has(callable) || node.arguments.some(ts.isSpreadElement))
    return undefined;
  const value = typeof bypass.value === 'string' ? `'${bypass.value}'` : String(bypass.value);
  const property = `${bypass.name}: ${value}`;
  const whole = bypass.isOption ? `{ ${property} }` : value;
  const argument = node.arguments[bypass.index];
  if (!argument) return node.arguments.length === bypass.index ? [appended(node, whole)] : undefined;
  const given = unwrap(argument);
  if (ts.isIdentifier(given) && given.text === 'undefined') return [{ start: argument.getStart(), end: argument.getEnd(), text: whole }];
  return bypass.isOption && ts.isObjectLiteralExpression(given) ? addedProperty(given, bypass.name, property) : undefined;
}

function appended(call: TS.CallExpression, text: string): TextEdit {
  const end = call.getEnd() - 1;
  const last = call.arguments.at(-1);
  if (!last) return { start: end, end, text };
  return { start: call.arguments.end, end: call.arguments.end, text: call.arguments.hasTrailingComma ? ` ${text}` : `, ${text}` };
}

/** Behind everything else, so that no spread can take it back. */
function addedProperty(object: TS.ObjectLiteralExpression, name: string, property: string): readonly TextEdit[] | undefined {
  const isDecided = object.properties.some(
    (own) => !ts.isSpreadAssignment(own) && (staticName(own.name) === name || staticName(own.name) === undefined),
  );
  if (isDecided) return undefined;
  const { properties } = object;
  if (properties.length === 0) return [{ start: object.getStart(), end: object.getEnd(), text: `{ ${property} }` }];
  const at = properties.at(-1)?.getEnd() ?? object.getEnd();
  return [{ start: at, end: at, text: `, ${property}` }];
}
