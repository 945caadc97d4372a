import type { Finding } from '../findings/finding.js';
import type { RuleContext } from './rule-context.js';

export type Preset = 'recommended' | 'strict';

export interface RuleDocs {
  readonly description: string;
  readonly url: string;
  /** What of the post-mortem the rule answers to. */
  readonly incident: string;
  readonly preset: Preset;
}

interface RuleDefinition<MessageId extends string> {
  readonly name: string;
  readonly description: string;
  readonly incident: string;
  readonly preset: Preset;
  readonly messages: Readonly<Record<MessageId, string>>;
  readonly fixable?: boolean;
  readonly hasSuggestions?: boolean;
  /** Judges the whole program once; who lints a file gets the findings that lie in it. */
  readonly check: (analysis: RuleContext) => Iterable<Finding & { readonly messageId: MessageId }>;
}

/**
 * A rule of this plugin: what ESLint and oxlint load, and a judge that needs neither. Its type leans on no linter's, so it fits
 * those of all: each calls `create` with a context of its own.
 */
export interface Rule {
  readonly name: string;
  readonly meta: {
    readonly type: 'problem';
    readonly docs: RuleDocs;
    readonly messages: Record<string, string>;
    readonly schema: [];
    readonly defaultOptions: [];
    readonly hasSuggestions: boolean;
    readonly fixable?: 'code';
  };
  check(analysis: RuleContext): Iterable<Finding>;
}

const documentation = 'https://github.com/clickhouse-ssot/clickhouse-ssot/blob/main/docs/rules';

/** Said by every rule about itself or its settings, whatever else it says. */
const ownMessages = {
  settings: '{{problem}}',
  failure: 'clickhouse-ssot could not judge this file: {{problem}} Please report it: the rule has said nothing about the rest.',
};

export function defineRule<MessageId extends string>(definition: RuleDefinition<MessageId>): Rule {
  const { name, description, incident, preset, messages, fixable = false, hasSuggestions = false, check } = definition;
  const rule: Rule = {
    name,
    check,
    meta: {
      type: 'problem',
      docs: { description, incident, preset, url: `${documentation}/${name}.md` },
      messages: { ...messages, ...ownMessages },
      schema: [],
      defaultOptions: [],
      hasSuggestions,
      ...(fixable ? { fixable: 'code' as const } : {}),
    },
  };
  return rule;
}
