import { type FactoryProvider, Inject, Module, type NestModule } from '@nestjs/common';
import { ApplicationConfig, HttpAdapterHost } from '@nestjs/core';
import { ClickHouseApplication } from './application.js';

const application: FactoryProvider<ClickHouseApplication> = {
  provide: ClickHouseApplication,
  inject: [ApplicationConfig, HttpAdapterHost],
  useFactory: (config: ApplicationConfig, host: HttpAdapterHost) => new ClickHouseApplication(config, host),
};

/** The module that each `ClickHouseModule` imports. Nest creates it once for each application. */
export class ClickHouseApplicationModule implements NestModule {
  static {
    // The decorators as functions, which need no settings of a compiler.
    Module({ providers: [application], exports: [ClickHouseApplication] })(this);
    Inject(ClickHouseApplication)(this, undefined, 0);
  }

  constructor(private readonly application: ClickHouseApplication) {}

  /** Nest calls this before it adds the routes of the controllers, and their guards. */
  configure(): void {
    this.application.addProbes();
  }
}
