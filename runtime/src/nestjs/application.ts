import type { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import { sendReport } from '../http/failure-response.js';
import type { FailureReport, HttpService } from '../http/options.js';
import { alive, checkReadiness } from '../http/probes.js';
import { ClickHouseExceptionFilter, reportToLogger } from './exception-filter.js';
import type { ClickHouseModuleExtras, ClickHouseModuleOptions } from './options.js';
import { adapterOf, writeReply } from './reply.js';

/** One `ClickHouseModule` of an application, with its service. */
export interface ServiceModule {
  readonly service: HttpService;
  readonly options: ClickHouseModuleOptions;
  readonly extras: ClickHouseModuleExtras;
}

/** Holds what all modules of one application share: one exception filter, and one route for each probe. */
export class ClickHouseApplication {
  readonly #modules: ServiceModule[] = [];
  readonly #factoryOptions = new Map<string, ClickHouseModuleOptions>();
  #hasFilter = false;

  constructor(
    private readonly config: ApplicationConfig,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Keeps the options that the factory of a module has returned. */
  setFactoryOptions(token: string, options: ClickHouseModuleOptions): void {
    this.#factoryOptions.set(token, options);
  }

  /** Returns the options of a factory. Undefined if it did not run, because a test replaces the service. */
  factoryOptions(token: string): ClickHouseModuleOptions | undefined {
    return this.#factoryOptions.get(token);
  }

  /** Adds a module. The first one that answers failures adds the exception filter for all. */
  add(module: ServiceModule): void {
    this.#modules.push(module);
    if (this.#hasFilter || module.extras.mapErrors === false) return;
    this.#hasFilter = true;
    // Nest asks the last global filter first. It adds those of the application later, so that all of them are asked before this one.
    this.config.addGlobalFilter(new ClickHouseExceptionFilter(this.host, { onFailure: (failure) => this.#report(failure) }));
  }

  /** Adds the routes of the probes before those of the controllers. An application without an HTTP server has none. */
  addProbes(): void {
    const adapter = adapterOf(this.host);
    if (adapter === undefined) return;
    for (const path of pathsOf(this.#modules, 'livenessPath', '/livez'))
      adapter.get(path, (_request: unknown, response: unknown) => writeReply(adapter, response, alive));
    for (const path of pathsOf(this.#modules, 'readinessPath', '/readyz'))
      adapter.get(path, (_request: unknown, response: unknown) => {
        void checkReadiness(this.#services, (failure) => this.#report(failure)).then((answer) => writeReply(adapter, response, answer));
      });
  }

  /** All services by name. That without a name is `default`. */
  get #services(): { readonly all: readonly (readonly [name: string, service: HttpService])[] } {
    return { all: this.#modules.map(({ extras, service }) => [extras.name ?? 'default', service] as const) };
  }

  /** A failure does not tell the module of its service, so each report of a module receives it. */
  #report(failure: FailureReport): void {
    const reports = new Set(this.#modules.flatMap(({ options: { onFailure } }) => onFailure ?? []));
    for (const report of reports.size === 0 ? [reportToLogger] : reports) sendReport(report, failure);
  }
}

/** Returns the paths of a probe: those that modules name. If no module says anything, it is the default. */
function pathsOf(modules: readonly ServiceModule[], option: 'readinessPath' | 'livenessPath', fallback: string): ReadonlySet<string> {
  const given = modules.flatMap(({ extras }) => extras[option] ?? []);
  return new Set(given.length === 0 ? [fallback] : given.filter((path) => path !== false));
}
