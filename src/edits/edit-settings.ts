import { settingsFileName } from '../settings/load-settings.js';
import { type EditOutcome, editOf } from './file-edit.js';
import { changeJson, type JsonChange, parseJsonObject, writeJson } from './json-text.js';

/** An entry of the setting `sanctioned`. */
export interface SanctionEntry {
  readonly path: string;
  readonly rules: readonly string[];
  /** Number of findings of each rule that the entry permits in each file. Default: unlimited. */
  readonly count?: number;
  readonly reason: string;
}

/** The entries that init writes into the settings. */
export interface NewSettings {
  /** Path of the JSON schema. Unset if the project has no `node_modules`. */
  readonly schema?: string;
  /** Modules to declare. They are added only if the settings declare none. */
  readonly factories: readonly string[];
  /** Entries to add. */
  readonly sanctioned: readonly SanctionEntry[];
}

/** Creates the settings file, or adds to it. What it says already stays. Nothing to declare: no file is created. */
export function editSettings(text: string | undefined, { schema, factories, sanctioned }: NewSettings, indent: string): EditOutcome {
  const isEmpty = factories.length === 0 && sanctioned.length === 0;
  if (text === undefined) {
    if (isEmpty) return { kind: 'unchanged' };
    const settings = {
      ...(schema === undefined ? {} : { $schema: schema }),
      ...(factories.length === 0 ? {} : { factories }),
      ...(sanctioned.length === 0 ? {} : { sanctioned }),
    };
    return editOf(settingsFileName, undefined, writeJson(settings, indent));
  }
  const present = parseJsonObject(text) ?? {};
  const changes: JsonChange[] = [
    ...(schema === undefined || '$schema' in present ? [] : [{ kind: 'set' as const, path: ['$schema'], value: schema, isFirst: true }]),
    ...(hasFactories(text) || factories.length === 0 ? [] : [{ kind: 'set' as const, path: ['factories'], value: factories }]),
    ...sanctioned.map((value) => ({ kind: 'append' as const, path: ['sanctioned'], value })),
  ];
  return editOf(settingsFileName, text, changeJson(text, changes));
}

/** The entries of `sanctioned` in a valid settings file, as they are. */
export function sanctionsIn(text: string | undefined): readonly unknown[] {
  const sanctioned: unknown = text === undefined ? undefined : parseJsonObject(text)?.['sanctioned'];
  return Array.isArray(sanctioned) ? sanctioned : [];
}

/** Whether a settings file declares factories. */
export function hasFactories(text: string | undefined): boolean {
  const factories: unknown = text === undefined ? undefined : parseJsonObject(text)?.['factories'];
  return Array.isArray(factories) && factories.length > 0;
}
