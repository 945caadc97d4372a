import type { ts as TS } from 'ts-morph';
import type { CallSite } from '../dataflow/call-sites.js';
import { isCall } from '../dataflow/normalize-call.js';
import { declarationOf } from '../typescript/lexical-scope.js';
import { callableOf, isFunction, isStatic, isWrapped, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** What keeps a client as long as the process runs. `exported`: a constant that other modules can import. */
export type Keeper = 'exported' | 'constant' | 'field';

/** Tells which constructions run once in a process, and what keeps their values. Created by `findDuplicateClients`. */
export class LastingValues {
  /** Classes of which one instance lives as long as the process: a constant of a module holds it. */
  readonly #made = new Set<TS.Node>();

  constructor(
    sites: readonly CallSite[],
    private readonly checker: TS.TypeChecker,
  ) {
    for (const { node } of sites) if (ts.isNewExpression(node) && isGiven(node)) this.#addClass(node.expression);
  }

  /** Returns what keeps the value of a call; undefined if nothing does, or if the module closes it. */
  keeperOf(node: TS.Expression): Keeper | undefined {
    const holder = holderOf(node);
    if (!holder) return undefined;
    if (ts.isPropertyDeclaration(holder)) {
      if (isStatic(holder)) return ts.isSourceFile(holder.parent.parent) ? 'field' : undefined;
      return this.#isMade(holder.parent) ? 'field' : undefined;
    }
    if (ts.isVariableDeclaration(holder)) return keeperOfVariable(holder);
    if (ts.isExportAssignment(holder)) return 'exported';
    if (ts.isSourceFile(holder.parent.parent) && /^(?:module\.)?exports(?:\.\w+)?$/.test(holder.left.getText())) return 'exported';
    return this.#isFieldOfConstructor(holder) ? 'field' : undefined;
  }

  #addClass(name: TS.Expression): void {
    const symbol = this.checker.getSymbolAtLocation(unwrap(name));
    const target = symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
    if (target?.valueDeclaration) this.#made.add(target.valueDeclaration);
  }

  /** A container makes one instance of a class with a decorator. */
  #isMade(owner: TS.ClassLikeDeclaration): boolean {
    return this.#made.has(owner) || (ts.canHaveDecorators(owner) && (ts.getDecorators(owner)?.length ?? 0) > 0);
  }

  /** `this.client = createClient(…)` in a constructor, under no condition. */
  #isFieldOfConstructor({ left, parent }: TS.BinaryExpression): boolean {
    const block = parent.parent;
    return (
      /^this\.#?\w+$/.test(left.getText()) &&
      ts.isBlock(block) &&
      ts.isConstructorDeclaration(block.parent) &&
      this.#isMade(block.parent.parent)
    );
  }
}

type Holder = TS.VariableDeclaration | TS.PropertyDeclaration | TS.ExportAssignment | TS.BinaryExpression;

/** The declaration or assignment that gets the value, as it is or as a property of an object. */
function holderOf(node: TS.Expression): Holder | undefined {
  let value: TS.Node = node;
  for (;;) {
    const { parent } = value;
    if (isWrapped(parent) || ts.isObjectLiteralExpression(parent)) value = parent;
    else if (ts.isPropertyAssignment(parent) && parent.initializer === value) value = parent;
    else break;
  }
  const { parent } = value;
  if (ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent)) return parent.initializer === value ? parent : undefined;
  if (ts.isExportAssignment(parent)) return parent;
  const isAssigned = ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken && parent.right === value;
  return isAssigned ? parent : undefined;
}

/** Whether a constant or an export of a module gets the object, also as an argument of what it is made by. */
function isGiven(node: TS.NewExpression): boolean {
  let value: TS.Expression = node;
  for (;;) {
    const { parent } = value;
    if (isWrapped(parent) || ts.isArrayLiteralExpression(parent) || ts.isObjectLiteralExpression(parent)) value = parent;
    else if (ts.isPropertyAssignment(parent) && parent.initializer === value) value = parent.parent;
    else if (isCall(parent) && parent.arguments?.includes(value)) value = parent;
    else break;
  }
  const holder = holderOf(value);
  if (!holder || !ts.isSourceFile(callableOf(holder))) return false;
  if (!ts.isVariableDeclaration(holder)) return true;
  return ts.isSourceFile(holder.parent.parent.parent);
}

function keeperOfVariable(variable: TS.VariableDeclaration): Keeper | undefined {
  const { name, parent } = variable;
  if (!ts.isVariableDeclarationList(parent) || !ts.isSourceFile(parent.parent.parent) || !ts.isIdentifier(name)) return undefined;
  if (isClosedByModule(name.text, variable.getSourceFile())) return undefined;
  const isExported = (ts.getCombinedModifierFlags(variable) & ts.ModifierFlags.Export) !== 0;
  return isExported || isExportedByName(name.text, variable.getSourceFile()) ? 'exported' : 'constant';
}

function isExportedByName(name: string, { statements }: TS.SourceFile): boolean {
  return statements.some(
    (statement) =>
      (ts.isExportDeclaration(statement) &&
        !statement.moduleSpecifier &&
        statement.exportClause !== undefined &&
        ts.isNamedExports(statement.exportClause) &&
        statement.exportClause.elements.some((element) => (element.propertyName ?? element.name).text === name)) ||
      (ts.isExportAssignment(statement) && ts.isIdentifier(statement.expression) && statement.expression.text === name),
  );
}

/** Whether the module closes the client when its own work is done, as scripts do. A handler of a signal runs later. */
function isClosedByModule(name: string, source: TS.SourceFile): boolean {
  const visit = (node: TS.Node): boolean => {
    const member = ts.isCallExpression(node) ? memberAccess(node.expression) : undefined;
    const isClose = member?.name === 'close' && ts.isIdentifier(member.object) && member.object.text === name;
    return (isClose && runsWithModule(node)) || (ts.forEachChild(node, visit) ?? false);
  };
  return visit(source);
}

/** Whether the body of the module runs the node: itself, in a callback of a promise, or in a function that it calls. */
function runsWithModule(node: TS.Node): boolean {
  const callable = callableOf(node);
  if (ts.isSourceFile(callable)) return true;
  if (!isFunction(callable)) return false;
  const { parent } = callable;
  if (ts.isCallExpression(parent) && (parent.expression === callable || isOfPromise(parent))) return runsWithModule(parent);
  if (ts.isParenthesizedExpression(parent) && ts.isCallExpression(parent.parent)) return runsWithModule(parent.parent);
  const name = staticName(callable.name) ?? (ts.isVariableDeclaration(parent) ? staticName(parent.name) : undefined);
  return name !== undefined && isCalledByModule(name, node.getSourceFile());
}

function isOfPromise({ expression }: TS.CallExpression): boolean {
  return /^(?:then|catch|finally)$/.test(memberAccess(expression)?.name ?? '');
}

function isCalledByModule(name: string, source: TS.SourceFile): boolean {
  const visit = (node: TS.Node): boolean => {
    if (isFunction(node) || ts.isClassLike(node)) return false;
    const isOwn =
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === name &&
      declarationOf(name, node) !== undefined;
    return isOwn || (ts.forEachChild(node, visit) ?? false);
  };
  return visit(source);
}
