import { rules as allRules } from '../../rules/index.js';
import type { ProjectAnalysis } from '../engine/project-analysis.js';
import type { Directive } from '../exceptions/disable-directives.js';
import { type Disables, rulePrefix } from '../exceptions/disables.js';
import { relativeTo } from '../project/paths.js';
import { patternText, type TextQuestion } from '../project/text-questions.js';
import type { Rule } from '../rule/rule.js';
import { closestMatch } from '../settings/suggest-similar.js';

/**
 * Returns a notice for each disable comment that names a rule of this plugin and disables none of its findings. `rules` are those that ran.
 * Comments without names are left out: they can concern the rules of other plugins.
 */
export function unusedDisables(analysis: ProjectAnalysis, rules: readonly Rule[], isOwn: (file: string) => boolean): string[] {
  const { project } = analysis;
  return [...project.sources].filter(isOwn).flatMap((file) => {
    // A file that was not analysed has no findings, whatever it contains.
    if (analysis.model.skippedFiles.has(file) || project.ask(file, mayNameRule) === '') return [];
    const disables = analysis.disablesIn(file);
    const used = usedIn(file, disables, analysis, rules);
    return disables.directives.flatMap((directive) => {
      const place = `${relativeTo(project.root, file)}:${disables.lineOf(directive.comment.start)}`;
      return problemsOf(directive, used, rules).map((problem) => `${place}: ${problem}`);
    });
  });
}

/** Whether a comment of the file may name a rule. Rules have names without special characters. */
const mayNameRule: TextQuestion = {
  kind: 'matches',
  parts: ['eslint', 'oxlint'],
  patterns: [patternText(new RegExp([rulePrefix, ...Object.keys(allRules)].join('|')))],
};

/** The directives that disable a finding, with the name of its rule. */
type Used = ReadonlyMap<Directive, ReadonlySet<string>>;

function usedIn(file: string, disables: Disables, analysis: ProjectAnalysis, rules: readonly Rule[]): Used {
  const used = new Map<Directive, Set<string>>();
  for (const rule of rules)
    for (const { span } of analysis.findingsIn(file, rule))
      for (const directive of disables.at(rule.name, span)) used.set(directive, (used.get(directive) ?? new Set<string>()).add(rule.name));
  return used;
}

function problemsOf(directive: Directive, used: Used, rules: readonly Rule[]): string[] {
  if (directive.kind === 'enable') return [];
  const known = Object.keys(allRules);
  return directive.rules.flatMap((written) => {
    const name = written.slice(written.lastIndexOf('/') + 1);
    if (!written.startsWith(rulePrefix))
      return known.includes(name) ? [`the comment names "${written}", and the audit reads only "${rulePrefix}${name}".`] : [];
    if (!known.includes(name)) {
      const nearest = closestMatch(name, known);
      const advice = nearest === undefined ? 'Correct or remove it.' : `Did you mean "${rulePrefix}${nearest}"?`;
      return [`the comment names the unknown rule "${written}". ${advice}`];
    }
    const isJudged = rules.some((rule) => rule.name === name && rule.subject === 'program');
    return !isJudged || used.get(directive)?.has(name) === true ? [] : [`the comment disables no finding of "${written}". Remove it.`];
  });
}
