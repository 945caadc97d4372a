import type { ts as TS } from 'ts-morph';
import type { TextEdit } from '../../findings/finding.js';
import type { Accessor } from '../connections/accessors.js';
import type { CallSite } from '../dataflow/call-sites.js';
import { staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Returns the edits that set the bypass in a call: as a new argument, in place of `undefined`, or as the last property of an object
 * literal. Undefined if the edit is not provably safe: several targets, a spread, a missing earlier argument, or a value that may already
 * set the bypass. The rule `require-manager-bypass` calls it.
 */
export function bypassEdit({ node, targets }: CallSite, { bypass, callable }: Accessor): readonly TextEdit[] | undefined {
  if (
    !bypass ||
    bypass.isByUse ||
    !ts.isCallExpression(node) ||
    targets.size !== 1 ||
    !targets.has(callable) ||
    node.arguments.some(ts.isSpreadElement)
  )
    return undefined;
  const literal = typeof bypass.value === 'string' ? `'${bypass.value}'` : String(bypass.value);
  const property = `${bypass.name}: ${literal}`;
  const whole = bypass.isOption ? `{ ${property} }` : literal;
  const argument = node.arguments[bypass.index];
  if (!argument) return node.arguments.length === bypass.index ? [appended(node, whole)] : undefined;
  const value = unwrap(argument);
  if (ts.isIdentifier(value) && value.text === 'undefined') return [{ start: argument.getStart(), end: argument.getEnd(), text: whole }];
  return bypass.isOption && ts.isObjectLiteralExpression(value) ? addedProperty(value, bypass.name, property) : undefined;
}

function appended(call: TS.CallExpression, text: string): TextEdit {
  const end = call.getEnd() - 1;
  const last = call.arguments.at(-1);
  if (!last) return { start: end, end, text };
  return { start: call.arguments.end, end: call.arguments.end, text: call.arguments.hasTrailingComma ? ` ${text}` : `, ${text}` };
}

/** Adds the property last, so that no spread overwrites it. */
function addedProperty(object: TS.ObjectLiteralExpression, name: string, property: string): readonly TextEdit[] | undefined {
  const isDecided = object.properties.some(
    (own) => !ts.isSpreadAssignment(own) && (staticName(own.name) === name || staticName(own.name) === undefined),
  );
  if (isDecided) return undefined;
  const { properties } = object;
  if (properties.length === 0) return [filled(object, property)];
  const at = properties.at(-1)?.getEnd() ?? object.getEnd();
  return [{ start: at, end: at, text: `, ${property}` }];
}

/** An empty literal may hold a comment: that stays. */
function filled(object: TS.ObjectLiteralExpression, property: string): TextEdit {
  const [start, end] = [object.getStart(), object.getEnd()];
  const inner = object.getText().slice(1, -1);
  if (inner.trim() === '') return { start, end, text: `{ ${property} }` };
  return { start: end - 1, end: end - 1, text: /\s$/.test(inner) ? `${property} ` : ` ${property} ` };
}
