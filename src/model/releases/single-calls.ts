import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Callees that run their callback as often as they run themselves. */
const sameFrequency = /^(?:then|catch|finally|action|main|bootstrap)$/;

/** The number of functions around a call that are looked at. */
const maxDepth = 4;

/** Whether the module calls a name that it imports only in code that runs once: module code, and functions that only module code calls. */
export function callsOnce(source: TS.SourceFile, imported: string): boolean {
  const locals = localNames(source, imported);
  const uses = [...locals].flatMap((name) => usesOf(source, name));
  return uses.length > 0 && uses.every((use) => isCallee(use) && runsOnce(use.parent, maxDepth));
}

function localNames(source: TS.SourceFile, imported: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const statement of source.statements) {
    const clause = ts.isImportDeclaration(statement) ? statement.importClause : undefined;
    if (clause?.name && imported === 'default') names.add(clause.name.text);
    if (clause?.namedBindings && ts.isNamedImports(clause.namedBindings))
      for (const { propertyName, name } of clause.namedBindings.elements)
        if ((propertyName ?? name).text === imported) names.add(name.text);
  }
  return names;
}

function usesOf(source: TS.SourceFile, name: string): TS.Identifier[] {
  const found: TS.Identifier[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    const isMember = ts.isPropertyAccessExpression(node.parent) && node.parent.name === node;
    if (ts.isIdentifier(node) && node.text === name && !isMember) found.push(node);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(source, visit);
  return found;
}

function isCallee(use: TS.Identifier): boolean {
  return ts.isCallExpression(use.parent) && use.parent.expression === use;
}

function runsOnce(node: TS.Node, depth: number): boolean {
  const around = ts.findAncestor(
    node.parent,
    (ancestor) => isFunction(ancestor) || ts.isIterationStatement(ancestor, false) || ts.isClassLike(ancestor),
  );
  if (!around) return true;
  if (!isFunction(around) || depth === 0) return false;
  const value = outermost(around);
  const call = value.parent;
  if (ts.isCallExpression(call)) {
    if (call.expression === value) return runsOnce(call, depth - 1);
    const callee = unwrap(call.expression);
    return sameFrequency.test(memberAccess(callee)?.name ?? callee.getText()) && runsOnce(call, depth - 1);
  }
  const declaration = ts.isFunctionDeclaration(around) ? around : ts.isVariableDeclaration(call) ? call : undefined;
  const name = declaration?.name && ts.isIdentifier(declaration.name) ? declaration.name.text : undefined;
  const statement = ts.isFunctionDeclaration(around) ? around : call.parent.parent;
  const isExported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
  if (name === undefined || isExported) return false;
  const uses = usesOf(around.getSourceFile(), name).filter((use) => use.parent !== declaration);
  return uses.length > 0 && uses.every((use) => isCallee(use) && runsOnce(use.parent, depth - 1));
}

/** The expression with its parentheses: `(() => …)` of `(() => …)()`. */
function outermost(node: TS.Node): TS.Node {
  return ts.isParenthesizedExpression(node.parent) ? outermost(node.parent) : node;
}
