import type * as TsMorph from 'ts-morph';
import type { ts as Ts } from 'ts-morph';

type TypeScript = typeof TsMorph.ts;

/** The place of a flat configuration that takes a further entry. */
export type ConfigShape =
  /** A list in brackets or the arguments of a call: the entry becomes its last element. */
  | {
      readonly kind: 'list';
      readonly elements: Ts.NodeArray<Ts.Expression>;
      /** Offset of the closing bracket. */
      readonly end: number;
      /** Whether the first argument of the call is an options object that must be there. */
      readonly needsOptions: boolean;
    }
  /** A single configuration object: it becomes the first element of an array. */
  | { readonly kind: 'object'; readonly expression: Ts.Expression }
  /** An expression of an unknown type: an array, an object or a promise of one. */
  | { readonly kind: 'unknown'; readonly expression: Ts.Expression };

/** A flat configuration that can be edited, or why not. */
export type ConfigModule =
  | { readonly kind: 'found'; readonly format: 'esm' | 'commonjs'; readonly shape: ConfigShape }
  | { readonly kind: 'refused'; readonly reason: string };

/**
 * Functions that take configurations as arguments or in one array, by the module that exports them. `*` is any export of the module. A
 * true value: the first argument is an object of options.
 */
const composers: readonly { readonly module: RegExp; readonly name: string; readonly needsOptions: boolean }[] = [
  { module: /^eslint\/config$/, name: 'defineConfig', needsOptions: false },
  { module: /^typescript-eslint$/, name: 'config', needsOptions: false },
  { module: /^@vue\/eslint-config-typescript$/, name: 'defineConfigWithVueTs', needsOptions: false },
  { module: /^@antfu\/eslint-config$/, name: 'default', needsOptions: true },
  { module: /\.nuxt\/eslint\.config(?:\.mjs)?$/, name: 'default', needsOptions: false },
];

/** Finds what a configuration file exports, and the place for a further entry. */
export function readConfigShape(source: Ts.SourceFile, ts: TypeScript): ConfigModule {
  const exported = source.statements.flatMap((statement) => exportOf(statement, ts));
  const [first] = exported;
  if (!first) return { kind: 'refused', reason: 'It has no default export that can be read.' };
  if (exported.length > 1) return { kind: 'refused', reason: 'It exports its configuration in more than one place.' };
  const shape = shapeOf(first.expression, source, ts);
  if (shape.kind !== 'list' && !first.isReplaceable) return { kind: 'refused', reason: 'The exported configuration is not in this file.' };
  if (shape.kind === 'unknown' && isNoConfig(shape.expression, ts))
    return { kind: 'refused', reason: 'It exports no array, object or call.' };
  return { kind: 'found', format: first.format, shape };
}

interface Exported {
  readonly expression: Ts.Expression;
  readonly format: 'esm' | 'commonjs';
  /** Whether another expression can stand in its place: not in `export { config as default }`. */
  readonly isReplaceable: boolean;
}

function exportOf(statement: Ts.Statement, ts: TypeScript): Exported[] {
  if (ts.isExportAssignment(statement) && !statement.isExportEquals)
    return [{ expression: statement.expression, format: 'esm', isReplaceable: true }];
  if (
    ts.isExportDeclaration(statement) &&
    !statement.moduleSpecifier &&
    statement.exportClause &&
    ts.isNamedExports(statement.exportClause)
  )
    return statement.exportClause.elements
      .filter(({ name, propertyName }) => name.text === 'default' && propertyName && ts.isIdentifier(propertyName))
      .flatMap(({ propertyName }) =>
        propertyName && ts.isIdentifier(propertyName) ? [{ expression: propertyName, format: 'esm' as const, isReplaceable: false }] : [],
      );
  if (ts.isExpressionStatement(statement) && ts.isBinaryExpression(statement.expression)) {
    const { left, right, operatorToken } = statement.expression;
    const isAssignment = operatorToken.kind === ts.SyntaxKind.EqualsToken;
    if (isAssignment && left.getText() === 'module.exports') return [{ expression: right, format: 'commonjs', isReplaceable: true }];
  }
  return [];
}

function shapeOf(exported: Ts.Expression, source: Ts.SourceFile, ts: TypeScript): ConfigShape {
  const expression = unwrap(exported, ts);
  const value = ts.isIdentifier(expression) ? unwrapped(initializerOf(expression.text, source, ts), ts) : expression;
  if (value && ts.isArrayLiteralExpression(value)) return listOf(value.elements, value.end - 1);
  const composer = value && ts.isCallExpression(value) ? composerOf(value, source, ts) : undefined;
  if (value && ts.isCallExpression(value) && composer) {
    const [only, ...others] = value.arguments;
    if (only && others.length === 0 && ts.isArrayLiteralExpression(only) && !composer.needsOptions)
      return listOf(only.elements, only.end - 1);
    return { ...listOf(value.arguments, value.end - 1), needsOptions: composer.needsOptions };
  }
  return { kind: value && ts.isObjectLiteralExpression(value) ? 'object' : 'unknown', expression: exported };
}

function listOf(elements: Ts.NodeArray<Ts.Expression>, end: number) {
  return { kind: 'list' as const, elements, end, needsOptions: false };
}

/** The expression without parentheses, `as`, `satisfies` and `await`. */
function unwrap(expression: Ts.Expression, ts: TypeScript): Ts.Expression {
  return ts.isParenthesizedExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isAwaitExpression(expression)
    ? unwrap(expression.expression, ts)
    : expression;
}

function unwrapped(expression: Ts.Expression | undefined, ts: TypeScript): Ts.Expression | undefined {
  return expression && unwrap(expression, ts);
}

/** The value of a top-level constant. A variable that can be assigned again has no single value. */
function initializerOf(name: string, source: Ts.SourceFile, ts: TypeScript): Ts.Expression | undefined {
  const declarations = source.statements
    .filter((statement) => ts.isVariableStatement(statement))
    .filter(({ declarationList }) => (declarationList.flags & ts.NodeFlags.Const) !== 0)
    .flatMap(({ declarationList }) => [...declarationList.declarations])
    .filter((declaration) => ts.isIdentifier(declaration.name) && declaration.name.text === name);
  return declarations.length === 1 ? declarations[0]?.initializer : undefined;
}

function composerOf({ expression }: Ts.CallExpression, source: Ts.SourceFile, ts: TypeScript) {
  const [local, member] = ts.isIdentifier(expression)
    ? [expression.text, undefined]
    : ts.isPropertyAccessExpression(expression) && ts.isIdentifier(expression.expression)
      ? [expression.expression.text, expression.name.text]
      : [];
  const bindings = source.statements.flatMap((statement) => bindingsOf(statement, ts));
  const binding = bindings.find(({ name }) => name === local);
  if (!binding) return undefined;
  const imported = member ?? binding.imported;
  return composers.find(({ module, name }) => module.test(binding.module) && name === imported);
}

/** A name that a file takes from another module. */
export interface ModuleBinding {
  readonly name: string;
  /** The export that the name stands for; `default` for the whole module. */
  readonly imported: string;
  readonly module: string;
}

/** Returns the names that a top-level `import` or `const … = require()` declares. A statement without names has an empty one. */
export function bindingsOf(statement: Ts.Statement, ts: TypeScript): ModuleBinding[] {
  if (ts.isImportDeclaration(statement) && ts.isStringLiteral(statement.moduleSpecifier)) {
    const module = statement.moduleSpecifier.text;
    const { name, namedBindings } = statement.importClause ?? {};
    const named =
      namedBindings && ts.isNamedImports(namedBindings)
        ? namedBindings.elements.map((element) => ({
            name: element.name.text,
            imported: (element.propertyName ?? element.name).text,
            module,
          }))
        : [{ name: namedBindings?.name.text ?? '', imported: 'default', module }];
    return name ? [{ name: name.text, imported: 'default', module }, ...named] : named;
  }
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.flatMap(({ name, initializer }) => {
    const module = requiredModule(initializer, ts);
    if (module === undefined) return [];
    if (ts.isIdentifier(name)) return [{ name: name.text, imported: 'default', module }];
    return name.elements.flatMap((element) =>
      ts.isBindingElement(element) && ts.isIdentifier(element.name)
        ? [{ name: element.name.text, imported: (element.propertyName ?? element.name).getText(), module }]
        : [],
    );
  });
}

/** The module of `require('module')`, also with a member behind it. */
function requiredModule(expression: Ts.Expression | undefined, ts: TypeScript): string | undefined {
  if (!expression) return undefined;
  if (ts.isPropertyAccessExpression(expression)) return requiredModule(expression.expression, ts);
  if (!ts.isCallExpression(expression) || !ts.isIdentifier(expression.expression) || expression.expression.text !== 'require')
    return undefined;
  const [argument] = expression.arguments;
  return argument && ts.isStringLiteral(argument) ? argument.text : undefined;
}

/** Whether an exported value cannot be a configuration of ESLint. */
function isNoConfig(expression: Ts.Expression, ts: TypeScript): boolean {
  return (
    ts.isFunctionExpression(expression) ||
    ts.isArrowFunction(expression) ||
    ts.isClassExpression(expression) ||
    ts.isLiteralExpression(expression)
  );
}
