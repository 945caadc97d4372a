import type { ts as TS } from 'ts-morph';
import { isFunction } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Whether a path from the declaration of a variable to the end of its function surely passes none of the references that read it. A path that
 * ends by an exception does not count, nor does one that a condition on the variable itself decides. Loops, `try` and `switch` that
 * contain a reading reference count as readers.
 */
export function hasUnreadPath(declaration: TS.VariableDeclaration, reading: readonly TS.Identifier[]): boolean {
  const statement = declaration.parent.parent;
  const block = statement.parent;
  if (!ts.isVariableStatement(statement) || !ts.isBlock(block) || !ts.isIdentifier(declaration.name)) return false;
  const own = functionOf(declaration);
  if (reading.length === 0 || reading.some((reference) => functionOf(reference) !== own)) return false;
  const paths = new Paths(declaration.name.text, reading);
  const rest = block.statements.slice(block.statements.indexOf(statement) + 1);
  const { leaves, falls } = paths.through(rest);
  return leaves || falls;
}

/** The ways in which statements end while a value is unread. */
interface Outcome {
  /** Whether a `return` ends the function. */
  readonly leaves: boolean;
  /** Whether the next statement runs with the value still unread. */
  readonly falls: boolean;
}

const read: Outcome = { leaves: false, falls: false };
const unread: Outcome = { leaves: false, falls: true };

class Paths {
  constructor(
    private readonly name: string,
    private readonly reading: readonly TS.Identifier[],
  ) {}

  through(statements: readonly TS.Statement[]): Outcome {
    let leaves = false;
    for (const statement of statements) {
      const outcome = this.#statement(statement);
      leaves ||= outcome.leaves;
      if (!outcome.falls) return { leaves, falls: false };
    }
    return { leaves, falls: true };
  }

  #statement(statement: TS.Statement): Outcome {
    if (ts.isBlock(statement)) return this.through(statement.statements);
    if (ts.isIfStatement(statement)) return this.#branches(statement);
    if (ts.isThrowStatement(statement) || ts.isBreakOrContinueStatement(statement)) return read;
    if (ts.isReturnStatement(statement)) return this.#isSkipped(statement.expression) ? { leaves: true, falls: false } : read;
    if (ts.isExpressionStatement(statement)) return this.#isSkipped(statement.expression) ? unread : read;
    return this.#mentions(statement) ? read : unread;
  }

  #branches({ expression, thenStatement, elseStatement }: TS.IfStatement): Outcome {
    if (this.#mentions(expression)) return read;
    const branches = [this.#statement(thenStatement), elseStatement ? this.#statement(elseStatement) : unread];
    return { leaves: branches.some(({ leaves }) => leaves), falls: branches.some(({ falls }) => falls) };
  }

  /** Whether an expression can be evaluated without a reading reference. A value that is only described stays unread. */
  #isSkipped(expression: TS.Expression | undefined): boolean {
    if (!expression || !this.#reads(expression)) return true;
    if (ts.isParenthesizedExpression(expression) || ts.isAwaitExpression(expression)) return this.#isSkipped(expression.expression);
    if (ts.isConditionalExpression(expression))
      return !this.#mentions(expression.condition) && (this.#isSkipped(expression.whenTrue) || this.#isSkipped(expression.whenFalse));
    return (
      ts.isBinaryExpression(expression) &&
      (expression.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ||
        expression.operatorToken.kind === ts.SyntaxKind.BarBarToken) &&
      !this.#mentions(expression.left)
    );
  }

  #reads(node: TS.Node): boolean {
    return this.reading.some((reference) => reference.pos >= node.pos && reference.end <= node.end);
  }

  #mentions(node: TS.Node): boolean {
    const visit = (child: TS.Node): boolean =>
      (ts.isIdentifier(child) && child.text === this.name) || (ts.forEachChild(child, visit) ?? false);
    return visit(node);
  }
}

function functionOf(node: TS.Node): TS.Node | undefined {
  return ts.findAncestor(node.parent, (parent) => isFunction(parent) || ts.isSourceFile(parent));
}
