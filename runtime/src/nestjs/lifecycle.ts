import { EventEmitter } from 'node:events';
import type { BeforeApplicationShutdown, OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { AppServices } from '../http/app-services.js';
import { type ServerConnections, watchConnections } from '../http/server-connections.js';
import type { HttpService } from '../http/options.js';

/** Drains one service when the application closes. Nest calls the methods in the order in which they stand here. */
export class ClickHouseLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown {
  readonly #services: AppServices;
  #connections: ServerConnections | undefined;

  /** @param host gives the HTTP server, if the application has one */
  constructor(
    service: HttpService,
    private readonly drainTimeoutMs: number,
    private readonly host: Partial<HttpAdapterHost>,
  ) {
    this.#services = new AppServices({ service }).open();
  }

  onApplicationBootstrap(): void {
    const server: unknown = this.host.httpAdapter?.getHttpServer();
    if (server instanceof EventEmitter) this.#connections = watchConnections(server);
  }

  /** Nest stops taking requests after this call, and waits for the running ones. */
  beforeApplicationShutdown(): void {
    this.#connections?.end(this.drainTimeoutMs);
  }

  onApplicationShutdown(): Promise<void> {
    return this.#services.drain({ timeoutMs: this.drainTimeoutMs });
  }
}
