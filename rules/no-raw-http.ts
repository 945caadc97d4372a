import { defineRule } from '../src/rule/rule.js';
import type { RawRequest } from '../src/model/requests/raw-request.js';

export default defineRule({
  name: 'no-raw-http',
  description: "Disallow requests to ClickHouse's HTTP interface without a client.",
  preset: 'recommended',
  messages: {
    request:
      "`{{call}}` sends a request to ClickHouse's HTTP interface: {{evidence}}. It has its own address, credentials, formats and errors, beside those of a client. {{client}}, and call {{method}}.",
    ping: "`{{call}}` asks ClickHouse's HTTP interface whether the server answers: {{evidence}}. A client may still be unable to connect, because it has other settings. {{client}}, and call {{method}}.",
  },

  *check({ model, pathOf }) {
    const requests = model.rawRequests();
    const usesRuntime = requests.length > 0 && model.usesRuntime();
    for (const request of requests) {
      const data = {
        call: shortened(request.call),
        evidence: evidenceText(request),
        client: clientText(request.clients.map(pathOf), usesRuntime),
        method: methodText(request, usesRuntime ? 'clickHouse()' : 'client'),
      };
      yield { span: request.span, messageId: request.isPing ? 'ping' : 'request', data };
    }
  },
});

/** A callee of several lines is cut at the first. */
function shortened(call: string): string {
  const [line = ''] = call.split('\n');
  return line.length < call.length ? `${line.trim()}…` : line;
}

function evidenceText({ evidence }: RawRequest): string {
  switch (evidence.kind) {
    case 'header':
      return `it sends the header \`${evidence.name}\``;
    case 'configuration':
      return evidence.name === '' ? 'its address is that of a client' : `its address comes from \`${evidence.name}\``;
    case 'address':
      return /^\d+$/.test(evidence.name) ? `its address has the port ${evidence.name}` : `its address is ${evidence.name}`;
  }
}

/** The method of a client that fits, as code calls it. */
function methodText({ isPing, statement }: RawRequest, client: string): string {
  if (isPing) return `\`${client}.ping()\``;
  if (statement === 'insert') return `\`${client}.insert({ table, values, format })\``;
  if (statement === 'command') return `\`${client}.command({ query })\``;
  const query = `\`${client}.query({ query })\``;
  return statement === 'query' ? query : `${query}, \`insert()\` or \`command()\``;
}

/** Where the client comes from. A program without a client needs one. */
function clientText(clients: readonly string[], usesRuntime: boolean): string {
  if (usesRuntime) return 'Take the client from @clickhouse-ssot/runtime';
  if (clients.length > 0) return `Take the client from ${clients.slice(0, 2).join(' or ')}`;
  return 'Make one client in a module of its own, with `createClient` of @clickhouse/client or `clickHouse` of @clickhouse-ssot/runtime';
}
