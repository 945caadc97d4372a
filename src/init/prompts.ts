/** A question could not be answered, because the user cancelled it. */
export class Cancelled extends Error {
  override readonly name = 'Cancelled';
}

/** An answer to choose from. */
export interface Choice {
  readonly value: string;
  readonly label: string;
  readonly hint?: string;
}

/** The questions that init asks. Each rejects with `Cancelled` if the user cancels it. */
export interface Prompts {
  readonly confirm: (message: string) => Promise<boolean>;
  readonly select: (message: string, choices: readonly Choice[]) => Promise<string>;
  /** Any number of the choices, also none. */
  readonly selectSome: (message: string, choices: readonly Choice[]) => Promise<readonly string[]>;
  /** A text; `proposed` is typed in already. `refuse` returns a message for an answer that is refused. */
  readonly text: (message: string, proposed: string, refuse: (answer: string) => string | undefined) => Promise<string>;
}
