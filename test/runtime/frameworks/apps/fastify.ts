import { clickHouse } from '@clickhouse-ssot/runtime';
import { clickHousePlugin } from '@clickhouse-ssot/runtime/fastify';
import { shutdownOnSignals } from '@clickhouse-ssot/runtime/http';
import Fastify from 'fastify';
import { countResponses } from './counts.js';
import { OrderMissingError, readRows, readSlowly } from './queries.js';

const app = Fastify({ logger: true });
countResponses(app.server);
await app.register(clickHousePlugin, { connections: { analytics: clickHouse({ connection: 'analytics' }) } });
app.get('/rows', (request) => readRows(request.clickhouse));
app.get('/analytics', (request) => readRows(request.clickhouseOf('analytics')));
app.get('/slow', (request) => readSlowly(request.clickhouse));
app.get('/own-error', () => {
  throw new OrderMissingError('order 7');
});
app.setErrorHandler((error, _request, reply) => {
  if (!(error instanceof OrderMissingError)) throw error;
  return reply.code(404).send(`missing: ${error.message}`);
});
shutdownOnSignals(app);
console.log(await app.listen({ port: 0, host: '127.0.0.1' }));
