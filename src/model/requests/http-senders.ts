import type { ts as TS } from 'ts-morph';
import { boundValue } from '../environment/environment-object.js';
import { memberMeaning } from '../environment/environment-functions.js';
import { exportOf, importedMeaning, importOf, isImport, type Meaning, requiredSpecifier } from '../environment/module-exports.js';
import type { SourceModules } from '../environment/source-modules.js';
import { declarationOf } from '../typescript/lexical-scope.js';
import { ts } from '../typescript/load-ts-morph.js';
import { returnedBy } from '../typescript/returned-values.js';
import { isFunction, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { fieldValues } from './class-fields.js';
import { dispatchers, type HttpLibrary, instanceMembers, libraryOf, libraryOfType } from './http-libraries.js';

/** A library that sends requests, an instance of it, or one of its members. */
export interface HttpSender {
  readonly library: HttpLibrary;
  /** The members that are taken of the library: `post` of `axios.post`. */
  readonly members: readonly string[];
  /** The options of the instance: those of `axios.create(…)`, or the address of `new Pool(…)`. */
  readonly defaults: readonly TS.Expression[];
}

/** Aliases of aliases are followed this far. */
const maxDepth = 6;

const globals = /^(?:globalThis|window|self|global|Bun)$/;

/** Returns the HTTP library that an expression is, by names, imports, instances and fields. */
export function senderOf(node: TS.Expression, modules: SourceModules, depth = 0): HttpSender | undefined {
  if (depth > maxDepth) return undefined;
  const value = unwrap(node);
  const inner = (part: TS.Expression): HttpSender | undefined => senderOf(part, modules, depth + 1);
  const specifier = requiredSpecifier(value);
  if (specifier !== undefined) return ofPackage(specifier, '*');
  if (ts.isIdentifier(value)) {
    const declared = declarationOf(value.text, value);
    if (declared) return senderOfMeaning(declared, modules, depth + 1);
    return value.text === 'fetch' || value.text === '$fetch' ? sender('fetch') : undefined;
  }
  if (ts.isCallExpression(value)) return senderOfCall(value, modules, depth);
  if (ts.isNewExpression(value)) {
    const made = inner(value.expression);
    const isDispatcher = made?.library === 'undici' && dispatchers.has(made.members.at(-1) ?? '');
    if (isDispatcher) return { library: 'dispatcher', members: [], defaults: value.arguments ?? [] };
    return made?.library === 'axios' && made.members.at(-1) === 'Axios'
      ? { ...made, members: [], defaults: value.arguments ?? [] }
      : undefined;
  }
  if (ts.isConditionalExpression(value)) return inner(value.whenTrue) ?? inner(value.whenFalse);
  if (ts.isBinaryExpression(value)) return inner(value.left) ?? inner(value.right);
  const member = memberAccess(value);
  if (member?.name === undefined) return undefined;
  const { object, name } = member;
  if (object.kind === ts.SyntaxKind.ThisKeyword)
    return first(fieldValues(value, name), (field) => senderOfField(field, modules, depth + 1));
  if (ts.isIdentifier(object) && globals.test(object.text) && !declarationOf(object.text, object))
    return name === 'fetch' || name === '$fetch' ? sender('fetch') : undefined;
  const owner = inner(object);
  if (owner) return withMember(owner, name);
  const meaning = memberMeaning({ object, name }, modules);
  return meaning && senderOfMeaning(meaning, modules, depth + 1);
}

function sender(library: HttpLibrary): HttpSender {
  return { library, members: [], defaults: [] };
}

function ofPackage(specifier: string, name: string): HttpSender | undefined {
  const library = libraryOf(specifier, name);
  return library && withMember(sender(library), name);
}

function withMember(owner: HttpSender, name: string): HttpSender {
  const isSame = name === 'default' || name === '*' || name === 'bind' || name === 'HttpClientRequest';
  return isSame ? owner : { ...owner, members: [...owner.members, name] };
}

/** An instance, the result of `bind`, of a library that wraps a sender, or of a function of the project. */
function senderOfCall(call: TS.CallExpression, modules: SourceModules, depth: number): HttpSender | undefined {
  const callee = senderOf(call.expression, modules, depth + 1);
  const last = callee?.members.at(-1);
  if (callee && last !== undefined && instanceMembers.has(last))
    return { ...callee, members: callee.members.slice(0, -1), defaults: [...callee.defaults, ...call.arguments] };
  if (callee) return memberAccess(call.expression)?.name === 'bind' ? callee : undefined;
  const root = unwrap(call.expression);
  if (!ts.isIdentifier(root)) return undefined;
  const declared = declarationOf(root.text, root);
  const meaning = declared && isImport(declared) ? importedMeaning(declared, modules) : declared;
  if (declared && isImport(declared) && !meaning)
    return first(call.arguments, (argument) => (isFunction(argument) ? undefined : senderOf(argument, modules, depth + 1)));
  const callable = meaning && functionBehind(meaning);
  return callable && first(returnedBy(callable), (result) => senderOf(result, modules, depth + 1));
}

function functionBehind(meaning: Meaning): TS.FunctionLikeDeclaration | undefined {
  if (isFunction(meaning)) return meaning;
  const value = ts.isVariableDeclaration(meaning) && meaning.initializer ? unwrap(meaning.initializer) : undefined;
  return value && isFunction(value) ? value : undefined;
}

function senderOfMeaning(meaning: Meaning, modules: SourceModules, depth: number): HttpSender | undefined {
  if (depth > maxDepth || ts.isSourceFile(meaning)) return undefined;
  if (isImport(meaning)) {
    const { specifier = '', name } = importOf(meaning);
    const imported = ofPackage(specifier, name);
    if (imported) return imported;
    const target = importedMeaning(meaning, modules);
    return target && senderOfMeaning(target, modules, depth + 1);
  }
  if (ts.isVariableDeclaration(meaning)) return senderOfVariable(meaning, modules, depth);
  if (ts.isBindingElement(meaning)) {
    const name = staticName(meaning.propertyName ?? meaning.name);
    const value = boundValue(meaning);
    const owner = value && senderOf(value, modules, depth + 1);
    if (owner && name !== undefined) return withMember(owner, name);
    if (value && ts.isIdentifier(value) && globals.test(value.text) && name === 'fetch') return sender('fetch');
    const own = meaning.initializer && senderOf(meaning.initializer, modules, depth + 1);
    return own ?? (name === 'fetch' && !value ? sender('fetch') : undefined);
  }
  if (ts.isParameter(meaning)) return senderOfField(meaning, modules, depth);
  return ts.isExpression(meaning) ? senderOf(meaning, modules, depth + 1) : undefined;
}

function senderOfVariable(declaration: TS.VariableDeclaration, modules: SourceModules, depth: number): HttpSender | undefined {
  const { initializer } = declaration;
  const specifier = initializer && requiredSpecifier(initializer);
  if (specifier === undefined) {
    const own = senderOfField(declaration, modules, depth);
    return own && initializer && ts.isCallExpression(unwrap(initializer))
      ? { ...own, defaults: [...own.defaults, ...basesSetOn(declaration)] }
      : own;
  }
  const library = ofPackage(specifier, '*');
  const file = library ? undefined : modules.resolve(declaration.getSourceFile().fileName, specifier);
  const exported = file === undefined ? undefined : exportOf(file, 'default', modules);
  return library ?? (exported && senderOfMeaning(exported, modules, depth + 1));
}

/** The addresses that a module sets on an instance: `http.defaults.baseURL = url`. */
function basesSetOn({ name }: TS.VariableDeclaration): TS.Expression[] {
  const found: TS.Expression[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
      const target = memberAccess(node.left);
      const defaults = target?.name === 'baseURL' ? memberAccess(target.object) : undefined;
      if (defaults?.name === 'defaults' && defaults.object.getText() === name.getText()) found.push(node.right);
    }
    ts.forEachChild(node, visit);
  };
  visit(name.getSourceFile());
  return found;
}

/** A variable, parameter, property or assigned value, by its value or its type. */
function senderOfField(
  field: TS.VariableDeclaration | TS.ParameterDeclaration | TS.PropertyDeclaration | TS.Expression,
  modules: SourceModules,
  depth: number,
): HttpSender | undefined {
  if (ts.isExpression(field)) return senderOf(field, modules, depth + 1);
  const own = field.initializer && senderOf(field.initializer, modules, depth + 1);
  if (own) return own;
  const library = libraryOfType(field.type?.getText().replace(/^Readonly<(.*)>$|\s*\|\s*undefined$/g, '$1') ?? '');
  if (library) return sender(library);
  return ts.isParameter(field) && /^fetch(?:Impl|Fn)?$/.test(staticName(field.name) ?? '') ? sender('fetch') : undefined;
}

function first<Item, Found>(items: Iterable<Item>, find: (item: Item) => Found | undefined): Found | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
