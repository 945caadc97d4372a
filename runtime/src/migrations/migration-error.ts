import { ClickHouseSsotError } from '../errors/base.js';

/**
 * Why the migrations stopped.
 * - `invalid-files`: a file has a wrong name or content, or cannot be read. Nothing was sent.
 * - `changed-files`: the files contradict the journal. Nothing was sent.
 * - `statement-failed`: a statement failed and did nothing. The next run begins with it.
 * - `outcome-unknown`: a statement may or may not have run, and a repetition is not harmless. Each run refuses until the journal says which.
 * - `locked`: another process runs the migrations for longer than `waitMs`.
 * - `lock-lost`: another process took over, since this one gave no sign for `leaseMs`. The next statement was not sent.
 */
export type MigrationFailure = 'invalid-files' | 'changed-files' | 'statement-failed' | 'outcome-unknown' | 'locked' | 'lock-lost';

/** The statement at which the migrations stopped. */
export interface MigrationPosition {
  /** Name of the file. */
  readonly file: string;
  /** Number of the statement in its file, from 1 on. */
  readonly statement: number;
  /** Number of statements of the file. */
  readonly statements: number;
  /** Line of the file on which the statement begins, from 1 on. */
  readonly line: number;
}

/**
 * The migrations stopped. Thrown by `migrate`. `cause` is the error of the statement, if there was one. The message says what was run, and what
 * to do. Retryable: no.
 */
export class MigrationError extends ClickHouseSsotError {
  static override readonly kind = 'MigrationError';

  /** Why the migrations stopped. */
  readonly reason: MigrationFailure;
  /** The statement at which they stopped. Undefined if they stopped before any statement. */
  readonly position: MigrationPosition | undefined;

  constructor(
    reason: MigrationFailure,
    message: string,
    { position, cause }: { readonly position?: MigrationPosition | undefined; readonly cause?: unknown } = {},
  ) {
    super('MIGRATION_FAILED', message, { cause });
    this.reason = reason;
    this.position = position;
  }

  override toJSON(): Record<string, unknown> {
    const { reason, position, cause } = this;
    return {
      ...super.toJSON(),
      reason,
      ...(position && { position }),
      ...(cause instanceof ClickHouseSsotError && { cause: cause.toJSON() }),
    };
  }
}
