import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import { spanOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** A way in which one module, when it runs, makes another one run. */
export interface Import {
  readonly specifier: string;
  /** Of the specifier, quotes included. */
  readonly span: Span;
  /** `dynamic` waits until its function is called: `import()`, and `require` inside a function. */
  readonly kind: 'static' | 're-export' | 'dynamic';
  /** What is taken from it; empty where that does not show. */
  readonly names: readonly string[];
  /** How often the module uses these names. */
  readonly uses: number;
}

/**
 * The imports of a file that are there when it runs, in the order of its text. Those of types are not: neither `import type`, nor names
 * of which TypeScript sees types alone, for it leaves them out.
 */
export function importsIn(file: TS.SourceFile): Import[] {
  const uses = usesIn(file);
  const isTypeScript = /\.[cm]?tsx?$/.test(file.fileName);
  const imports: Import[] = [];
  const take = (specifier: TS.Node | undefined, kind: Import['kind'], bindings: readonly Binding[] = []): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const values = bindings.filter(
      ({ local, isType }) => !isType && !(isTypeScript && local !== undefined && (uses.get(local) ?? 0) === 0),
    );
    if (bindings.length > 0 && values.length === 0) return;
    const counts = values.map(({ local }) => (local === undefined ? 1 : (uses.get(local) ?? 0)));
    imports.push({
      specifier: specifier.text,
      span: spanOf(specifier),
      kind,
      names: values.map(({ name }) => name),
      uses: counts.reduce((sum, count) => sum + count, 0),
    });
  };

  const visit = (node: TS.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const { importClause, moduleSpecifier } = node;
      if (importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
        take(moduleSpecifier, 'static', importClause && bindingsOf(importClause));
    } else if (ts.isExportDeclaration(node)) {
      if (!node.isTypeOnly)
        take(
          node.moduleSpecifier,
          're-export',
          node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements.map(reexport) : [],
        );
    } else if (ts.isImportEqualsDeclaration(node)) {
      const { moduleReference, name, isTypeOnly } = node;
      if (!isTypeOnly && ts.isExternalModuleReference(moduleReference))
        take(moduleReference.expression, 'static', [{ name: name.text, local: name.text, isType: false }]);
    } else if (ts.isCallExpression(node)) {
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
      if (isImport || isRequire) take(node.arguments[0], isImport || isDeferred(node) ? 'dynamic' : 'static', takenFrom(node));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return imports;
}

interface Binding {
  readonly name: string;
  /** What this file calls it; undefined where it has no name here. */
  readonly local: string | undefined;
  readonly isType: boolean;
}

function bindingsOf({ name, namedBindings }: TS.ImportClause): Binding[] {
  const own = name ? [{ name: 'default', local: name.text, isType: false }] : [];
  if (!namedBindings) return own;
  if (ts.isNamespaceImport(namedBindings)) return [...own, { name: '*', local: namedBindings.name.text, isType: false }];
  return [
    ...own,
    ...namedBindings.elements.map((element) => ({
      name: (element.propertyName ?? element.name).text,
      local: element.name.text,
      isType: element.isTypeOnly,
    })),
  ];
}

function reexport({ propertyName, name, isTypeOnly }: TS.ExportSpecifier): Binding {
  return { name: (propertyName ?? name).text, local: undefined, isType: isTypeOnly };
}

/** `const { a, b } = await import('…')`, and the same of `require`. */
function takenFrom(call: TS.CallExpression): Binding[] {
  const holder = ts.findAncestor(call, (node) => !ts.isExpression(node));
  if (
    !holder ||
    !ts.isVariableDeclaration(holder) ||
    !holder.initializer ||
    unwrap(holder.initializer) !== call ||
    !ts.isObjectBindingPattern(holder.name)
  )
    return [];
  return holder.name.elements.map(({ propertyName, name }) => ({
    name: (propertyName ?? name).getText(),
    local: undefined,
    isType: false,
  }));
}

function isDeferred(node: TS.Node): boolean {
  return ts.findAncestor(node, ts.isFunctionLike) !== undefined;
}

/** How often each name stands where a value is wanted. A second variable of the same name counts too: that errs towards a value. */
function usesIn(file: TS.SourceFile): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const visit = (node: TS.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isIdentifier(node) && !isMemberName(node) && !ts.isPartOfTypeNode(node) && !isInTypeQuery(node))
      uses.set(node.text, (uses.get(node.text) ?? 0) + 1);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return uses;
}

function isMemberName(node: TS.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isExportSpecifier(parent))
    return parent.isTypeOnly || parent.parent.parent.isTypeOnly || (parent.propertyName !== undefined && parent.name === node);
  return ts.isPropertyAssignment(parent) && parent.name === node;
}

function isInTypeQuery(node: TS.Node): boolean {
  return ts.findAncestor(node, (ancestor) => (ts.isStatement(ancestor) ? 'quit' : ts.isTypeQueryNode(ancestor))) !== undefined;
}
