import { isJudged } from '../src/model/factories/infer-factories.js';
import type { ModuleVerdict } from '../src/model/factories/verdicts.js';
import type { RuleContext } from '../src/rule/rule-context.js';
import { reasonTexts } from '../src/rule/reason-texts.js';
import { defineRule } from '../src/rule/rule.js';

export default defineRule({
  name: 'no-direct-client',
  description: 'Disallow constructing a ClickHouse client outside the factory.',
  preset: 'recommended',
  judgesTests: true,
  messages: {
    outside: '`{{constructor}}` of "{{package}}" is called outside the factory ({{factories}}). Get the client from the factory.',
    missingFactory:
      '`{{constructor}}` of "{{package}}" is called outside the factory, and no source file matches "factories": [{{factories}}] in clickhouse-ssot.config.json. Correct that setting.',
    besideRuntime:
      '`{{constructor}}` of "{{package}}" creates a ClickHouse client outside @clickhouse-ssot/runtime, which is the factory of this project. Get the client from `clickHouse` or `getClickHouseClient`.',
    second:
      '`{{constructor}}` of "{{package}}" creates a further ClickHouse client. The factory is {{factories}}, because {{reason}}. Get the client from there. To pin the factory, set {{setting}} in clickhouse-ssot.config.json; a client for another purpose is a second entry there.',
    ownCredentials:
      '`{{constructor}}` of "{{package}}" creates a ClickHouse client with options that its caller passes. The factory is {{factories}}, because {{reason}}. If this client has another purpose, such as a user\'s own credentials, declare both: {{setting}} in clickhouse-ssot.config.json. Otherwise get the client from the factory.',
    script:
      '`{{constructor}}` of "{{package}}" creates a ClickHouse client in a script, or in a program of its own. Get the client from the factory, {{factories}}. If it needs a client of its own, list it under "sanctioned" in clickhouse-ssot.config.json, with a reason.',
    undecided:
      '`{{constructor}}` of "{{package}}" creates a ClickHouse client, and the code does not show which module is the factory: {{factories}}. Declare it, as in {{setting}} in clickhouse-ssot.config.json, and get the client from there in the others.',
    inTest:
      '`{{constructor}}` of "{{package}}" creates a ClickHouse client in a test. Get the client from the factory, or use a test double of it.',
  },

  *check(context) {
    for (const { span, constructor, name } of context.model.constructions.filter(isJudged)) {
      const report = reportFor(span.file, context);
      if (!report) continue;
      const data = { constructor: name, package: constructor.package, ...report.data };
      yield { span, messageId: report.messageId, data, ...report.kind };
    }
  },
});

interface Report {
  readonly messageId: 'outside' | 'missingFactory' | 'besideRuntime' | 'second' | 'ownCredentials' | 'script' | 'undecided' | 'inTest';
  readonly data: Readonly<Record<'factories' | 'reason' | 'setting', string>>;
  /** Further properties of the finding. An undecided factory is one finding, so its constructions share a cause. */
  readonly kind?: { readonly cause: string } | { readonly scope: 'test' };
}

/** The message for constructions in a module. Undefined if they are allowed or not judged. */
function reportFor(file: string, context: RuleContext): Report | undefined {
  const verdict = context.model.factories().verdicts.get(file);
  switch (verdict?.kind) {
    case 'second':
      return secondClient(file, verdict, context);
    case 'script':
      return scriptClient(verdict.factories, context);
    case 'undecided': {
      const data = {
        factories: listOf(verdict.candidates, context),
        reason: '',
        setting: settingOf([...allFactories(context), ...verdict.candidates.slice(0, 1)], context),
      };
      return { messageId: 'undecided', data, kind: { cause: causeOf(verdict.candidates, context) } };
    }
    case 'test':
      return { messageId: 'inTest', data: { factories: '', reason: '', setting: '' }, kind: { scope: 'test' } };
    default:
      return undefined;
  }
}

/** All modules of the undecided programs, so that a further one makes a new finding. */
function causeOf(candidates: readonly string[], { model, pathOf }: RuleContext): string {
  const isSame = (verdict: ModuleVerdict): boolean => verdict.kind === 'undecided' && verdict.candidates.join() === candidates.join();
  return [...model.factories().verdicts].flatMap(([file, verdict]) => (isSame(verdict) ? [pathOf(file)] : [])).join(', ');
}

type SecondClient = Extract<ModuleVerdict, { readonly kind: 'second' }>;

function secondClient(file: string, { factories, takesCredentials }: SecondClient, context: RuleContext): Report {
  const declared = declaredReport(context);
  if (declared) return declared;
  if (factories.length === 0) return { messageId: 'besideRuntime', data: { factories: '', reason: '', setting: '' } };
  const reasons = factories
    .map((file) => context.model.factories().verdicts.get(file))
    .flatMap((verdict) => (verdict?.kind === 'factory' ? [reasonTexts[verdict.reason]] : []));
  const data = {
    factories: listOf(factories, context),
    reason: reasons[0] ?? 'it comes closest',
    setting: settingOf([...allFactories(context), ...(takesCredentials ? [file] : [])], context),
  };
  return { messageId: takesCredentials ? 'ownCredentials' : 'second', data };
}

/** If only scripts construct clients, there is no factory to get a client from. */
function scriptClient(factories: readonly string[], context: RuleContext): Report | undefined {
  const declared = declaredReport(context);
  if (declared) return declared;
  return factories.length === 0
    ? undefined
    : { messageId: 'script', data: { factories: listOf(factories, context), reason: '', setting: '' } };
}

/** Of the declared factories, the message names those that exist. */
function declaredReport({ factories, missingFactories }: RuleContext): Report | undefined {
  if (factories.length === 0) return undefined;
  const missing = missingFactories();
  const existing = factories.filter((glob) => !missing.includes(glob));
  const messageId = existing.length > 0 ? 'outside' : 'missingFactory';
  const names = existing.length > 0 ? existing.join(', ') : factories.map((glob) => JSON.stringify(glob)).join(', ');
  return { messageId, data: { factories: names, reason: '', setting: '' } };
}

function allFactories({ model }: RuleContext): string[] {
  return [...model.factories().verdicts].filter(([, { kind }]) => kind === 'factory').map(([file]) => file);
}

function listOf(files: readonly string[], { pathOf }: RuleContext): string {
  const paths = files.map(pathOf);
  return paths.length < 2 ? paths.join('') : `${paths.slice(0, -1).join(', ')} or ${paths.at(-1) ?? ''}`;
}

/** The line of settings that declares these factories. */
function settingOf(files: readonly string[], { pathOf }: RuleContext): string {
  return `"factories": [${files.map((file) => JSON.stringify(pathOf(file))).join(', ')}]`;
}
