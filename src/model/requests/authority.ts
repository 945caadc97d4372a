import type { ts as TS } from 'ts-morph';
import type { SourceModules } from '../environment/source-modules.js';
import { staticTexts } from '../environment/static-texts.js';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { memberAccess, unwrap } from '../typescript/syntax.js';

/** The part of a URL that says which server it means. */
export interface Authority {
  /** Texts that begin the URL: the server is written in the code, or it is a path of the own server. */
  readonly texts: readonly string[];
  /** The expressions that decide about the server. */
  readonly expressions: readonly TS.Expression[];
  /** The constants that are the URL, or its beginning. */
  readonly names: readonly string[];
}

const schemeOnly = /^(?:[a-z][a-z\d+.-]*:)?\/\/(?:[^/@]*@)?$/i;

/** Names of names are followed this far. */
const maxDepth = 6;

/** Methods that return the URL in another form. */
const formMethod = /^(?:toString|replace|replaceAll|trim|toLowerCase|concat|valueOf)$/;

/** Returns the part of a URL in front of its path, by the form of the expression. */
export function authorityOf(node: TS.Expression, modules: SourceModules, depth = 0): Authority {
  const value = unwrap(node);
  const inner = (part: TS.Expression): Authority => authorityOf(part, modules, depth + 1);
  if (depth > maxDepth) return unknownServer(value);
  if (ts.isStringLiteralLike(value)) return { texts: [value.text], expressions: [], names: [] };
  if (ts.isTemplateExpression(value) || isSum(value)) return ofPieces(piecesOf(value), modules, inner);
  if (ts.isConditionalExpression(value)) return both(inner(value.whenTrue), inner(value.whenFalse));
  if (ts.isBinaryExpression(value)) return both(inner(value.left), inner(value.right));
  if (ts.isNewExpression(value) && /^(?:URL|Request)$/.test(value.expression.getText())) {
    const [path, base] = value.arguments ?? [];
    const isWhole = path && staticTexts(path, modules).some((text) => /^[a-z]+:\/\//i.test(text));
    const decisive = value.expression.getText() === 'URL' && base && !isWhole ? base : path;
    return decisive ? inner(decisive) : { texts: [], expressions: [], names: [] };
  }
  if (ts.isCallExpression(value)) {
    const method = memberAccess(value.expression);
    if (method && formMethod.test(method.name ?? '')) return inner(method.object);
    const [only] = value.arguments;
    return only && ts.isIdentifier(value.expression) && value.expression.text === 'String' ? inner(only) : unknownServer(value);
  }
  if (ts.isIdentifier(value)) {
    const declared = declarationOf(value.text, value);
    const isConstant = declared && ts.isVariableDeclaration(declared) && (declared.parent.flags & ts.NodeFlags.Const) !== 0;
    const own: Authority = isConstant && declared.initializer ? inner(declared.initializer) : unknownServer(value);
    return { ...own, names: [value.text, ...own.names] };
  }
  const member = memberAccess(value);
  return member && /^(?:href|origin)$/.test(member.name ?? '') ? inner(member.object) : unknownServer(value);
}

function unknownServer(expression: TS.Expression): Authority {
  return { texts: [], expressions: [expression], names: [] };
}

function both(one: Authority, other: Authority): Authority {
  return {
    texts: [...one.texts, ...other.texts],
    expressions: [...one.expressions, ...other.expressions],
    names: [...one.names, ...other.names],
  };
}

function isSum(node: TS.Expression): node is TS.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
}

type Piece = string | TS.Expression;

/** The pieces of a text that is put together, in order. */
function piecesOf(node: TS.Expression): Piece[] {
  const value = unwrap(node);
  if (ts.isStringLiteralLike(value)) return [value.text];
  if (isSum(value)) return [...piecesOf(value.left), ...piecesOf(value.right)];
  if (!ts.isTemplateExpression(value)) return [value];
  return [value.head.text, ...value.templateSpans.flatMap(({ expression, literal }): Piece[] => [expression, literal.text])];
}

function ofPieces(pieces: readonly Piece[], modules: SourceModules, inner: (part: TS.Expression) => Authority): Authority {
  let prefix = '';
  let result: Authority = { texts: [], expressions: [], names: [] };
  for (const piece of pieces) {
    const texts = typeof piece === 'string' ? [piece] : staticTexts(piece, modules);
    const [only] = texts;
    if (texts.length === 1 && only !== undefined && !only.includes('*')) {
      prefix += only;
      if (typeof piece !== 'string' && ts.isIdentifier(piece)) result = { ...result, names: [...result.names, piece.text] };
      const isEnd =
        result.expressions.length > 0 ? /[/?#]/.test(only) : !schemeOnly.test(prefix) && /^[^/]*(?:\/\/[^/?#]*)?[/?#]|^\//.test(prefix);
      if (isEnd) break;
    } else if (typeof piece !== 'string') {
      const part = prefix === '' ? inner(piece) : unknownServer(piece);
      result = both(result, part);
      prefix += '*';
    }
  }
  return result.expressions.length === 0 && result.texts.length === 0 ? { ...result, texts: [prefix] } : result;
}
