import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { assignmentsTo, declarationOf, returnsOf } from './declarations.js';
import { propertyValues } from './property-values.js';
import { type Origin, originOf } from './value-origin.js';

/** Methods by which a stub gets its answer. */
const answers = /^(?:mock(?:Return|Resolved)Value(?:Once)?|mockImplementation(?:Once)?|returns|resolves|callsFake)$/;

/** Whether the value is a stub without an answer: `vi.fn()`, also by the name that the file gives it. */
export function isBareStub(value: TS.Node, depth = 0): boolean {
  if (!ts.isExpression(value) || depth > 4) return false;
  const node = unwrap(value);
  const member = memberAccess(node);
  if (member) {
    const values = member.name === undefined ? [] : propertyValues(member.object, member.name);
    return values.length > 0 && values.every((each) => isBareStub(each, depth + 1));
  }
  if (ts.isIdentifier(node)) {
    const declaration = declarationOf(node.text, node);
    const initializer = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined;
    return initializer !== undefined && isBareStub(initializer, depth + 1);
  }
  if (!ts.isCallExpression(node)) return false;
  const name = memberAccess(unwrap(node.expression))?.name ?? '';
  const [argument] = node.arguments;
  if (name === 'hoisted' && argument && isFunction(argument)) return returnsOf(argument).every((each) => isBareStub(each, depth + 1));
  return node.arguments.length === 0 && /^(?:fn|stub|fake)$/.test(name);
}

/** Returns where the answers come from that a file gives to the stub of an export later: `vi.mocked(getClient).mockReturnValue(client)`. */
export function laterAnswers(name: string, file: TS.SourceFile): Origin[] {
  const found: Origin[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isCallExpression(node)) {
      const member = memberAccess(node.expression);
      const [argument] = node.arguments;
      if (argument && member && answers.test(member.name ?? '') && means(member.object, name)) found.push(originOf(argument));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Whether the stub is named, or is in a variable that is made from the name. */
function means(stub: TS.Expression, name: string): boolean {
  if (mentions(stub, name)) return true;
  const node = unwrap(stub);
  if (!ts.isIdentifier(node)) return false;
  const declaration = declarationOf(node.text, node);
  if (!declaration || !ts.isVariableDeclaration(declaration)) return false;
  const sources = declaration.initializer ? [declaration.initializer] : assignmentsTo(node.text, node.getSourceFile());
  return sources.some((source) => mentions(source, name));
}

function mentions(node: TS.Node, name: string): boolean {
  if (ts.isIdentifier(node)) return node.text === name;
  return ts.forEachChild(node, (child) => mentions(child, name) || undefined) ?? false;
}
