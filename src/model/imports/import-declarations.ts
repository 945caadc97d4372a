import type { ts as TS } from 'ts-morph';
import type { Span } from '../../findings/finding.js';
import { spanOf, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';
import type { ImportOptions } from '../../project/import-options.js';
import { valueUsesIn } from './value-uses.js';

/** An import that exists at run time. */
export interface Import {
  /** As written, without quotes. */
  readonly specifier: string;
  /** The specifier, quotes included. */
  readonly span: Span;
  /** `dynamic`: the import runs only when its function is called. That is `import()`, and `require` inside a function. */
  readonly kind: 'static' | 're-export' | 'dynamic';
  /** Whether it is a call of `require`. */
  readonly isRequire: boolean;
  /** Whether one of these names is an injection token, as in `@Inject(forwardRef(() => Orders))`. */
  readonly isInjected: boolean;
  /** Names that the module imports; `default`, or `*` for a namespace. Empty if the code does not show them. */
  readonly names: readonly string[];
  /** Number of uses of these names in the module. */
  readonly uses: number;
}

/** Tells the kinds of exports whose imports the compiler may drop. */
export interface ExportKinds {
  /** Whether a module exports a name as a type only. */
  readonly isType: (specifier: string, name: string) => boolean;
  /** Whether a module exports a name as a `const enum`. A compiler that sees the whole program writes its values in place of the name. */
  readonly isConstEnum: (specifier: string, name: string) => boolean;
}

const unknownExports: ExportKinds = { isType: () => false, isConstEnum: () => false };

/**
 * Returns the imports of a file that exist at run time, in the order of the text. Imports of types do not: neither `import type` nor names
 * that are used only as types, which TypeScript drops unless the options keep them. `findImportCycles` calls it.
 */
export function importsIn(file: TS.SourceFile, options: ImportOptions, { isType, isConstEnum }: ExportKinds = unknownExports): Import[] {
  const { uses, injected, onlyIfValue } = valueUsesIn(file, options.emitsMetadata);
  const isTypeScript = /\.[cm]?tsx?$/.test(file.fileName);
  const imports: Import[] = [];
  const isKept = (specifier: string, { name, local, isType: isMarked }: Binding, isReexport: boolean): boolean => {
    if (isMarked) return false;
    if (!isTypeScript) return true;
    if (!options.isIsolated && !options.keepsNames && isConstEnum(specifier, name)) return false;
    const isKnownType = () => name !== '*' && !options.isIsolated && isType(specifier, name);
    if (local === undefined) return !isReexport || !isKnownType();
    if (options.keepsNames) return !isKnownType();
    const count = uses.get(local) ?? 0;
    return count > (onlyIfValue.get(local) ?? 0) || (count > 0 && !isKnownType());
  };
  const add = (specifier: TS.Node | undefined, kind: Import['kind'], bindings: readonly Binding[] = [], isRequire = false): void => {
    if (!specifier || !ts.isStringLiteralLike(specifier)) return;
    const values = bindings.filter((binding) => isKept(specifier.text, binding, kind === 're-export'));
    if (bindings.length > 0 && values.length === 0 && !(isTypeScript && options.keepsDeclarations)) return;
    const counts = values.map(({ local }) => (local === undefined ? 1 : (uses.get(local) ?? 0)));
    imports.push({
      specifier: specifier.text,
      span: spanOf(specifier),
      kind,
      isRequire,
      isInjected: values.some(({ local }) => local !== undefined && injected.has(local)),
      names: values.map(({ name }) => name),
      uses: counts.reduce((sum, count) => sum + count, 0),
    });
  };

  const visit = (node: TS.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const { importClause, moduleSpecifier } = node;
      if (importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword)
        add(moduleSpecifier, 'static', importClause && bindingsOf(importClause));
    } else if (ts.isExportDeclaration(node)) {
      if (!node.isTypeOnly)
        add(
          node.moduleSpecifier,
          're-export',
          node.exportClause && ts.isNamedExports(node.exportClause) ? node.exportClause.elements.map(reexport) : [],
        );
    } else if (ts.isImportEqualsDeclaration(node)) {
      const { moduleReference, name, isTypeOnly } = node;
      if (!isTypeOnly && ts.isExternalModuleReference(moduleReference))
        add(moduleReference.expression, 'static', [{ name: name.text, local: name.text, isType: false }], true);
    } else if (ts.isCallExpression(node)) {
      const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
      if (isImport || isRequire)
        add(node.arguments[0], isImport || isDeferred(node) ? 'dynamic' : 'static', destructuredFrom(node), isRequire);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return imports;
}

interface Binding {
  /** Name in the imported module. */
  readonly name: string;
  /** Name in this file; undefined if it has none here. */
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

/** The names in `const { a, b } = await import('…')`, and the same of `require`. */
function destructuredFrom(call: TS.CallExpression): Binding[] {
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
