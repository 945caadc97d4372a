import { ClickHouseError } from '@clickhouse/client';
import { type ArgumentsHost, Catch, type ExceptionFilter, Logger } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import { ClickHouseSsotError } from '../errors/index.js';
import { assertOptions, assertParameter, objectWith } from '../config/validate-options.js';
import { failureResponse } from '../http/failure-response.js';
import { cutResponse } from '../http/node-response.js';
import { type FailureOptions, type FailureReport, failureRules } from '../http/options.js';
import { writeReply } from './reply.js';

/** Answers HTTP requests that failed because of ClickHouse. The module registers it for all controllers. */
export class ClickHouseExceptionFilter implements ExceptionFilter {
  static {
    // The decorator as a function, which needs no settings of a compiler.
    Catch(ClickHouseSsotError, ClickHouseError)(this);
  }

  readonly #report: (failure: FailureReport) => void;

  /**
   * @param host gives the HTTP adapter, Express or Fastify
   * @throws ConfigError if the host is no object, or if an option is unknown or invalid
   */
  constructor(
    private readonly host: HttpAdapterHost,
    options: FailureOptions = {},
  ) {
    assertParameter('ClickHouseExceptionFilter.host', objectWith('the HttpAdapterHost of the application'), host);
    assertOptions('ClickHouseExceptionFilter', failureRules, options);
    this.#report = options.onFailure ?? reportToLogger;
  }

  /** Writes the response, or cuts the connection of one that has begun. Errors of other kinds of requests, such as those of a microservice, are thrown again. */
  catch(exception: unknown, context: ArgumentsHost): void {
    const failure = context.getType() === 'http' ? failureResponse(exception, this.#report) : undefined;
    if (failure === undefined) throw exception;
    const { httpAdapter } = this.host;
    const response: unknown = context.getArgByIndex(1);
    if (httpAdapter.isHeadersSent(response)) return cutResponse(response);
    writeReply(httpAdapter, response, failure);
  }
}

/** Writes a failure to the log of the application. */
export function reportToLogger({ error, status }: FailureReport): void {
  new Logger('ClickHouse').error({ message: 'ClickHouse failure', status, clickhouse: error.toJSON() });
}
