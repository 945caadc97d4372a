import { assertOptions, objectOrFalse, type OptionRules, type SomeOptions } from '../config/validate-options.js';
import { type BreakerLimits, breakerRules, CircuitBreaker } from '../resilience/circuit-breaker.js';
import { RetryBudget } from '../resilience/retry.js';

/** Options of `ServerState`. */
export interface ServerStateOptions {
  /** When a failing server receives no statements. Keys that are left out have their defaults. `false`: never. Default: `{}`. */
  readonly breaker?: SomeOptions<BreakerLimits> | false | undefined;
}

const rules: OptionRules<ServerStateOptions> = { breaker: objectOrFalse };

/** What was learned of one server. */
export interface KnownServer {
  /** Undefined if breakers are disabled. */
  readonly breaker: CircuitBreaker | undefined;
  readonly budget: RetryBudget;
}

/**
 * The state of the servers that an isolate uses: the circuit breaker and the retry budget of each, and which one is next. It has no timers, promises or connections, so
 * a Worker may keep it at module scope, while it creates a service for each request.
 */
export class ServerState {
  readonly #servers = new Map<string, KnownServer>();
  /** Number of statements for each list of servers. A service that has only one statement could not take turns. */
  readonly #turns = new Map<string, number>();
  readonly #breaker: SomeOptions<BreakerLimits> | false;

  /** @throws ConfigError if an option is unknown or invalid */
  constructor(options: ServerStateOptions = {}) {
    assertOptions('ServerState', rules, options);
    const { breaker = {} } = options;
    if (breaker !== false) assertOptions('breaker', breakerRules, breaker);
    this.#breaker = breaker;
  }

  /** Returns what is known of a server, by its origin. */
  serverAt(url: string): KnownServer {
    const known = this.#servers.get(url) ?? this.#newServer(url);
    this.#servers.set(url, known);
    return known;
  }

  /** Returns the number of the next statement for a configuration with these servers, from 0. */
  nextTurn(urls: readonly string[]): number {
    const list = urls.join();
    const turn = this.#turns.get(list) ?? 0;
    this.#turns.set(list, turn + 1);
    return turn;
  }

  #newServer(url: string): KnownServer {
    const breaker = this.#breaker === false ? undefined : new CircuitBreaker({ endpoint: url, limits: this.#breaker });
    return { breaker, budget: new RetryBudget() };
  }
}
