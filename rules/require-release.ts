import type { Fault, Origin, ResourceKind, Unreleased } from '../src/model/releases/resource.js';
import { calleeSpan, callableName, callableOf, spanOf } from '../src/model/typescript/syntax.js';
import type { RuleContext } from '../src/rule/rule-context.js';
import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'require-release',
  description: 'Require clients, pools and leases that are made again and again to be released on every path.',
  preset: 'recommended',
  messages: {
    never: '`{{name}}` {{makes}} each time that {{function}} runs, and no code releases it. {{remedy}}',
    'on-error':
      '`{{name}}` {{makes}}, and {{function}} releases it only if nothing throws. Release it in a `finally` block{{alternative}}.',
    'on-path': '`{{name}}` {{makes}}, and a path through {{function}} leaves it open. Release it in a `finally` block{{alternative}}.',
    'not-cleared':
      '`{{name}}` {{makes}} each time that {{function}} runs. `drain()` waits for the leases, and the clients stay open. Call `clear()` after it, or make one pool for the process.',
    replaced:
      '`{{name}}` {{makes}} that takes the place of an earlier one, and {{function}} does not close the earlier one. Close it before or after the replacement.',
    dropped: '{{function}} forgets what `{{name}}` made ({{made}}) and does not close it. Close it first.',
    evicted:
      '`{{name}}` {{makes}} for a cache that drops old entries, and the cache closes none of them. Give the cache a function that closes what it drops, such as `dispose`.',
    'request-scope':
      '`{{name}}` {{makes}} for each request, because its provider has the scope of a request. Nest calls no `onModuleDestroy` for such a provider. Take the client from a provider of the default scope.',
  },

  *check(context) {
    for (const unreleased of context.model.unreleased()) {
      const { origin, fault, node } = unreleased;
      yield {
        span: node === origin.node ? calleeSpan(node) : spanOf(node),
        messageId: fault satisfies Fault,
        data: {
          name: origin.name,
          makes: makes(origin, context),
          function: functionName(unreleased),
          made: place(origin, context),
          remedy: remedies[origin.kind],
          // A lease may be the client itself, and `await using` would close it.
          alternative: origin.kind === 'lease' ? '' : ', or declare it with `await using`',
        },
      };
    }
  },
});

const nouns: Readonly<Record<ResourceKind, string>> = {
  client: 'makes a ClickHouse client',
  pool: 'makes a pool of ClickHouse clients',
  lease: 'takes a lease of a pool',
  object: 'makes an object that owns a ClickHouse client',
};

const remedies: Readonly<Record<ResourceKind, string>> = {
  client: 'Make one client for the process, for example with `clickHouse()` of @clickhouse-ssot/runtime, or close it in a `finally` block.',
  pool: 'Make one pool for the process, or drain and clear it in a `finally` block.',
  lease: 'Release it in a `finally` block.',
  object: 'Make one such object for the process, or close its client in a `finally` block.',
};

function makes(origin: Origin, context: RuleContext): string {
  const { kind, construction } = origin;
  return construction ? `${nouns[kind]} (made in ${locationOf(construction, context)})` : nouns[kind];
}

function functionName({ node }: Unreleased): string {
  return `\`${callableName(callableOf(node))}\``;
}

function place({ node }: Origin, context: RuleContext): string {
  return locationOf(node, context);
}

function locationOf(node: Parameters<typeof spanOf>[0], context: RuleContext): string {
  const { file, line } = context.locate(spanOf(node));
  return `${file}:${line}`;
}
