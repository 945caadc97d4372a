import { RuleTester, type RunTests } from '@typescript-eslint/rule-tester';
import { afterAll, describe, it } from 'vitest';
import { rules } from '../../rules/index.js';
import { ProjectAnalyses } from '../../src/engine/project-analyses.js';
import { toLinterRule } from '../../src/lint/report-findings.js';
import type { Rule } from '../../src/rule/rule.js';

RuleTester.afterAll = afterAll;
RuleTester.describe = describe;
RuleTester.it = it;
RuleTester.itOnly = it.only;

const tester = new RuleTester();

export function testRule(rule: Rule, cases: RunTests<string, []>): void {
  tester.run(rule.name, toLinterRule(rule, new ProjectAnalyses({ rules: Object.values(rules) })), cases);
}
