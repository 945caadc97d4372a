import type { ts as TS } from 'ts-morph';
import { isEnvironment } from '../environment/environment-object.js';
import type { SourceModules } from '../environment/source-modules.js';
import { patternText, type TextQuestion } from '../../project/text-questions.js';
import { isOutputCall } from '../environment/output-uses.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isAssignmentOperator, isWrapped, memberAccess, staticName } from '../typescript/syntax.js';
import { type AddressKind, addressKindOf } from './addresses.js';
import { isConnectionSetting } from './setting-names.js';

/** A text that may contain the address of a ClickHouse server. */
export const namesAddress: TextQuestion = {
  kind: 'matches',
  parts: ['://'],
  patterns: [patternText(/:\/\/[^\s'"`]*(?::8123\b|click-?house|:[^\s'"`]*@)|\b(?:clickhouses?|ch):\/\//i)],
};

/** A place where the code itself says where a server is. */
export interface WrittenAddress {
  readonly node: TS.StringLiteralLike;
  readonly kind: AddressKind;
}

/** Names of texts that are shown and not used. */
const shownName =
  /placeholder|example|sample|hint|help|doc|template|snippet|label|title|text|message|demo|mock|fixture|descri|tooltip|usage/i;

const requestFunction = /^(?:fetch|(?:axios|got|ky|superagent|needle)(?:\.\w+)?|request)$/;

/**
 * Returns the addresses of ClickHouse servers that a file uses: as a default, as an exported constant, or in a request. Texts that are
 * shown, compared or passed to other functions are none.
 */
export function writtenAddresses(file: TS.SourceFile): WrittenAddress[] {
  const found: WrittenAddress[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isJsxElement(node) || ts.isJsxSelfClosingElement(node) || ts.isJsxFragment(node) || ts.isTypeNode(node)) return;
    if (ts.isThrowStatement(node) || isOutput(node)) return;
    const kind = ts.isStringLiteralLike(node) ? addressKindOf(node.text) : undefined;
    if (kind !== undefined && ts.isStringLiteralLike(node) && isUsed(node)) found.push({ node, kind });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Returns the literals that the code writes to variables of the environment that are settings of ClickHouse. */
export function writtenVariables(file: TS.SourceFile, modules: SourceModules): { readonly node: TS.Node; readonly name: string }[] {
  const found: { node: TS.Node; name: string }[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind) && ts.isStringLiteralLike(node.right)) {
      const { object, name } = memberAccess(node.left) ?? {};
      if (object && name !== undefined && node.right.text !== '' && isConnectionSetting(name) && isEnvironment(object, modules))
        found.push({ node, name });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

function isUsed(literal: TS.StringLiteralLike): boolean {
  const value = outermost(literal);
  const { parent } = value;
  if (isShown(value)) return false;
  return isDefault(value, parent) || isExportedConstant(value) || (ts.isCallExpression(parent) && isRequest(value, parent));
}

function outermost(node: TS.Node): TS.Node {
  return isWrapped(node.parent) ? outermost(node.parent) : node;
}

/** `x ?? '…'`, `(x = '…') => …`, `const { x = '…' } = …`, `schema.default('…')`. */
function isDefault(value: TS.Node, parent: TS.Node): boolean {
  if (ts.isBinaryExpression(parent)) {
    const operator = parent.operatorToken.kind;
    const isChoice =
      operator === ts.SyntaxKind.QuestionQuestionToken ||
      operator === ts.SyntaxKind.BarBarToken ||
      operator === ts.SyntaxKind.QuestionQuestionEqualsToken ||
      operator === ts.SyntaxKind.BarBarEqualsToken;
    return (
      isChoice && parent.right === value && !(isAssignmentOperator(operator) && isConnectionSetting(memberAccess(parent.left)?.name ?? ''))
    );
  }
  if (ts.isParameter(parent) || ts.isBindingElement(parent)) return parent.initializer === value;
  return ts.isCallExpression(parent) && parent.arguments[0] === value && memberAccess(parent.expression)?.name === 'default';
}

function isRequest(value: TS.Node, call: TS.CallExpression): boolean {
  return call.arguments[0] === value && requestFunction.test(call.expression.getText());
}

/** `export const url = '…'`, and a property of an object that is exported. */
function isExportedConstant(value: TS.Node): boolean {
  const { parent } = value;
  if (ts.isPropertyAssignment(parent) && parent.initializer === value) return isExportedConstant(outermost(parent.parent));
  if (ts.isExportAssignment(parent)) return true;
  if (!ts.isVariableDeclaration(parent) || !ts.isVariableStatement(parent.parent.parent)) return false;
  const statement = parent.parent.parent;
  return (
    ts.isSourceFile(statement.parent) && (ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) ?? false)
  );
}

/** Whether a name around the value says that it is shown. */
function isShown(value: TS.Node): boolean {
  for (let node = value.parent; !ts.isSourceFile(node); node = node.parent) {
    if (
      (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) &&
      shownName.test(staticName(node.name) ?? '')
    )
      return true;
    if (ts.isFunctionLike(node)) return false;
  }
  return false;
}

/** A call that prints, or that makes an error. */
function isOutput(node: TS.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText().endsWith('Error');
  return ts.isCallExpression(node) && isOutputCall(node);
}
