import type { ts as TS } from 'ts-morph';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/**
 * Whether the function receives the arguments as the call writes them. A bound function, a wrapper and `f.call(…)` have a signature of
 * their own, so the check compares signatures. `findUnbypassedCalls` calls it.
 */
export function isDirectCall(node: TS.Node, callable: TS.FunctionLikeDeclaration, checker: TS.TypeChecker): boolean {
  if (!ts.isCallExpression(node)) return false;
  const signature = checker.getResolvedSignature(node)?.declaration;
  return signature === callable || isOverload(signature, callable) || holderOf(node, checker) === callable.parent;
}

/** Whether the signature is an overload of the function, or the method of a base class or an interface. */
function isOverload(signature: TS.SignatureDeclaration | TS.JSDocSignature | undefined, callable: TS.FunctionLikeDeclaration): boolean {
  if (signature === undefined || ts.isJSDocSignature(signature) || !signature.name || !callable.name) return false;
  const isMethod = ts.isMethodDeclaration(callable) && (ts.isMethodSignature(signature) || ts.isMethodDeclaration(signature));
  return (isMethod || signature.parent === callable.parent) && signature.name.getText() === callable.name.getText();
}

/** The variable or field with a declared type whose value the call runs. */
function holderOf(node: TS.CallExpression, checker: TS.TypeChecker): TS.Node | undefined {
  const callee = unwrap(node.expression);
  const symbol = checker.getSymbolAtLocation(memberAccess(callee)?.key ?? callee);
  const declaration = (symbol && symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol)?.valueDeclaration;
  return declaration && (ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration)) ? declaration : undefined;
}
