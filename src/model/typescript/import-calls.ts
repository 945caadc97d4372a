import type { ts as TS } from 'ts-morph';
import { ts } from './load-ts-morph.js';
import { memberAccess, unwrap } from './syntax.js';

/** Functions of test runners that import the real module past a mock: `vi.importActual`, `jest.requireActual`. */
const actualImports = /^(?:import|require)Actual$/;

/** Names that the code gives the function `require` of Node.js, or one that it creates. */
const requireNames =
  /([\w$]+)\s*(?::[^=;\n]*)?=\s*[^;\n]*\b(?:createRequire\b|(?:__non_webpack_)?require(?:__)?\b(?!\s*(?:\(|\.(?!bind\b))))/g;

const namesByFile = new WeakMap<TS.SourceFile, ReadonlySet<string>>();

/**
 * Returns the argument that names the module, of a call that imports one: `import('x')`, `require('x')`, `module.require('x')`,
 * `vi.importActual('x')`, `createRequire(url)('x')`, and calls of names for these. Undefined for other calls.
 */
export function importedSpecifier(node: TS.Node): TS.Expression | undefined {
  if (!ts.isCallExpression(node)) return undefined;
  const [argument] = node.arguments;
  return argument && imports(unwrap(node.expression)) ? argument : undefined;
}

function imports(callee: TS.Expression): boolean {
  if (callee.kind === ts.SyntaxKind.ImportKeyword || isRequire(callee)) return true;
  if (ts.isIdentifier(callee)) return namesIn(callee.getSourceFile()).has(callee.text);
  if (ts.isConditionalExpression(callee)) return isRequire(callee.whenTrue) || isRequire(callee.whenFalse);
  if (!ts.isCallExpression(callee)) return actualImports.test(memberAccess(callee)?.name ?? '');
  const [argument] = callee.arguments;
  const creator = memberAccess(callee.expression)?.name ?? (ts.isIdentifier(callee.expression) ? callee.expression.text : '');
  return (
    creator === 'createRequire' ||
    (creator === 'eval' && argument !== undefined && ts.isStringLiteralLike(argument) && argument.text === 'require')
  );
}

/** Whether the expression is the function `require` of Node.js. */
function isRequire(node: TS.Expression): boolean {
  if (ts.isIdentifier(node)) return node.text === 'require' || node.text === '__non_webpack_require__';
  return (
    ts.isPropertyAccessExpression(node) && node.name.text === 'require' && /^(?:module|require\.main)$/.test(node.expression.getText())
  );
}

function namesIn(file: TS.SourceFile): ReadonlySet<string> {
  const known = namesByFile.get(file);
  if (known) return known;
  const found = file.text.includes('require') || file.text.includes('createRequire') ? file.text.matchAll(requireNames) : [];
  const names = new Set([...found].map(([, name]) => name ?? ''));
  namesByFile.set(file, names);
  return names;
}
