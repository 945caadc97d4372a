import { clickHouse } from '@clickhouse-ssot/runtime';
import { clickHouseErrorHandler, clickHouseMiddleware } from '@clickhouse-ssot/runtime/express';
import { shutdownOnSignals } from '@clickhouse-ssot/runtime/http';
import express, { type ErrorRequestHandler } from 'express';
import { countResponses } from './counts.js';
import { OrderMissingError, readRows, readSlowly } from './queries.js';

const app = express();
app.use(clickHouseMiddleware({ connections: { analytics: clickHouse({ connection: 'analytics' }) } }));
app.get('/rows', async (request, response) => response.json(await readRows(request.clickhouse)));
app.get('/analytics', async (request, response) => response.json(await readRows(request.clickhouseOf('analytics'))));
app.get('/slow', async (request, response) => response.json(await readSlowly(request.clickhouse)));
app.get('/own-error', () => {
  throw new OrderMissingError('order 7');
});
app.use(clickHouseErrorHandler());
const ownErrors: ErrorRequestHandler = (error, _request, response, next) => {
  if (error instanceof OrderMissingError) response.status(404).send(`missing: ${error.message}`);
  else next(error);
};
app.use(ownErrors);
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
});
countResponses(server);
shutdownOnSignals(server);
