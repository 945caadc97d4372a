import type { ts as TS } from 'ts-morph';
import { localImports, type LocalImport } from '../typescript/local-imports.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isFunction, memberAccess, unwrap } from '../typescript/syntax.js';
import { declarationOf } from './declarations.js';
import { nameOf } from './module-mocks.js';
import { isMockLibrary, originOf } from './value-origin.js';

/** A member of an imported module or object that a test replaces. */
export interface MemberStub {
  /** The import of the object. */
  readonly object: LocalImport;
  readonly member: string;
  /** The name of the member at the place where it is replaced. */
  readonly node: TS.Node;
  /** The call or assignment, as a message names it: `sinon.stub`. */
  readonly by: string;
}

/** Calls of a spy that replace what it watches. */
const replacing = /^mock(?:Implementation|ReturnValue|ResolvedValue|RejectedValue)(?:Once)?$/;

/** Returns the members that a file replaces by stubs of its own. A spy that lets calls through replaces none. */
export function memberStubsIn(file: TS.SourceFile): MemberStub[] {
  const found: MemberStub[] = [];
  const visit = (node: TS.Node): void => {
    const stub = ts.isCallExpression(node) ? stubOfCall(node) : ts.isBinaryExpression(node) ? stubOfAssignment(node) : undefined;
    if (stub) found.push(stub);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function stubOfCall(call: TS.CallExpression): MemberStub | undefined {
  const [object, key, value] = call.arguments;
  if (!object || !key || !ts.isStringLiteralLike(key)) return undefined;
  const imported = importOf(object);
  const kind = imported && kindOf(unwrap(call.expression));
  if (!imported || !kind || !(kind === 'spy' ? isReplaced(call) : isOwn(value, call))) return undefined;
  return { object: imported, member: key.text, node: key, by: nameOf(call.expression) };
}

/** `spy`: calls go through until an answer is given. `stub`: they do not. */
function kindOf(callee: TS.Expression): 'spy' | 'stub' | undefined {
  const member = memberAccess(callee);
  if (!member) return ts.isIdentifier(callee) && callee.text === 'spyOn' && isMockLibrary(callee) ? 'spy' : undefined;
  const object = unwrap(member.object);
  const root = memberAccess(object)?.name ?? (ts.isIdentifier(object) ? object.text : '');
  if (member.name === 'spyOn') return 'spy';
  if (/^(?:sinon|sandbox)\w*$/i.test(root) && /^(?:stub|replace|replaceGetter)$/.test(member.name ?? '')) return 'stub';
  if (/^(?:td|testdouble)$/.test(root) && member.name === 'replace') return 'stub';
  // Node.js: without a function of its own, `mock.method` lets calls through.
  return root === 'mock' && member.name === 'method' ? 'stub' : undefined;
}

/** Whether an answer is given to the spy: in the same expression, or by the variable that holds it. */
function isReplaced(spy: TS.Expression): boolean {
  const { parent } = spy;
  const member = ts.isPropertyAccessExpression(parent) && parent.expression === spy && ts.isCallExpression(parent.parent);
  if (member) {
    const call = parent.parent;
    if (!ts.isCallExpression(call)) return false;
    return replacing.test(parent.name.text) ? isHandWritten(call.arguments[0]) : isReplaced(call);
  }
  const holder = ts.isExpression(parent) && unwrap(parent) === unwrap(spy) ? parent : undefined;
  if (holder) return isReplaced(holder);
  const name =
    ts.isVariableDeclaration(parent) && ts.isIdentifier(parent.name)
      ? parent.name.text
      : ts.isBinaryExpression(parent) && ts.isIdentifier(parent.left)
        ? parent.left.text
        : undefined;
  return name !== undefined && answersOf(name, spy.getSourceFile()).some(isHandWritten);
}

/** The arguments of the calls by which a spy in a variable gets its answers. */
function answersOf(name: string, file: TS.SourceFile): (TS.Expression | undefined)[] {
  const found: (TS.Expression | undefined)[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && replacing.test(node.expression.name.text)) {
      let object = unwrap(node.expression.expression);
      while (ts.isCallExpression(object) && ts.isPropertyAccessExpression(object.expression)) object = unwrap(object.expression.expression);
      if (ts.isIdentifier(object) && object.text === name) found.push(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Whether the stub answers by itself: its value, or a value that a further method gives it, is written in the test. */
function isOwn(value: TS.Expression | undefined, call: TS.CallExpression): boolean {
  if (memberAccess(unwrap(call.expression))?.name === 'method' && value === undefined) return false;
  if (value) return isHandWritten(value);
  const { parent } = call;
  if (!ts.isPropertyAccessExpression(parent) || !ts.isCallExpression(parent.parent)) return true;
  if (parent.name.text === 'callThrough') return false;
  return isHandWritten(parent.parent.arguments[0]);
}

function isHandWritten(value: TS.Expression | undefined): boolean {
  return value === undefined || ['hand-written', 'empty'].includes(originOf(value));
}

/** `client.query = vi.fn()`. */
function stubOfAssignment({ left, operatorToken, right }: TS.BinaryExpression): MemberStub | undefined {
  const member = operatorToken.kind === ts.SyntaxKind.EqualsToken ? memberAccess(left) : undefined;
  const imported = member && importOf(member.object);
  if (!member || !imported || member.name === undefined) return undefined;
  const value = unwrap(right);
  const isStub = isFunction(value) || (ts.isCallExpression(value) && /(?:^|\.)(?:fn|stub|fake|func|function|mock)\b/.test(nameOf(value)));
  if (!isStub || originOf(value) !== 'hand-written') return undefined;
  return { object: imported, member: member.name, node: member.key, by: 'the assignment' };
}

/** The import of a name that nothing nearer declares. */
function importOf(expression: TS.Expression): LocalImport | undefined {
  const node = unwrap(expression);
  if (!ts.isIdentifier(node)) return undefined;
  const imported = localImports(node.getSourceFile()).get(node.text);
  const declaration = imported && declarationOf(node.text, node);
  return declaration && !ts.isParameter(declaration) ? imported : undefined;
}
