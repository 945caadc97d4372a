import type { ts as TS } from 'ts-morph';
import { ts } from '../typescript/load-ts-morph.js';
import { staticName, unwrap } from '../typescript/syntax.js';

/** A name that a module imports. `name` is the exported name; `*` stands for all names of the imported module. */
export interface ImportedName {
  readonly specifier: string;
  readonly name: string;
}

/** A name that a module exports from another module. `exported` is `*` if all names are exported. */
export interface Reexport extends ImportedName {
  readonly exported: string;
}

/** A top-level declaration or statement of a module. */
interface Part {
  /** Names that it declares or assigns. */
  readonly names: ReadonlySet<string>;
  /** Names that it mentions. */
  readonly mentions: ReadonlySet<string>;
  /** The object of a call at the top level: `router` of `router.get(…)`. */
  readonly receiver: string | undefined;
  readonly start: number;
  readonly end: number;
}

/** Which names of a module depend on which: enough to follow one export from module to module, without types. */
export class ModuleNames {
  readonly imports = new Map<string, ImportedName>();
  readonly reexports: Reexport[] = [];
  readonly #exports = new Map<string, string>();
  readonly #parts: Part[] = [];

  constructor(statements: readonly TS.Statement[]) {
    for (const statement of statements) this.#read(statement);
  }

  /** Names of the top-level declaration that contains the offset; of a call its object, and empty for other statements. */
  namesAt(offset: number): readonly string[] {
    const part = this.#parts.find(({ start, end }) => start <= offset && offset < end);
    if (!part) return [];
    return part.names.size === 0 && part.receiver !== undefined ? [part.receiver] : [...part.names];
  }

  /** Returns the exports whose value depends on one of these top-level or imported names. */
  exportsUsing(names: ReadonlySet<string>): string[] {
    return this.#exportsAmong(this.#dependents(names, ({ names: own }) => own));
  }

  /** As `exportsUsing`; an object also depends on the arguments of calls at the top level: `router` on the handler of `router.get(…)`. */
  exportsGiven(names: ReadonlySet<string>): string[] {
    return this.#exportsAmong(
      this.#dependents(names, ({ names: own, receiver }) => (receiver === undefined ? own : new Set([...own, receiver]))),
    );
  }

  #exportsAmong(dependents: ReadonlySet<string>): string[] {
    return [...this.#exports].filter(([, local]) => dependents.has(local)).map(([exported]) => exported);
  }

  /** Whether code of this module mentions one of the imported names, other than to export it. */
  uses(names: ReadonlySet<string>): boolean {
    return this.#parts.some(({ mentions }) => intersects(mentions, names));
  }

  /** The names, and all top-level names that mention one of these, directly or not. */
  #dependents(names: ReadonlySet<string>, namesOf: (part: Part) => ReadonlySet<string>): ReadonlySet<string> {
    const found = new Set(names);
    for (let size = -1; size !== found.size;) {
      size = found.size;
      for (const part of this.#parts) if (intersects(part.mentions, found)) for (const name of namesOf(part)) found.add(name);
    }
    return found;
  }

  #read(statement: TS.Statement): void {
    if (ts.isImportDeclaration(statement)) this.#readImport(statement);
    else if (ts.isExportDeclaration(statement)) this.#readExport(statement);
    else if (ts.isImportEqualsDeclaration(statement)) this.#readImportEquals(statement);
    else if (ts.isExportAssignment(statement)) {
      this.#exports.set('default', ts.isIdentifier(statement.expression) ? statement.expression.text : 'default');
      this.#addPart(statement, ['default'], false);
    } else if (ts.isVariableStatement(statement)) this.#readVariables(statement);
    else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) {
      const name = statement.name?.text ?? 'default';
      this.#addPart(statement, [name], false);
      if (hasModifier(statement, ts.SyntaxKind.ExportKeyword))
        this.#exports.set(hasModifier(statement, ts.SyntaxKind.DefaultKeyword) ? 'default' : name, name);
    } else if (ts.isExpressionStatement(statement) && this.#readCommonJsExport(statement)) return;
    else if (!ts.isInterfaceDeclaration(statement) && !ts.isTypeAliasDeclaration(statement)) {
      const name = ts.isModuleDeclaration(statement) || ts.isEnumDeclaration(statement) ? statement.name.text : undefined;
      this.#addPart(statement, name === undefined ? [] : [name], true);
      if (name !== undefined && hasModifier(statement, ts.SyntaxKind.ExportKeyword)) this.#exports.set(name, name);
    }
  }

  #readImport({ importClause, moduleSpecifier }: TS.ImportDeclaration): void {
    // Half-typed code may have any expression in place of the specifier.
    if (!importClause || importClause.phaseModifier === ts.SyntaxKind.TypeKeyword || !ts.isStringLiteral(moduleSpecifier)) return;
    const { text: specifier } = moduleSpecifier;
    if (importClause.name) this.imports.set(importClause.name.text, { specifier, name: 'default' });
    const { namedBindings } = importClause;
    if (namedBindings && ts.isNamespaceImport(namedBindings)) this.imports.set(namedBindings.name.text, { specifier, name: '*' });
    else
      for (const { name, propertyName, isTypeOnly } of namedBindings?.elements ?? [])
        if (!isTypeOnly) this.imports.set(name.text, { specifier, name: (propertyName ?? name).text });
  }

  #readExport({ exportClause, moduleSpecifier, isTypeOnly }: TS.ExportDeclaration): void {
    if (isTypeOnly) return;
    const specifier = moduleSpecifier && ts.isStringLiteral(moduleSpecifier) ? moduleSpecifier.text : undefined;
    if (!exportClause || ts.isNamespaceExport(exportClause)) {
      if (specifier !== undefined) this.reexports.push({ specifier, name: '*', exported: exportClause?.name.text ?? '*' });
      return;
    }
    for (const { name, propertyName, isTypeOnly: isType } of exportClause.elements) {
      if (isType) continue;
      const source = (propertyName ?? name).text;
      if (specifier === undefined) this.#exports.set(name.text, source);
      else this.reexports.push({ specifier, name: source, exported: name.text });
    }
  }

  #readImportEquals({ moduleReference, name, isTypeOnly }: TS.ImportEqualsDeclaration): void {
    if (isTypeOnly || !ts.isExternalModuleReference(moduleReference) || !ts.isStringLiteralLike(moduleReference.expression)) return;
    this.imports.set(name.text, { specifier: moduleReference.expression.text, name: '*' });
  }

  #readVariables(statement: TS.VariableStatement): void {
    const isExported = hasModifier(statement, ts.SyntaxKind.ExportKeyword);
    for (const declaration of statement.declarationList.declarations) {
      const names = boundNames(declaration.name);
      const specifier = requiredSpecifier(declaration.initializer);
      if (specifier !== undefined) this.#readRequire(declaration.name, specifier);
      else this.#addPart(declaration, names, false);
      if (isExported) for (const name of names) this.#exports.set(name, name);
    }
  }

  #readRequire(name: TS.BindingName, specifier: string): void {
    if (ts.isIdentifier(name)) this.imports.set(name.text, { specifier, name: '*' });
    else
      for (const element of name.elements)
        if (ts.isBindingElement(element) && ts.isIdentifier(element.name))
          this.imports.set(element.name.text, { specifier, name: staticName(element.propertyName) ?? element.name.text });
  }

  /** Reads `module.exports = …`, `module.exports.name = …` and `exports.name = …`. Returns whether the statement is one of these. */
  #readCommonJsExport({ expression }: TS.ExpressionStatement): boolean {
    if (!ts.isBinaryExpression(expression) || expression.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return false;
    const { left, right } = expression;
    const target = left.getText();
    const [, name] = /^(?:module\.)?exports\.([\w$]+)$/.exec(target) ?? [];
    if (name === undefined && target !== 'module.exports') return false;
    const properties = name === undefined && ts.isObjectLiteralExpression(right) ? right.properties : undefined;
    if (properties) for (const property of properties) this.#addExport(property, staticName(property.name) ?? '*');
    else this.#addExport(right, name ?? 'default');
    return true;
  }

  #addExport(node: TS.Node, exported: string): void {
    this.#exports.set(exported, `exports.${exported}`);
    this.#addPart(node, [`exports.${exported}`], false);
  }

  #addPart(node: TS.Node, declared: readonly string[], runs: boolean): void {
    const names = new Set(declared);
    const mentions = new Set<string>();
    const receiver = runs && ts.isExpressionStatement(node) ? rootName(unwrap(node.expression)) : undefined;
    const visit = (child: TS.Node): void => {
      if (ts.isIdentifier(child) && !isMemberName(child)) mentions.add(child.text);
      const assigned = assignedName(child);
      if (assigned !== undefined) names.add(assigned);
      const specifier = ts.isExpression(child) ? requiredSpecifier(child) : undefined;
      if (specifier !== undefined) {
        // An import inside a function has no name of its own.
        this.imports.set(`import ${specifier}`, { specifier, name: '*' });
        mentions.add(`import ${specifier}`);
      }
      ts.forEachChild(child, visit);
    };
    visit(node);
    this.#parts.push({ names, mentions, receiver, start: node.getStart(), end: node.getEnd() });
  }
}

function intersects(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  return [...small].some((name) => large.has(name));
}

function boundNames(name: TS.BindingName): string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((element) => (ts.isBindingElement(element) ? boundNames(element.name) : []));
}

/** The specifier of `require('…')` and `import('…')`, also behind `await` or a member. */
function requiredSpecifier(node: TS.Expression | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isAwaitExpression(node) || ts.isPropertyAccessExpression(node) || ts.isParenthesizedExpression(node))
    return requiredSpecifier(node.expression);
  if (!ts.isCallExpression(node)) return undefined;
  const isImport = node.expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
  const [argument] = node.arguments;
  return (isImport || isRequire) && argument && ts.isStringLiteralLike(argument) ? argument.text : undefined;
}

/** The variable that the node assigns or extends: of `client = …`, `cache.client = …` and `cache.set(…)`. */
function assignedName(node: TS.Node): string | undefined {
  if (
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
  )
    return rootName(node.left);
  const isExtension =
    ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression) && /^(?:set|push|add)$/.test(node.expression.name.text);
  return isExtension ? rootName(node.expression) : undefined;
}

function rootName(node: TS.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isCallExpression(node)) return rootName(node.expression);
  return ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node) ? rootName(node.expression) : undefined;
}

function isMemberName(node: TS.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isQualifiedName(parent)) return parent.right === node;
  return (ts.isPropertyAssignment(parent) || ts.isClassElement(parent)) && parent.name === node;
}

function hasModifier(node: TS.Node, kind: TS.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);
}
