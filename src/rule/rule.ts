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

/**
 * The subject of a rule. The settings are not part of the program: linters report them once for each run, at the first file, and the audit
 * lists them apart from the findings.
 */
export type RuleSubject = 'program' | 'invalid-settings' | 'stale-settings';

interface RuleDefinition<MessageId extends string> {
  /** In kebab-case; the name of the rule's file. */
  readonly name: string;
  readonly description: string;
  readonly preset: Preset;
  /** Message texts by id. `{{name}}` is a placeholder for a finding's `data`. */
  readonly messages: Readonly<Record<MessageId, string>>;
  /** Default: `program`. A rule about the settings yields no findings: the engine finds what it reports. */
  readonly subject?: RuleSubject;
  /** Presets in which the rule only warns. Default: none. */
  readonly warnsIn?: readonly Preset[];
  /** Whether findings may have a `fix`. Default: false. */
  readonly fixable?: boolean;
  /** Whether findings may have `suggestions`. Default: false. */
  readonly hasSuggestions?: boolean;
  /** Whether some findings have the scope `test`. Then the rule has the option `tests`. Default: false. */
  readonly judgesTests?: boolean;
  /** Yields the findings in the whole program. The engine reports each in its own file. */
  readonly check: (context: RuleContext) => Iterable<Finding & { readonly messageId: NoInfer<MessageId> }>;
}

/** The options of a rule in a linter's configuration. */
export interface RuleOptions {
  /** Whether findings in tests are reported. Default: false; true in the preset `strict`. */
  readonly tests?: boolean;
}

/** Name and metadata of a rule, as linters read them. The type does not depend on a linter's types, so it fits those of each. */
export interface RuleInfo {
  readonly name: string;
  readonly subject: RuleSubject;
  /** Presets in which the rule only warns. */
  readonly warnsIn: readonly Preset[];
  readonly meta: {
    readonly type: 'problem';
    readonly docs: RuleDocs;
    readonly messages: Record<string, string>;
    readonly schema: readonly OptionsSchema[];
    readonly defaultOptions: RuleOptions[];
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

/** The JSON schema of a rule's options. */
interface OptionsSchema {
  readonly type: 'object';
  readonly properties: Record<string, { readonly type: 'boolean'; readonly description: string }>;
  readonly additionalProperties: false;
}

const testsOption: OptionsSchema = {
  type: 'object',
  properties: { tests: { type: 'boolean', description: 'Whether findings in tests are reported. Default: false.' } },
  additionalProperties: false,
};

const documentation = 'https://github.com/clickhouse-ssot/clickhouse-ssot/blob/main/docs/rules';

/** Messages of every rule: wrong settings, a message of its own with a note of the engine, and an error of the rule itself. */
const commonMessages = {
  settings: '{{problem}}',
  noted: '{{message}}',
  failure: 'clickhouse-ssot failed on this file: {{problem}} This is a bug, so findings may be missing here. Please report it.',
};

/** Returns a rule of this plugin with the `meta` that linters expect. */
export function defineRule<MessageId extends string>(definition: RuleDefinition<MessageId>): Rule {
  const {
    name,
    description,
    preset,
    messages,
    subject = 'program',
    warnsIn = [],
    fixable = false,
    hasSuggestions = false,
    judgesTests = false,
    check,
  } = definition;
  return {
    name,
    subject,
    warnsIn,
    check,
    meta: {
      type: 'problem',
      docs: { description, preset, url: `${documentation}/${name}.md` },
      messages: { ...messages, ...commonMessages },
      schema: judgesTests ? [testsOption] : [],
      defaultOptions: judgesTests ? [{ tests: false }] : [],
      hasSuggestions,
      ...(fixable ? { fixable: 'code' as const } : {}),
    },
  };
}
