import type { GuardNote } from '../findings/finding.js';
import { bypassText } from '../model/connections/accessors.js';
import type { Recursion } from '../model/recursion/recursion.js';
import type { UnbypassedCall } from '../model/recursion/unbypassed-calls.js';
import { spanOf } from '../model/typescript/syntax.js';
import { doubtText, nodeText } from './recursion-remedy.js';
import type { RuleContext } from './rule-context.js';

/** Returns what decides about the cycle of a recursion: the bypass, the condition that reads it, and what was not understood. */
export function recursionGuards(recursion: Recursion, context: RuleContext): GuardNote[] {
  const { accessor, isBypassed, guard, doubt } = recursion;
  return [
    ...(doubt ? [{ text: doubtText(doubt, context), span: spanOf(doubt.node) }] : []),
    ...(accessor.bypass ? bypassNotes(accessor.name, bypassText(accessor.bypass), isBypassed) : [noBypass(accessor.name)]),
    ...(guard
      ? [{ text: `If the call sets the bypass, the condition ${nodeText(guard, context)} ends the path.`, span: spanOf(guard) }]
      : []),
    ...(accessor.bypass && !guard && !isBypassed ? [{ text: 'No condition on the path is known to end it once the bypass is set.' }] : []),
  ];
}

/** Returns what decides whether a call within reach of a manager goes past the manager. */
export function bypassGuards({ accessor, isBypassed, isDirect }: UnbypassedCall, { model }: RuleContext): GuardNote[] {
  if (!accessor.bypass) return [noBypass(accessor.name)];
  const bypass = bypassText(accessor.bypass);
  return [
    isBypassed === false
      ? { text: `The bypass of \`${accessor.name}\` is "${bypass}". No run of this call sets it.` }
      : {
          text: `The bypass of \`${accessor.name}\` is "${bypass}". Whether this call sets it depends on a value that the analysis does not know.`,
        },
    model.bypassHonored.has(accessor)
      ? { text: `Once it is set, \`${accessor.name}\` calls no accessor again.` }
      : { text: `The analysis does not see that \`${accessor.name}\` calls no accessor once it is set.` },
    ...(isDirect ? [] : [{ text: 'Code in between passes the arguments on, so an edit of this call alone need not be enough.' }]),
  ];
}

function bypassNotes(name: string, bypass: string, isBypassed: boolean): GuardNote[] {
  const known = `The bypass of \`${name}\` is "${bypass}".`;
  return [
    {
      text: isBypassed
        ? `${known} This call sets it, and the path goes on: no condition that reads it ends the path.`
        : `${known} This call does not set it.`,
    },
  ];
}

function noBypass(name: string): GuardNote {
  return { text: `\`${name}\` has no bypass: no parameter or option by which a call goes past the path.` };
}
