import type { Finding } from '../findings/finding.js';
import type { RuleContext } from './rule-context.js';

/** A list of rules for users. `strict` contains all rules, `recommended` those that are meant to be right on every code base. */
export type Preset = 'recommended' | 'strict';

/** The documentation of a rule, for linters and for the generated pages. */
export interface RuleDocs {
  /** One sentence that begins with "Disallow" or "Require". */
  readonly description: string;
  /** Address of the rule's page. */
  readonly url: string;
  /** The smallest preset that contains the rule. */
  readonly preset: Preset;
}

interface RuleDefinition<MessageId extends string> {
  /** In kebab-case; the name of the rule's file. */
  readonly name: string;
  readonly description: string;
  readonly preset: Preset;
  /** Message texts by id. `{{name}}` is a placeholder for a finding's `data`. */
  readonly messages: Readonly<Record<MessageId, string>>;
  /** Whether findings may have a `fix`. Default: false. */
  readonly fixable?: boolean;
  /** Whether findings may have `suggestions`. Default: false. */
  readonly hasSuggestions?: boolean;
  /** Yields the findings in the whole program. The engine reports each in its own file. */
  readonly check: (context: RuleContext) => Iterable<Finding & { readonly messageId: MessageId }>;
}

/** Name and metadata of a rule, as linters read them. The type does not depend on a linter's types, so it fits those of each. */
export interface RuleInfo {
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
}

/**
 * A rule of this plugin, independent of a linter: `check` reads a model and yields findings. `toLinterRule` makes the rule that linters
 * load.
 */
export interface Rule extends RuleInfo {
  /** Yields the findings in the whole program. */
  check(context: RuleContext): Iterable<Finding>;
}

const documentation = 'https://github.com/clickhouse-ssot/clickhouse-ssot/blob/main/docs/rules';

/** Messages of every rule: invalid settings, and an error of the rule itself. */
const commonMessages = {
  settings: '{{problem}}',
  failure: 'clickhouse-ssot failed on this file: {{problem}} This is a bug, so findings may be missing here. Please report it.',
};

/** Returns a rule of this plugin with the `meta` that linters expect. */
export function defineRule<MessageId extends string>(definition: RuleDefinition<MessageId>): Rule {
  const { name, description, preset, messages, fixable = false, hasSuggestions = false, check } = definition;
  return {
    name,
    check,
    meta: {
      type: 'problem',
      docs: { description, preset, url: `${documentation}/${name}.md` },
      messages: { ...messages, ...commonMessages },
      schema: [],
      defaultOptions: [],
      hasSuggestions,
      ...(fixable ? { fixable: 'code' as const } : {}),
    },
  };
}
