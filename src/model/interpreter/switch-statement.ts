import type { ts as TS } from 'ts-morph';
import { type AbstractState, copyState, joinStates } from './abstract-state.js';
import { assumeEqual, doubtOf } from './branches.js';
import type { StatementInterpretation } from './interpretation.js';
import { arrive, runBreakable } from './jumps.js';
import { strictlyEqual } from './operators.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Runs a `switch`, with the clauses that fall through. Returns whether control reaches the next statement. */
export function runSwitch(run: StatementInterpretation, node: TS.SwitchStatement): boolean {
  const subject = run.evaluate(node.expression);
  return runBreakable(run, node, () => {
    const { clauses } = node.caseBlock;
    const labels = clauses.map((clause) => (ts.isCaseClause(clause) ? run.evaluate(clause.expression) : undefined));
    const matches = labels.map((label) => label && strictlyEqual(subject, label));
    const doubt = doubtOf([subject, ...labels].find((value) => value?.kind === 'opaque'));
    const chosen = matches.indexOf(true);
    const isEntered = (index: number): boolean => {
      const clause = clauses[index];
      if (clause && ts.isDefaultClause(clause)) return chosen < 0;
      return matches[index] !== false && (chosen < 0 || index <= chosen);
    };
    const before = { ...run.state, doubt: run.state.doubt ?? doubt };
    let fallsThrough: AbstractState | undefined;
    for (const [index, clause] of clauses.entries()) {
      const start = joinStates([fallsThrough, isEntered(index) ? copyState(before) : undefined]);
      fallsThrough = undefined;
      if (!start) continue;
      run.state = start;
      if (ts.isCaseClause(clause) && matches[index] === undefined) assumeEqual(run, node.expression, labels[index]);
      run.visit(clause);
      if (run.runStatements(clause.statements)) fallsThrough = run.state;
    }
    const isExhausted = chosen >= 0 || clauses.some(ts.isDefaultClause);
    return arrive(run, [...(fallsThrough ? [fallsThrough] : []), ...(isExhausted ? [] : [before])]);
  });
}
