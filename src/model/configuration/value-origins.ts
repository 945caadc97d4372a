import type { ts as TS } from 'ts-morph';
import { isEnvironment } from '../environment/environment-object.js';
import { exportOf, importedMeaning, isImport, type Meaning, requiredSpecifier } from '../environment/module-exports.js';
import { FollowedCalls } from './followed-calls.js';
import type { Origin, OriginSearch, Path } from './origin.js';
import { assignedTo, elementSource, isText, membersIn, nameOfValue } from './value-parts.js';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { isFunction, isStatic, memberAccess, staticName, unwrap } from '../typescript/syntax.js';

/** A value that depends on more than this many others is not followed further. */
const maxSteps = 2_000;

/**
 * Returns the origins of an expression, or of a member of its value: what it is made of, through variables, imports, calls and members, in
 * any module.
 */
export function originsOf(expression: TS.Expression, search: OriginSearch, path: Path = []): readonly Origin[] {
  const trace = new OriginTrace(search);
  trace.follow(expression, path, undefined);
  return trace.origins;
}

class OriginTrace {
  readonly origins: Origin[] = [];
  readonly #seen = new Set<string>();
  readonly #ids = new Map<TS.Node, number>();
  readonly #calls = new FollowedCalls();
  /** Whether the value is the awaited result of a method of the object that is followed now. */
  #isAwaited = false;

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
    else if (ts.isNumericLiteral(value)) this.origins.push({ kind: 'number', node: value });
    else if (ts.isIdentifier(value)) this.#followName(value, path, key);
    else if (ts.isObjectLiteralExpression(value)) this.#followObject(value, path);
    else if (ts.isConditionalExpression(value)) this.#followAll([value.whenTrue, value.whenFalse], path, key);
    else if (ts.isBinaryExpression(value)) this.#followBinary(value, path, key);
    else if (ts.isTemplateExpression(value)) {
      this.origins.push({ kind: 'composed', node: value });
      this.#followAll(
        value.templateSpans.map(({ expression }) => expression),
        [],
        undefined,
      );
    } else if (ts.isArrayLiteralExpression(value)) this.#followAll(value.elements, [], undefined);
    else if (ts.isCallExpression(value) || ts.isNewExpression(value)) this.#followCall(value, path, key);
    else if (isFunction(value)) this.#followResults(value, path, key);
    else this.#followMember(value, path, key);
  }

  #followAll(nodes: readonly TS.Expression[], path: Path, key: string | undefined): void {
    for (const node of nodes) this.follow(ts.isSpreadElement(node) ? node.expression : node, path, key);
  }

  #followName(name: TS.Identifier, path: Path, key: string | undefined): void {
    const declared = declarationOf(name.text, name);
    if (declared) this.#followMeaning(declared, path, key);
    else if (name.text !== 'undefined') this.#addUnknown(name, path);
  }

  #addUnknown(node: TS.Node, path: Path): void {
    this.origins.push({ kind: 'unknown', node, path });
  }

  #followBinary(node: TS.BinaryExpression, path: Path, key: string | undefined): void {
    const { left, right, operatorToken } = node;
    // The left side of `&&` is a condition; that of an assignment is its target.
    const isValue = operatorToken.kind !== ts.SyntaxKind.AmpersandAmpersandToken && operatorToken.kind !== ts.SyntaxKind.EqualsToken;
    const isSum = operatorToken.kind === ts.SyntaxKind.PlusToken;
    if (isSum) this.origins.push({ kind: 'composed', node });
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
    if (isImport(meaning)) {
      const imported = importedMeaning(meaning, this.search.modules);
      if (imported) this.#followMeaning(imported, path, key);
      else this.#addUnknown(meaning, path);
    } else if (ts.isSourceFile(meaning)) this.#followModule(meaning.fileName, path, key);
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
    else if (ts.isForOfStatement(declaration.parent.parent)) this.follow(declaration.parent.parent.expression, path, key);
    if (ts.isIdentifier(name) && (declaration.parent.flags & ts.NodeFlags.Const) === 0)
      for (const value of assignedTo((target) => ts.isIdentifier(target) && target.text === name.text, declaration.getSourceFile()))
        this.follow(value, path, key);
  }

  #followParameter(parameter: TS.ParameterDeclaration, path: Path, key: string | undefined): void {
    const callable = parameter.parent;
    const index = callable.parameters.indexOf(parameter);
    const frame = this.#calls.into(callable);
    if (frame) {
      const argument = frame.call.arguments[index];
      const value = argument ?? parameter.initializer;
      if (value) this.#calls.within(argument ? frame.outer : frame, () => this.follow(value, path, key));
      return;
    }
    if (parameter.initializer) this.follow(parameter.initializer, path, key);
    const list = elementSource(parameter);
    if (list) {
      this.follow(list, path, key);
      return;
    }
    const owner = ts.isConstructorDeclaration(callable) ? callable.parent : callable;
    const known = [...this.search.argumentsOf(callable), ...(owner === callable ? [] : this.search.argumentsOf(owner))];
    if (known.length === 0) this.#addUnknown(parameter, path);
    for (const passed of known) {
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
      if (path.length > 0) this.#addUnknown(call, path);
      return;
    }
    const meaning = ts.isIdentifier(callee) ? declarationOf(callee.text, callee) : undefined;
    const target = meaning && isImport(meaning) ? importedMeaning(meaning, this.search.modules) : meaning;
    if (target) {
      // The arguments come in by the parameters.
      if (ts.isCallExpression(call)) this.#calls.follow(call, () => this.#followMeaning(target, path, key));
      return;
    }
    // What a database or a service answers is no setting, although its connection has one.
    if (this.#isAwaited) {
      this.#addUnknown(call, path);
      return;
    }
    const receiver = memberAccess(callee);
    const name = passed[0] && nameOfValue(passed[0]);
    if (ts.isCallExpression(call) && (name !== undefined || path.length > 0 || passed.length === 0))
      this.#addUnknown(call, name === undefined ? path : [name, ...path]);
    if (receiver && ts.isCallExpression(call)) {
      this.#isAwaited ||= ts.isAwaitExpression(call.parent);
      this.#calls.follow(call, () => this.follow(callee, path, key));
      this.#isAwaited = false;
    }
    const members = path[0] === undefined ? [] : passed.flatMap((argument) => membersIn(argument, path[0] ?? ''));
    if (members.length > 0) {
      // A schema for the environment: its result has the members that it gets.
      this.#followAll(members, path.slice(1), key);
      return;
    }
    // The result of a library call depends on its arguments. Texts among them are the library's own options.
    const isConversion = ts.isNewExpression(call) || (!receiver && passed.length === 1);
    this.#followAll(isConversion ? passed : passed.filter((argument) => !isText(unwrap(argument))), [], key);
  }

  #followResults(callable: TS.FunctionLikeDeclaration, path: Path, key: string | undefined): void {
    if (!callable.body) return;
    this.#isAwaited = false;
    this.#calls.enter(callable);
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
    const state = `${id} ${path.join('.')}${this.#calls.key()}`;
    if (this.#seen.has(state) || this.#seen.size > maxSteps) return true;
    this.#seen.add(state);
    return false;
  }
}
