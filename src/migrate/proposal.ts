import type { FileEdit } from '../edits/file-edit.js';
import type { MissingPackage } from './missing-packages.js';
import type { LeftCode } from './rewrite/place.js';

/** What a migration proposes, before anything is written. */
export interface Proposal {
  /** Lines above the diff: where the clients come from after the edits. */
  readonly head: string;
  /** In the order in which they are written. */
  readonly edits: readonly FileEdit[];
  /** What stays, with the reasons. */
  readonly left: readonly LeftCode[];
  /** Lines behind the list of what stays: numbers before and after. */
  readonly summary: string;
  /** What the user does after the files are written, one step a line. */
  readonly next: readonly string[];
  /** Versions that the project has to update, one sentence for each. */
  readonly updates: readonly string[];
  /** The packages without which the types of some edits could not be checked. */
  readonly missing: readonly MissingPackage[];
}

/** How a migration is asked for. */
export interface ProposalInput {
  /** Whether constructions in tests move as well. */
  readonly includesTests: boolean;
  /** The factory module that the user named: an absolute path. */
  readonly factory?: string | undefined;
}
