import { ClickHouseSsotError } from './base.js';

/**
 * `max` tenants of `ClickHouseTenants` are open, and statements run or wait on each of them, so that none can be drained for another one.
 * Outcome: `never-sent`. Retryable: yes.
 */
export class TenantLimitError extends ClickHouseSsotError {
  static override readonly kind = 'TenantLimitError';

  constructor(
    /** `max` of the registry. */
    readonly max: number,
  ) {
    super(
      'TENANT_LIMIT',
      `${max} tenants are open, and all of them run statements: the statement of a further tenant was not sent. Read every result to its end, start fewer statements at once, or raise \`max\` of ClickHouseTenants.`,
      { retryable: true },
    );
  }
}
