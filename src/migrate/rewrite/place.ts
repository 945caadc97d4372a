import type { ClientConstructor } from '../../model/clients/client-packages.js';
import type { ModuleVerdict } from '../../model/factories/verdicts.js';

/** A client construction that is to move into the factory. Offsets are in the text without a byte order mark. */
export interface Place {
  /** Absolute path. */
  readonly file: string;
  /** The callee: `createClient` of `createClient({ … })`. */
  readonly start: number;
  readonly end: number;
  readonly constructor: ClientConstructor;
  /** The verdict on the module. Undefined if the module was not judged. */
  readonly verdict: ModuleVerdict | undefined;
}

/** A construction that stays where it is, with the reason. */
export interface Leftover {
  readonly place: Place;
  /** A sentence. */
  readonly reason: string;
}

/** Code that stays as it is and that the user looks at, with the reason. */
export interface LeftCode {
  /** Absolute path. */
  readonly file: string;
  /** Offset in the text of today. */
  readonly start: number;
  /** What it is: `createClient` of "@clickhouse/client". */
  readonly subject: string;
  /** A sentence. */
  readonly reason: string;
}

/** Returns what a report says about a construction that stays. */
export function leftCodeOf({ place: { file, start, constructor }, reason }: Leftover): LeftCode {
  return { file, start, subject: `\`${constructor.name}\` of "${constructor.package}"`, reason };
}
