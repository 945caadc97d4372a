import type { ts as TS } from 'ts-morph';
import type { Callable } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The names that a callable reads. */
export interface NamesRead {
  readonly names: ReadonlySet<string>;
  /** The names inside conditions. */
  readonly inConditions: ReadonlySet<string>;
}

const cached = new WeakMap<Callable, NamesRead>();

/** Returns the names of variables and properties that a callable reads, those of inner functions included. */
export function namesReadIn(callable: Callable): NamesRead {
  const known = cached.get(callable);
  if (known) return known;
  const names = new Set<string>();
  const inConditions = new Set<string>();
  const visit = (node: TS.Node, isCondition: boolean): void => {
    if (ts.isIdentifier(node) || ts.isStringLiteralLike(node)) {
      names.add(node.text);
      if (isCondition) inConditions.add(node.text);
    }
    ts.forEachChild(node, (child) => visit(child, isCondition || isConditionOf(child, node)));
  };
  ts.forEachChild(callable, (child) => visit(child, false));
  const read = { names, inConditions };
  cached.set(callable, read);
  return read;
}

function isConditionOf(child: TS.Node, parent: TS.Node): boolean {
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent) || ts.isDoStatement(parent) || ts.isSwitchStatement(parent))
    return child === parent.expression;
  if (ts.isConditionalExpression(parent) || ts.isForStatement(parent)) return child === parent.condition;
  if (ts.isPrefixUnaryExpression(parent)) return parent.operator === ts.SyntaxKind.ExclamationToken;
  if (!ts.isBinaryExpression(parent)) return false;
  const operator = parent.operatorToken.kind;
  return child === parent.left && (operator === ts.SyntaxKind.AmpersandAmpersandToken || operator === ts.SyntaxKind.BarBarToken);
}
