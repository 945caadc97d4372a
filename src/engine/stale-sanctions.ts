import { posix } from 'node:path';
import { closestName, isInside, readEnclosingNames } from '../exceptions/enclosing-names.js';
import type { Sanction } from '../exceptions/sanctions.js';
import { relativeTo } from '../project/paths.js';
import type { Rule } from '../rule/rule.js';
import { matcherOf } from '../settings/globs.js';
import { withoutConfigurations, type JudgedFiles, type JudgedSettings, type StaleEntry } from './judged-settings.js';

/** Returns the entries of `sanctioned` whose files exist and that permit nothing, less than they say, or a whole rule. */
export function findStaleSanctions(code: JudgedSettings, files: JudgedFiles, rules: readonly Rule[]): StaleEntry[] {
  return code.settings.sanctioned.flatMap((sanction, index) => {
    const matched = files.own.filter(matcherOf([sanction.path]));
    if (matched.length === 0 || matched.some((path) => isUnjudged(path, code))) return [];
    return [
      ...withoutEffect(sanction, index, matched, code, rules),
      ...(files.own.length > 1 && withoutConfigurations(files.own).every(matcherOf([sanction.path])) ? withoutLimit(sanction, index) : []),
    ];
  });
}

/** Whether a file was not analysed: what its sanctions would permit is not known. */
function isUnjudged(path: string, { model, project }: JudgedSettings): boolean {
  const file = posix.join(project.root, path);
  return model.skippedFiles.has(file) || !project.isAnalysed(file);
}

function withoutLimit({ path, rules, in: name, count }: Sanction, index: number): StaleEntry[] {
  if (name !== undefined || count !== undefined) return [];
  const text = `"${path}" matches every source file, so ${rules.join(', ')} reports nothing.`;
  return [{ key: `sanctioned[${index}].path`, value: path, text, advice: 'Name the files that need the exception.' }];
}

/** The findings that an entry permits in each file, under each of its rules. */
interface Use {
  readonly rule: string;
  readonly file: string;
  readonly findings: number;
}

function withoutEffect(
  sanction: Sanction,
  index: number,
  matched: readonly string[],
  code: JudgedSettings,
  rules: readonly Rule[],
): StaleEntry[] {
  const named = rules.filter(({ name }) => sanction.rules.includes(name));
  const results = named.map((rule) => ({ rule, result: code.check(rule) }));
  // More findings than permitted are reported as findings already.
  if (results.some(({ result }) => result.exceeded.includes(sanction))) return [];
  const uses = results.flatMap(({ rule, result }) => usesOf(sanction, rule.name, matched, code, result.sanctioned));
  if (uses.length === 0) return [unused(sanction, index, matched, code, rules)];
  const unusedRules = sanction.rules.filter((name) => named.some((rule) => rule.name === name) && !uses.some(({ rule }) => rule === name));
  const most = Math.max(...uses.map(({ findings }) => findings));
  return [
    ...unusedRules.map((rule) => ({
      key: `sanctioned[${index}].rules`,
      value: rule,
      text: `"${sanction.path}" has no finding of ${rule}.`,
      advice: 'Remove the rule from the entry.',
    })),
    ...(sanction.count === undefined || most >= sanction.count ? [] : [tooMany(sanction.count, most, index)]),
  ];
}

function tooMany(count: number, most: number, index: number): StaleEntry {
  const text = `the entry permits ${count} findings, and no file has more than ${most}.`;
  return { key: `sanctioned[${index}].count`, value: String(count), text, advice: `Lower it to ${most}.` };
}

function usesOf(
  sanction: Sanction,
  rule: string,
  matched: readonly string[],
  { project }: JudgedSettings,
  sanctioned: ReturnType<JudgedSettings['check']>['sanctioned'],
): Use[] {
  const files = sanctioned.filter((entry) => entry.sanction === sanction).map(({ finding }) => relativeTo(project.root, finding.span.file));
  return [...new Set(files)]
    .filter((file) => matched.includes(file))
    .map((file) => ({ rule, file, findings: files.filter((other) => other === file).length }));
}

function unused(sanction: Sanction, index: number, matched: readonly string[], code: JudgedSettings, rules: readonly Rule[]): StaleEntry {
  const { path, rules: names, in: name } = sanction;
  const key = `sanctioned[${index}]`;
  const earlier = coveringEntry(sanction, matched, code, rules);
  if (earlier !== undefined) {
    const text = `sanctioned[${earlier}] permits the findings in "${path}" already.`;
    return { key, value: path, text, advice: 'Remove one of the entries.' };
  }
  if (name === undefined)
    return { key, value: path, text: `"${path}" has no finding of ${names.join(', ')}.`, advice: 'Remove the entry.' };
  const declared = namesIn(matched, code);
  if (declared.some((names) => isInside(names, name)))
    return { key, value: path, text: `"${name}" in "${path}" has no finding of ${names.join(', ')}.`, advice: 'Remove the entry.' };
  const text = `"${path}" contains no function, method, class or variable "${name}".`;
  return { key: `${key}.in`, value: name, text, nearest: closestName(name, () => declared) };
}

/** Returns the index of an earlier entry that took findings which this one would have permitted. */
function coveringEntry(
  sanction: Sanction,
  matched: readonly string[],
  { check, project, settings }: JudgedSettings,
  rules: readonly Rule[],
): number | undefined {
  const taken = rules
    .filter(({ name }) => sanction.rules.includes(name))
    .flatMap((rule) => check(rule).sanctioned)
    .find(({ finding }) => {
      const { file, start } = finding.span;
      return (
        matched.includes(relativeTo(project.root, file)) &&
        (sanction.in === undefined || isInside(readEnclosingNames(file, project.text(file) ?? '').at(start), sanction.in))
      );
    });
  const index = taken ? settings.sanctioned.indexOf(taken.sanction) : -1;
  return index === -1 ? undefined : index;
}

/** Files outside of the slice have no finding, so their names are not read. */
function namesIn(matched: readonly string[], { model, project }: JudgedSettings): (readonly string[])[] {
  const files = matched.map((path) => posix.join(project.root, path)).filter((file) => model.slice.has(file) || matched.length === 1);
  return files.flatMap((file) => readEnclosingNames(file, project.text(file) ?? '').all());
}
