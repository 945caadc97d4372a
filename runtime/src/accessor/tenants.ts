import { assertConfigInput } from '../config/assert-input.js';
import { atLeast, completeOptions, countFrom, isObject, type OptionRules } from '../config/validate-options.js';
import { ManagerClosedError, TenantLimitError } from '../errors/index.js';
import type { ClickHouseConnectionManager } from '../manager/manager.js';
import type { DrainOptions } from '../manager/options.js';
import type { ClickHouseOptions, ResolvedConnection } from './connection-options.js';
import { assertNotClosing } from './connections.js';
import { identityOf } from './identity.js';
import { type LazyClickHouseService, LazyService } from './lazy-service.js';
import { Tenant } from './tenant.js';
import { assertNoOwnKeys, resolveTenant, type TenantInput, type TenantsOptions } from './tenant-options.js';

/** Numbers of tenants. */
export interface TenantsStats {
  /** Maximum number of open tenants. */
  readonly max: number;
  /** Open tenants: each has a manager and, after its first statement, a client. */
  readonly open: number;
  /** Open tenants on which a statement runs or waits, or a session is leased. */
  readonly busy: number;
  /** Tenants opened since the registry exists. A tenant that was drained and is opened again counts again. */
  readonly opened: number;
  /** Idle tenants that were drained for another one, since the registry exists. */
  readonly evicted: number;
  /** Tenants that were drained after `idleMs`, since the registry exists. */
  readonly expired: number;
}

/** The configuration of a tenant, with the identities of the parameter of `for()` and of the configuration itself. */
interface ResolvedTenant {
  readonly inputKey: string;
  readonly key: string;
  readonly connection: ResolvedConnection;
}

const defaults = { max: 100, idleMs: 600_000 };
const rules: OptionRules<typeof defaults> = { max: countFrom(1), idleMs: atLeast(0) };
/** Longest delay of a timer of Node. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * The connections to the servers of tenants, whose credentials come from code: one manager for each configuration, at most `max` of them.
 * Environment variables are never read, so no password of the process reaches a tenant. `closeClickHouse()` drains all tenants.
 */
export class ClickHouseTenants implements AsyncDisposable {
  readonly #limits: typeof defaults;
  readonly #defaults: ClickHouseOptions;
  readonly #tenants = new Map<string, Tenant>();
  /** Keyed by the identity of the parameter of `for()`. */
  readonly #resolved = new Map<string, ResolvedTenant>();
  readonly #retiring = new Set<Promise<void>>();
  readonly #counts = { opened: 0, evicted: 0, expired: 0 };
  #timer: NodeJS.Timeout | undefined;
  #drains = 0;

  /** @throws ConfigError if `max` or `idleMs` is invalid, or if an option names a server, a user or credentials */
  constructor(tenantsOptions: TenantsOptions = {}) {
    assertConfigInput(tenantsOptions);
    const { max, idleMs, ...options } = tenantsOptions;
    this.#limits = completeOptions('tenants', rules, defaults, { max, idleMs });
    assertNoOwnKeys(options);
    this.#defaults = options;
  }

  /**
   * Returns the service of a tenant. Tenants with the same configuration, password included, share one manager. Nothing is made before the
   * first statement. The service stays valid after its tenant was drained: the next statement opens the tenant again.
   *
   * A statement also rejects with ConfigError if the configuration is invalid, and with TenantLimitError if `max` tenants run statements.
   */
  for(tenant: TenantInput): LazyClickHouseService {
    // The first statement rejects what is no object.
    const input = isObject(tenant) && !(tenant instanceof URL) ? { ...tenant } : tenant;
    let resolved: ResolvedTenant | undefined;
    const resolve = () => (resolved ??= this.#resolve(input));
    return new LazyService({
      manager: () => {
        return this.#managerOf(resolve());
      },
      existing: () => this.#tenants.get(resolve().key)?.manager,
      onStatement: () => resolved && this.#tenants.get(resolved.key)?.watch(),
    });
  }

  /** Numbers of tenants at this moment. */
  get stats(): TenantsStats {
    this.#removeClosed();
    const busy = [...this.#tenants.values()].filter(({ idleSince }) => idleSince === undefined).length;
    return { max: this.#limits.max, open: this.#tenants.size, busy, ...this.#counts };
  }

  /**
   * Drains all tenants, as `manager.drain()` does. New and waiting statements fail with ManagerClosedError meanwhile. A later statement
   * opens its tenant again.
   */
  async drain(options?: DrainOptions): Promise<void> {
    this.#drains++;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      await Promise.all([...[...this.#tenants.values()].map((tenant) => tenant.drain(options)), ...this.#retiring]);
      this.#removeClosed();
    } finally {
      this.#drains--;
    }
  }

  /** Drains with a timeout of 0: running statements are terminated at once. */
  close(): Promise<void> {
    return this.drain({ timeoutMs: 0 });
  }

  /** Does the same as `drain()`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.drain();
  }

  /** Resolves a configuration. Remembers it while its tenant is open, since callers call `for()` for each request. @throws ConfigError */
  #resolve(input: TenantInput): ResolvedTenant {
    const inputKey = identityOf(input);
    const known = this.#resolved.get(inputKey);
    if (known) return known;
    const connection = resolveTenant(this.#defaults, input);
    // Options of manager and factory are the same for all tenants. Provenance does not matter.
    return { inputKey, key: identityOf({ ...connection.config, provenance: undefined }), connection };
  }

  /** @throws ManagerClosedError during a drain; TenantLimitError; ConfigError */
  #managerOf(resolved: ResolvedTenant): ClickHouseConnectionManager {
    const { key, inputKey, connection } = resolved;
    const open = this.#tenants.get(key);
    // While it drains it stays here, so that the statement fails with ManagerClosedError.
    if (open && open.manager.state !== 'closed') return open.manager;
    this.#remove(key);
    assertNotClosing();
    if (this.#drains > 0) throw new ManagerClosedError();
    this.#makeRoom();
    const tenant = new Tenant(key, connection, () => this.#expireLater(this.#limits.idleMs));
    this.#tenants.set(key, tenant);
    this.#resolved.set(inputKey, resolved);
    this.#counts.opened++;
    // A tenant that is opened without a statement expires as well.
    this.#expireLater(this.#limits.idleMs);
    return tenant.manager;
  }

  /** Drains the tenant that is idle for longest, if there is no room for another one. @throws TenantLimitError if no tenant is idle */
  #makeRoom(): void {
    if (this.#tenants.size < this.#limits.max) return;
    this.#removeClosed();
    if (this.#tenants.size < this.#limits.max) return;
    const [oldest] = this.#idleTenants();
    if (!oldest) throw new TenantLimitError(this.#limits.max);
    this.#counts.evicted++;
    this.#retire(oldest.tenant);
  }

  /** Returns the tenants on which nothing runs, the one that is idle for longest first. */
  #idleTenants(): readonly { readonly tenant: Tenant; readonly since: number }[] {
    return [...this.#tenants.values()]
      .flatMap((tenant) => {
        const since = tenant.idleSince;
        return since === undefined ? [] : { tenant, since };
      })
      .sort((one, other) => one.since - other.since);
  }

  /** Drains a tenant on which nothing runs. Its next statement opens a new manager, and does not wait for this drain. */
  #retire(tenant: Tenant): void {
    this.#remove(tenant.key);
    const drained = tenant.drain({ timeoutMs: 0 }).catch(() => undefined);
    this.#retiring.add(drained);
    void drained.finally(() => this.#retiring.delete(drained));
  }

  #expireLater(delayMs: number): void {
    if (this.#timer !== undefined || this.#limits.idleMs === Infinity) return;
    this.#timer = setTimeout(() => this.#expire(), Math.min(delayMs, maxTimerMs)).unref();
  }

  /** Drains the tenants that are idle for `idleMs`. */
  #expire(): void {
    this.#timer = undefined;
    this.#removeClosed();
    const now = performance.now();
    for (const { tenant, since } of this.#idleTenants()) {
      const restMs = since + this.#limits.idleMs - now;
      // All others are idle for a shorter time. A timer may be early by a fraction of a millisecond.
      if (restMs >= 1) return this.#expireLater(restMs);
      this.#counts.expired++;
      this.#retire(tenant);
    }
  }

  /** Removes the tenants that were closed by their service or by `closeClickHouse()`. */
  #removeClosed(): void {
    for (const [key, { manager }] of this.#tenants) if (manager.state === 'closed') this.#remove(key);
  }

  #remove(key: string): void {
    this.#tenants.delete(key);
    for (const [inputKey, resolved] of this.#resolved) if (resolved.key === key) this.#resolved.delete(inputKey);
  }
}
