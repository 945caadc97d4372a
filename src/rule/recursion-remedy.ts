import { bypassText } from '../model/connections/accessors.js';
import type { Doubt } from '../model/dataflow/doubt.js';
import type { Recursion } from '../model/recursion/recursion.js';
import { callableName, isCallable, spanOf } from '../model/typescript/syntax.js';
import type { RuleContext } from './rule-context.js';

/** The repair that needs no flag, as a clause. */
const repairs: Readonly<Record<Recursion['accessor']['gives'], string>> = {
  client: 'pass a factory to the called code, so that it does not call the accessor',
  result: 'run the inner statement on the client itself',
};

/** Returns the sentence that says how to end a proven recursion. `no-connection-recursion` calls it. */
export function provenRemedy(recursion: Recursion, context: RuleContext): string {
  const { accessor, isBypassed } = recursion;
  if (!accessor.bypass) return `To end the ${nameOf(recursion)}, ${repairs[accessor.gives]}.`;
  const bypass = bypassText(accessor.bypass);
  if (isBypassed) return `The call sets "${bypass}", but the accessor ignores it. Call the manager only if "${bypass}" is not set.`;
  return passBypass(recursion, bypass, context);
}

/** Returns the sentence that says how to exclude a possible recursion. `no-possible-connection-recursion` calls it. */
export function possibleRemedy(recursion: Recursion, context: RuleContext): string {
  const { accessor, isBypassed } = recursion;
  return accessor.bypass && !isBypassed
    ? passBypass(recursion, bypassText(accessor.bypass), context)
    : `To exclude a ${nameOf(recursion)}, ${repairs[accessor.gives]}.`;
}

/** A promise that waits for itself is no recursion. */
function nameOf({ promise }: Recursion): string {
  return promise ? 'wait' : 'recursion';
}

function passBypass(recursion: Recursion, bypass: string, context: RuleContext): string {
  const { accessor, guard } = recursion;
  return `Pass "${bypass}" here${guard ? `: then ${nodeText(guard, context)} ends the ${nameOf(recursion)}. Or` : ', or'} ${repairs[accessor.gives]}.`;
}

/** Returns the sentence that names what the analysis did not understand. */
export function doubtText({ kind, node }: Doubt, context: RuleContext): string {
  if (kind === 'budget') {
    const name = isCallable(node) ? `\`${callableName(node)}\` (${placeOf(node, context)})` : nodeText(node, context);
    return `The analysis does not tell all calls of ${name} apart, because they differ in too many ways.`;
  }
  if (kind === 'once') return 'A condition ends the cycle, unless this promise already waits for the call.';
  if (kind === 'failure') return `It does if ${nodeText(node, context)} fails each time.`;
  return `Whether it does depends on ${nodeText(node, context)}, which the analysis does not understand.`;
}

/** The longest text of an expression in a message. */
const maxLength = 60;

/** Returns the code of a node with its place, as messages quote it. */
export function nodeText(node: Doubt['node'], context: RuleContext): string {
  const text = context.textOf(spanOf(node)).replace(/\s+/g, ' ');
  return `\`${text.length > maxLength ? `${text.slice(0, maxLength - 1)}…` : text}\` (${placeOf(node, context)})`;
}

function placeOf(node: Doubt['node'], { locate }: RuleContext): string {
  const { file, line } = locate(spanOf(node));
  return `${file}:${line}`;
}
