import 'reflect-metadata';
import type { EventEmitter } from 'node:events';
import { shutdownOnSignals } from '@clickhouse-ssot/runtime/http';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { countResponses } from '../apps/counts.js';
import { AppModule } from './app.module.js';

async function start(): Promise<void> {
  const options = { abortOnError: false };
  const app =
    process.argv[2] === 'fastify'
      ? await NestFactory.create(AppModule, new FastifyAdapter(), options)
      : await NestFactory.create(AppModule, options);
  const server: EventEmitter = app.getHttpServer();
  countResponses(server);
  shutdownOnSignals(app);
  await app.listen(0, '127.0.0.1');
  console.log(await app.getUrl());
}

void start();
