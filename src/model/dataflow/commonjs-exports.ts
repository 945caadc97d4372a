import type { ts as TS } from 'ts-morph';
import { isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import { calledName } from './normalize-call.js';

/**
 * The exports of a CommonJS module by their values. The type checker knows `exports.a = b` and `module.exports = {}`, but not by `any`, in
 * TypeScript, by helpers, loops or computed names.
 */
export interface CommonJsExports {
  /** Values that the module is: `m` of `module.exports = m`. */
  readonly whole: readonly TS.Expression[];
  /** Objects whose members the module exports: `m` of `Object.assign(exports, m)`. */
  readonly copied: readonly TS.Expression[];
  readonly named: readonly NamedExport[];
}

/** An expression, or a method of an object literal. */
type Value = TS.Expression | TS.MethodDeclaration;

interface NamedExport {
  readonly name: string;
  readonly value: Value;
  /** Whether the value is a function that returns the export. */
  readonly isGetter: boolean;
}

/** Returns the exports that a module writes; undefined for a module that writes none. Read where the checker knows no declaration. */
export function commonJsExports(file: TS.SourceFile): CommonJsExports | undefined {
  if (!/\bexports\b|^\s*this\./m.test(file.text)) return undefined;
  const whole: TS.Expression[] = [];
  const copied: TS.Expression[] = [];
  const named: NamedExport[] = [];
  const aliases = exportAliases(file);
  const isExports = (node: TS.Expression): boolean => isExportsObject(node) || (ts.isIdentifier(node) && aliases.has(node.text));
  const visit = (node: TS.Node): void => {
    if (ts.isCallExpression(node)) visitCall(node);
    else if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) visitAssignment(node);
    ts.forEachChild(node, visit);
  };
  const visitAssignment = ({ left, right, parent }: TS.BinaryExpression): void => {
    const access = memberAccess(left);
    if (isModuleExports(left)) whole.push(right);
    else if (access && isThisOfModule(access.object, parent) && access.name !== undefined)
      named.push({ name: access.name, value: right, isGetter: false });
    else if (access && access.name === undefined && isExports(access.object)) copyMember(right);
    else if (access?.name !== undefined && isExports(access.object)) named.push({ name: access.name, value: right, isGetter: false });
  };
  /** `m` of `m[key]`. */
  const copyMember = (value: Value | undefined): void => {
    const access = value && memberAccess(ts.isMethodDeclaration(value) ? value : unwrap(value));
    if (access) copied.push(access.object);
  };
  const visitCall = (node: TS.CallExpression): void => {
    const args = node.arguments.map((argument) => unwrap(argument));
    const at = args.findIndex(isExports);
    if (at < 0) return;
    const [key, descriptor] = args.slice(at + 1);
    switch (calledName(node.expression)) {
      case 'defineProperty': {
        const written = descriptor && valueOf(descriptor);
        const name = key && staticName(key);
        if (written && key && ts.isStringLiteralLike(key)) named.push({ ...written, name: name ?? '' });
        else if (written) copyMember(written.isGetter ? returnedBy(written.value) : written.value);
        return;
      }
      case 'defineProperties':
        for (const [name, value] of membersOf(key)) {
          const written = valueOf(value);
          if (written) named.push({ ...written, name });
        }
        return;
      case 'keys':
      case 'call':
        return;
      case 'assign':
        copied.push(...args.slice(at + 1));
        return;
      default:
        visitHelper(args.filter((_, index) => index !== at));
    }
  };
  /** A helper of a compiler or of the code itself: `__exportStar(m, exports)`, `_export(exports, { a: () => a })`, `lazy(exports, 'a', f)`. */
  const visitHelper = (args: readonly TS.Expression[]): void => {
    const name = args.find(ts.isStringLiteralLike)?.text;
    for (const value of args) {
      const getters = membersOf(value).filter(([, member]) => isGetterFunction(member));
      if (name !== undefined && isFunction(value)) named.push({ name, value, isGetter: true });
      else if (getters.length > 0 && getters.length === membersOf(value).length)
        for (const [member, getter] of getters) named.push({ name: member, value: getter, isGetter: true });
      else if (!isFunction(value) && !ts.isStringLiteralLike(value)) copied.push(value);
    }
  };
  visit(file);
  return whole.length + copied.length + named.length > 0 ? { whole, copied, named } : undefined;
}

/** Names of objects that the module exports: `api` of `module.exports = api` and of `module.exports = __toCommonJS(api)`. */
function exportAliases(file: TS.SourceFile): ReadonlySet<string> {
  const aliases = new Set<string>();
  const visit = (node: TS.Node): void => {
    if (ts.isBinaryExpression(node) && isModuleExports(node.left)) {
      const value = unwrap(node.right);
      const inner = ts.isCallExpression(value) && passingHelpers.has(calledName(value.expression) ?? '') ? value.arguments[0] : value;
      if (inner && ts.isIdentifier(inner) && inner.text !== 'exports') aliases.add(inner.text);
    } else if (ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name)) {
      const value = unwrap(node.initializer);
      if (isExportsObject(value)) aliases.add(node.name.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return aliases;
}

/** Functions of compilers that give the module that they get, for other module systems. */
export const passingHelpers: ReadonlySet<string> = new Set([
  '__importStar',
  '__importDefault',
  '__toESM',
  '__toCommonJS',
  '_interopRequireWildcard',
  '_interopRequireDefault',
  '_interop_require_wildcard',
  '_interop_require_default',
  '_interopNamespace',
  '_interopNamespaceDefault',
  '_interopDefault',
  '_interopDefaultLegacy',
  '_interopDefaultCompat',
  '_export_star',
]);

function isModuleExports(node: TS.Expression): boolean {
  const access = memberAccess(unwrap(node));
  return access?.name === 'exports' && ts.isIdentifier(access.object) && access.object.text === 'module';
}

function isExportsObject(node: TS.Expression): boolean {
  return (ts.isIdentifier(node) && node.text === 'exports') || isModuleExports(node);
}

/** Whether `this` is the exports of the module: outside of any function. */
function isThisOfModule(node: TS.Expression, parent: TS.Node): boolean {
  return node.kind === ts.SyntaxKind.ThisKeyword && ts.isExpressionStatement(parent) && ts.isSourceFile(parent.parent);
}

/** The value or the getter of a property descriptor. */
function valueOf(descriptor: Value): Omit<NamedExport, 'name'> | undefined {
  const members = new Map(membersOf(descriptor));
  const getter = members.get('get');
  const value = getter ?? members.get('value');
  return value && { value, isGetter: getter !== undefined };
}

function membersOf(node: Value | undefined): (readonly [name: string, value: Value])[] {
  if (!node || !ts.isObjectLiteralExpression(node)) return [];
  return node.properties.flatMap((property): (readonly [string, Value])[] => {
    const name = staticName(property.name);
    if (name === undefined) return [];
    if (ts.isPropertyAssignment(property)) return [[name, unwrap(property.initializer)]];
    return ts.isMethodDeclaration(property) ? [[name, property]] : [];
  });
}

function isGetterFunction(node: Value): boolean {
  return isFunction(node) && node.parameters.length === 0;
}

function returnedBy(getter: Value): TS.Expression | undefined {
  if (!isFunction(getter) || !getter.body) return undefined;
  if (!ts.isBlock(getter.body)) return getter.body;
  const statement = getter.body.statements.find(ts.isReturnStatement);
  return statement?.expression;
}
