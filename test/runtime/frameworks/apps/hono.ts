import { clickHouse } from '@clickhouse-ssot/runtime';
import { clickHouseErrorHandler, clickHouseMiddleware } from '@clickhouse-ssot/runtime/hono';
import { shutdownOnSignals } from '@clickhouse-ssot/runtime/http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { countResponses } from './counts.js';
import { OrderMissingError, readRows, readSlowly } from './queries.js';

const app = new Hono();
app.use(clickHouseMiddleware({ connections: { analytics: clickHouse({ connection: 'analytics' }) } }));
app.get('/rows', async (c) => c.body(JSON.stringify(await readRows(c.var.clickhouse))));
app.get('/analytics', async (c) => c.body(JSON.stringify(await readRows(c.var.clickhouseOf('analytics')))));
app.get('/slow', async (c) => c.body(JSON.stringify(await readSlowly(c.var.clickhouse))));
app.get('/own-error', () => {
  throw new OrderMissingError('order 7');
});
app.onError(
  clickHouseErrorHandler({
    otherErrors: (error, c) =>
      error instanceof OrderMissingError ? c.text(`missing: ${error.message}`, 404) : c.text('Internal Server Error', 500),
  }),
);
const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => console.log(`http://127.0.0.1:${port}`));
countResponses(server);
shutdownOnSignals(server);
