import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The writes to one variable, parameter or field after its declaration. */
export interface VariableWrites {
  /** The functions that assign the whole variable; undefined stands for the module. */
  readonly assigners: Set<TS.Node | undefined>;
  /** The values of the assignments with `=`. */
  readonly values: TS.Expression[];
  /** Whether the code changes a property of its value. */
  isMutated: boolean;
}

const noWrites: VariableWrites = { assigners: new Set(), values: [], isMutated: false };

/** Finds the writes to declarations, one file at a time. The interpreter asks it for variables that it did not see the declaration of. */
export class WriteIndex {
  readonly #byFile = new Map<TS.SourceFile, Map<TS.Node, VariableWrites>>();

  constructor(private readonly checker: TS.TypeChecker) {}

  /** Returns the writes to a variable or field in the file that declares it. */
  of(declaration: TS.Node): VariableWrites {
    const file = declaration.getSourceFile();
    const writes = this.#byFile.get(file) ?? this.#scan(file);
    this.#byFile.set(file, writes);
    return writes.get(declaration) ?? noWrites;
  }

  /** Whether a function inside the function that owns the variable assigns it: then any call may change it. */
  isAssignedByInnerFunction(declaration: TS.Node): boolean {
    const { assigners } = this.of(declaration);
    if (assigners.size === 0) return false;
    const owner = ts.findAncestor(declaration, isFunction);
    return [...assigners].some((assigner) => assigner !== owner);
  }

  #scan(file: TS.SourceFile): Map<TS.Node, VariableWrites> {
    const found = new Map<TS.Node, VariableWrites>();
    const note = (target: TS.Expression, owner: TS.Node | undefined, value: TS.Expression | undefined, isWhole = true): void => {
      const node = unwrap(target);
      const access = memberAccess(node);
      const key = ts.isIdentifier(node) ? node : access?.key;
      const declaration = key && this.checker.getSymbolAtLocation(key)?.valueDeclaration;
      const isField = access === undefined || unwrap(access.object).kind === ts.SyntaxKind.ThisKeyword;
      if (declaration && (isField || isWhole)) {
        const writes = found.get(declaration) ?? { assigners: new Set(), values: [], isMutated: false };
        found.set(declaration, writes);
        if (!isWhole) writes.isMutated = true;
        else {
          writes.assigners.add(owner);
          if (value) writes.values.push(value);
        }
      }
      if (access) note(access.object, owner, undefined, false);
    };
    const visit = (node: TS.Node, owner: TS.Node | undefined): void => {
      if (ts.isBinaryExpression(node) && isAssignment(node.operatorToken.kind)) note(node.left, owner, node.right);
      else if (ts.isDeleteExpression(node)) note(node.expression, owner, undefined);
      else if ((ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) && isStep(node.operator))
        note(node.operand, owner, undefined);
      else if (ts.isCallExpression(node) && isObjectAssign(node) && node.arguments[0]) note(node.arguments[0], owner, undefined, false);
      const inner = isFunction(node) ? node : owner;
      ts.forEachChild(node, (child) => visit(child, inner));
    };
    visit(file, undefined);
    return found;
  }
}

/** Whether the operator is `=`, `??=` and so on. */
export function isAssignment(operator: TS.SyntaxKind): boolean {
  return operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment;
}

function isStep(operator: TS.SyntaxKind): boolean {
  return operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken;
}

function isObjectAssign({ expression }: TS.CallExpression): boolean {
  const access = memberAccess(expression);
  return access?.name === 'assign' && ts.isIdentifier(access.object) && access.object.text === 'Object';
}
