import type { CANCEL_SYMBOL } from '@clack/prompts';
import { Cancelled, type Choice, type Prompts } from './prompts.js';

/** Returns the questions of a terminal. */
export async function terminalPrompts(): Promise<Prompts> {
  const { confirm, isCancel, multiselect, select, text } = await import('@clack/prompts');
  const answered = <Value>(answer: Value | typeof CANCEL_SYMBOL): Value => {
    if (isCancel(answer)) throw new Cancelled('cancelled');
    return answer;
  };
  return {
    confirm: async (message) => answered(await confirm({ message })),
    select: async (message, choices) => answered(await select({ message, options: optionsOf(choices) })),
    selectSome: async (message, choices) => answered(await multiselect({ message, options: optionsOf(choices), required: false })),
    text: async (message, proposed, refuse) =>
      answered(await text({ message, initialValue: proposed, validate: (answer) => refuse(answer ?? '') })),
  };
}

function optionsOf(choices: readonly Choice[]) {
  return choices.map(({ value, label, hint }) => ({ value, label, ...(hint === undefined ? {} : { hint }) }));
}
