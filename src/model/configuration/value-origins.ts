import type { ts as TS } from 'ts-morph';
import { isEnvironment } from '../environment/environment-object.js';
import type { EnvironmentRead } from '../environment/environment-reads.js';
import { exportOf, importedMeaning, isImport, type Meaning, requiredSpecifier } from '../environment/module-exports.js';
import type { SourceModules } from '../environment/source-modules.js';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isAssignmentOperator, isFunction, isStatic, memberAccess, staticName, unwrap } from '../typescript/syntax.js';

/** Where a value comes from. */
export type Origin =
  | { readonly kind: 'read'; readonly read: EnvironmentRead }
  /** The environment as a whole, which some code takes variables from. */
  | { readonly kind: 'environment'; readonly node: TS.Expression }
  /** `key` is the option whose whole value it is. */
  | { readonly kind: 'literal'; readonly node: TS.StringLiteralLike; readonly key: string | undefined };

/** The inputs of the search. */
export interface OriginSearch {
  readonly modules: SourceModules;
  /** Returns the reads of a node that is one. */
  readonly readsAt: (node: TS.Node) => readonly EnvironmentRead[];
  /** Returns the arguments of each known call of a callable. */
  readonly argumentsOf: (callable: TS.Node) => readonly (readonly TS.Expression[])[];
  /** Options of a client that say nothing about where it connects. */
  readonly isIgnored: (key: string) => boolean;
}

/** A value that depends on more than this many others is not followed further. */
const maxSteps = 2_000;

/** Returns the origins of an expression: what its value is made of, through variables, imports, calls and members, in any module. */
export function originsOf(expression: TS.Expression, search: OriginSearch): readonly Origin[] {
  const trace = new OriginTrace(search);
  trace.follow(expression, [], undefined);
  return trace.origins;
}

/** The members that are taken of a value, outermost last. */
type Path = readonly string[];

class OriginTrace {
  readonly origins: Origin[] = [];
  readonly #seen = new Set<string>();
  readonly #ids = new Map<TS.Node, number>();

  constructor(private readonly search: OriginSearch) {}

  follow(node: TS.Expression, path: Path, key: string | undefined): void {
    const value = unwrap(node);
    if (this.#isSeen(value, path)) return;
    const reads = this.search.readsAt(value);
    if (reads.length > 0) {
      for (const read of reads) this.origins.push({ kind: 'read', read });
      return;
    }
    if (isEnvironment(value, this.search.modules)) {
      this.origins.push({ kind: 'environment', node: value });
      return;
    }
    if (ts.isStringLiteralLike(value)) this.origins.push({ kind: 'literal', node: value, key });
    else if (ts.isIdentifier(value)) this.#followMeaning(declarationOf(value.text, value), path, key);
    else if (ts.isObjectLiteralExpression(value)) this.#followObject(value, path);
    else if (ts.isConditionalExpression(value)) this.#followAll([value.whenTrue, value.whenFalse], path, key);
    else if (ts.isBinaryExpression(value)) this.#followBinary(value, path, key);
    else if (ts.isTemplateExpression(value))
      this.#followAll(
        value.templateSpans.map(({ expression }) => expression),
        [],
        undefined,
      );
    else if (ts.isArrayLiteralExpression(value)) this.#followAll(value.elements, [], undefined);
    else if (ts.isCallExpression(value) || ts.isNewExpression(value)) this.#followCall(value, path, key);
    else if (isFunction(value)) this.#followResults(value, path, key);
    else this.#followMember(value, path, key);
  }

  #followAll(nodes: readonly TS.Expression[], path: Path, key: string | undefined): void {
    for (const node of nodes) this.follow(ts.isSpreadElement(node) ? node.expression : node, path, key);
  }

  #followBinary({ left, right, operatorToken }: TS.BinaryExpression, path: Path, key: string | undefined): void {
    // The left side of `&&` is a condition; that of an assignment is its target.
    const isValue = operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken && operatorToken.kind !== ts.SyntaxKind.EqualsToken;
    const isSum = operatorToken.kind === ts.SyntaxKind.PlusToken;
    this.#followAll(isValue ? [left, right] : [right], path, isSum ? undefined : key);
  }

  #followObject(object: TS.ObjectLiteralExpression, [name, ...rest]: Path): void {
    for (const property of object.properties) {
      if (ts.isSpreadAssignment(property)) {
        this.follow(property.expression, name === undefined ? [] : [name, ...rest], undefined);
        continue;
      }
      const own = staticName(property.name);
      if (name === undefined ? own !== undefined && this.search.isIgnored(own) : own !== undefined && own !== name) continue;
      if (ts.isPropertyAssignment(property)) this.follow(property.initializer, rest, own);
      else if (ts.isShorthandPropertyAssignment(property)) this.#followMeaning(declarationOf(property.name.text, property), rest, own);
      else if (isFunction(property)) this.#followResults(property, rest, own);
    }
  }

  #followMeaning(meaning: Meaning | undefined, path: Path, key: string | undefined): void {
    if (!meaning || this.#isSeen(meaning, ['declaration', ...path])) return;
    const reads = this.search.readsAt(meaning);
    for (const read of reads) this.origins.push({ kind: 'read', read });
    if (reads.length > 0) return;
    if (isImport(meaning)) this.#followMeaning(importedMeaning(meaning, this.search.modules), path, key);
    else if (ts.isSourceFile(meaning)) this.#followModule(meaning.fileName, path, key);
    else if (ts.isBindingElement(meaning)) this.#followBinding(meaning, path, key);
    else if (ts.isVariableDeclaration(meaning)) this.#followVariable(meaning, path, key);
    else if (ts.isParameter(meaning)) this.#followParameter(meaning, path, key);
    else if (isFunction(meaning)) this.#followResults(meaning, path, key);
    else if (ts.isExpression(meaning)) this.follow(meaning, path, key);
  }

  #followModule(file: string, [name, ...rest]: Path, key: string | undefined): void {
    const { modules } = this.search;
    if (name === undefined) return;
    const exported = exportOf(file, name, modules);
    if (exported) this.#followMeaning(exported, rest, key);
    else this.#followMeaning(exportOf(file, 'default', modules), [name, ...rest], key);
  }

  #followBinding(element: TS.BindingElement, path: Path, key: string | undefined): void {
    if (element.initializer) this.follow(element.initializer, path, key);
    const name = staticName(element.propertyName ?? element.name);
    const inner = name === undefined || element.dotDotDotToken ? path : [name, ...path];
    const holder = element.parent.parent;
    if (ts.isBindingElement(holder)) this.#followBinding(holder, inner, key);
    else if (ts.isParameter(holder)) this.#followParameter(holder, inner, key);
    else this.#followVariable(holder, inner, key);
  }

  #followVariable(declaration: TS.VariableDeclaration, path: Path, key: string | undefined): void {
    const { initializer, name } = declaration;
    const specifier = initializer && requiredSpecifier(initializer);
    if (specifier !== undefined) {
      const file = this.search.modules.resolve(declaration.getSourceFile().fileName, specifier);
      if (file !== undefined) this.#followModule(file, path.length === 0 ? ['default'] : path, key);
    } else if (initializer) this.follow(initializer, path, key);
    if (ts.isIdentifier(name) && (declaration.parent.flags & ts.NodeFlags.Const) === 0)
      for (const value of assignedTo((target) => ts.isIdentifier(target) && target.text === name.text, declaration.getSourceFile()))
        this.follow(value, path, key);
  }

  #followParameter(parameter: TS.ParameterDeclaration, path: Path, key: string | undefined): void {
    if (parameter.initializer) this.follow(parameter.initializer, path, key);
    const callable = parameter.parent;
    const index = callable.parameters.indexOf(parameter);
    const owner = ts.isConstructorDeclaration(callable) ? callable.parent : callable;
    for (const passed of [...this.search.argumentsOf(callable), ...(owner === callable ? [] : this.search.argumentsOf(owner))]) {
      const argument = passed[index];
      if (argument) this.follow(argument, path, key);
    }
  }

  #followCall(call: TS.CallExpression | TS.NewExpression, path: Path, key: string | undefined): void {
    const callee = unwrap(call.expression);
    const passed = call.arguments ?? [];
    const validated = passed.filter((argument) => isEnvironment(argument, this.search.modules));
    if (validated.length > 0) {
      for (const node of validated) this.origins.push({ kind: 'environment', node });
      return;
    }
    const meaning = ts.isIdentifier(callee) ? declarationOf(callee.text, callee) : undefined;
    const target = meaning && isImport(meaning) ? importedMeaning(meaning, this.search.modules) : meaning;
    if (target) {
      // The arguments come in by the parameters.
      if (ts.isCallExpression(call)) this.#followMeaning(target, path, key);
      return;
    }
    const receiver = memberAccess(callee);
    if (receiver) this.follow(callee, [], key);
    // The result of a library call depends on its arguments. Texts among them are the library's own options.
    const isConversion = ts.isNewExpression(call) || (!receiver && passed.length === 1);
    this.#followAll(isConversion ? passed : passed.filter((argument) => !isText(unwrap(argument))), [], key);
  }

  #followResults(callable: TS.FunctionLikeDeclaration, path: Path, key: string | undefined): void {
    if (!callable.body) return;
    if (!ts.isBlock(callable.body)) {
      this.follow(callable.body, path, key);
      return;
    }
    const visit = (node: TS.Node): void => {
      if (isFunction(node) || ts.isClassLike(node)) return;
      if (ts.isReturnStatement(node) && node.expression) this.follow(node.expression, path, key);
      ts.forEachChild(node, visit);
    };
    visit(callable.body);
  }

  #followMember(value: TS.Expression, path: Path, key: string | undefined): void {
    const member = memberAccess(value);
    if (!member) return;
    const inner = member.name === undefined ? path : [member.name, ...path];
    if (member.object.kind !== ts.SyntaxKind.ThisKeyword) this.follow(member.object, inner, key);
    else if (member.name !== undefined) this.#followField(value, member.name, path, key);
  }

  /** `this.config` is what the class initializes and assigns. */
  #followField(access: TS.Node, name: string, path: Path, key: string | undefined): void {
    const owner = ts.findAncestor(access, ts.isClassLike);
    if (!owner) return;
    for (const member of owner.members) {
      if (ts.isConstructorDeclaration(member)) {
        const parameter = member.parameters.find(
          (item) => ts.isParameterPropertyDeclaration(item, member) && staticName(item.name) === name,
        );
        if (parameter) this.#followParameter(parameter, path, key);
      } else if (!isStatic(member) && staticName(member.name) === name) {
        if (ts.isPropertyDeclaration(member) && member.initializer) this.follow(member.initializer, path, key);
        else if (isFunction(member)) this.#followResults(member, path, key);
      }
    }
    const isField = (target: TS.Expression): boolean => {
      const { object, name: field } = memberAccess(target) ?? {};
      return object?.kind === ts.SyntaxKind.ThisKeyword && field === name;
    };
    for (const assigned of assignedTo(isField, owner)) this.follow(assigned, path, key);
  }

  #isSeen(node: TS.Node, path: Path): boolean {
    const id = this.#ids.get(node) ?? this.#ids.size;
    this.#ids.set(node, id);
    const state = `${id} ${path.join('.')}`;
    if (this.#seen.has(state) || this.#seen.size > maxSteps) return true;
    this.#seen.add(state);
    return false;
  }
}

function isText(node: TS.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isObjectLiteralExpression(node) || ts.isArrayLiteralExpression(node) || isFunction(node);
}

function assignedTo(isTarget: (target: TS.Expression) => boolean, scope: TS.Node): TS.Expression[] {
  const values: TS.Expression[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isBinaryExpression(node) && isAssignmentOperator(node.operatorToken.kind) && isTarget(node.left)) values.push(node.right);
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return values;
}
