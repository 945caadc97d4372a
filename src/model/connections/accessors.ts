import type { ts as TS } from 'ts-morph';
import { type AbstractValue, propertyOfKnown, toBoolean } from '../call-graph/abstract-value.js';
import type { ClientProviders } from '../clients/providers.js';
import { hasBody, isFunction, type Callable, callableName, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The switch that sends a caller past the manager. */
export interface Bypass {
  readonly name: string;
  /** Which parameter it is, or which holds it as a property. */
  readonly index: number;
  readonly isOption: boolean;
  /** The value that means "past the manager". */
  readonly value: boolean | string;
}

/** A function that other code asks for a client. */
export interface Accessor {
  readonly callable: TS.FunctionLikeDeclaration;
  readonly name: string;
  readonly bypass: Bypass | undefined;
  /** What is asked of it: a client, or to run a statement on the one it keeps. */
  readonly gives: 'client' | 'result';
  /** Why it was taken for one. */
  readonly evidence: string;
}

/** What settings say of an accessor. */
export interface AccessorSetting {
  /** Absolute path of the module. */
  readonly file: string;
  readonly name: string;
  readonly bypass: { readonly parameter: string; readonly value: boolean | string } | undefined;
}

/** What every name below has in it: a file without any of it has no such name, and is not looked at. */
const bypassWord = /bypass|by_pass|skip|manager|pool|direct|unmanaged/i;

/** As a message names it: `bypassManager`, or `mode: 'direct'`. */
export function bypassText({ name, value }: Bypass): string {
  return typeof value === 'string' ? `${name}: '${value}'` : name;
}

const bypassName =
  /^(?:by_?pass\w*|\w*bypass|skip_?(?:the_?)?(?:connection_?)?(?:manager|pool)|(?:no|without)_?(?:connection_?)?(?:manager|pool)|direct(?:_?connection|_?only)?|unmanaged|unpooled)$/i;

export function declaredAccessors(
  callables: Iterable<Callable>,
  settings: readonly AccessorSetting[],
  checker: TS.TypeChecker,
): Accessor[] {
  const accessors: Accessor[] = [];
  for (const callable of callables) {
    if (!isFunction(callable) || !hasBody(callable)) continue;
    const name = callableName(callable);
    const setting = settings.find(
      ({ file, name: declared }) => file === callable.getSourceFile().fileName && (declared === name || name.endsWith(`.${declared}`)),
    );
    if (!setting) continue;
    const bypass =
      setting.bypass && findBypass(callable, (candidate) => candidate === setting.bypass?.parameter, setting.bypass.value, checker);
    accessors.push({ callable, name, bypass, gives: 'client', evidence: 'it is declared under "accessors" in the settings' });
  }
  return accessors;
}

/** Without settings: a named function that gives a client and takes a switch by which the caller goes past something. */
export function detectedAccessors(callables: Iterable<Callable>, providers: ClientProviders, checker: TS.TypeChecker): Accessor[] {
  const accessors: Accessor[] = [];
  for (const callable of callables) {
    if (!isFunction(callable) || callable.parameters.length === 0 || !hasBody(callable) || ts.isConstructorDeclaration(callable)) continue;
    if (!bypassWord.test(callable.getText())) continue;
    const bypass = namedBypass(callable, checker);
    if (!bypass || !returnsClient(callable, providers, checker)) continue;
    accessors.push({
      callable,
      name: callableName(callable),
      bypass,
      gives: 'client',
      evidence: `it returns a client and takes "${bypass.name}"`,
    });
  }
  return accessors;
}

export function returnsClient(callable: TS.FunctionLikeDeclaration, providers: ClientProviders, checker: TS.TypeChecker): boolean {
  const signature = checker.getSignatureFromDeclaration(callable);
  if (!signature) return false;
  const given = checker.getReturnTypeOfSignature(signature);
  if (providers.containsClient(given)) return true;
  // A circle without annotations is `any` to the checker, all the way round; what each return gives is not.
  const isLost = ((checker.getAwaitedType(given) ?? given).flags & ts.TypeFlags.Any) !== 0;
  return isLost && returnedBy(callable).some((value) => providers.containsClient(checker.getTypeAtLocation(value)));
}

/** Every expression whose value the function may return. */
export function returnedBy({ body }: TS.FunctionLikeDeclaration): TS.Expression[] {
  if (!body) return [];
  if (!ts.isBlock(body)) return alternatives(body);
  const values: TS.Expression[] = [];
  const visit = (node: TS.Node): void => {
    if (isFunction(node) || ts.isClassLike(node)) return;
    if (ts.isReturnStatement(node) && node.expression) values.push(...alternatives(node.expression));
    ts.forEachChild(node, visit);
  };
  visit(body);
  return values;
}

/** `a ? b : c` gives `b` or `c`, `a ?? b` either, and `a && b` nothing but `b` that anybody could use. */
function alternatives(expression: TS.Expression): TS.Expression[] {
  const value = unwrap(expression);
  if (ts.isConditionalExpression(value)) return [value.whenTrue, value.whenFalse].flatMap(alternatives);
  if (ts.isBinaryExpression(value))
    return (value.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken ? [value.right] : [value.left, value.right]).flatMap(
      alternatives,
    );
  return [value];
}

/** The texts that select a way in: those that settings name, and those that an accessor compares with. */
export function modesOf(accessors: readonly Accessor[]): ReadonlySet<string> {
  const modes = new Set(accessors.map(({ bypass }) => bypass?.value).filter((value) => typeof value === 'string'));
  const visit = (node: TS.Node): void => {
    const isCompared =
      ts.isCaseClause(node.parent) || (ts.isBinaryExpression(node.parent) && /^[=!]==?$/.test(node.parent.operatorToken.getText()));
    if (ts.isStringLiteralLike(node) && isCompared) modes.add(node.text);
    ts.forEachChild(node, visit);
  };
  for (const { callable } of accessors) visit(callable);
  return modes;
}

/** What a call says about the bypass: sure, surely not, or undefined where the value is not known. */
export function bypassAt(bypass: Bypass, given: readonly AbstractValue[] | undefined): boolean | undefined {
  if (given === undefined) return undefined;
  const argument = given[bypass.index] ?? { kind: 'literal', value: undefined };
  const value = bypass.isOption ? propertyOfKnown(argument, bypass.name) : argument;
  if (value.kind === 'unknown') return undefined;
  if (typeof bypass.value === 'boolean') return toBoolean(value) === bypass.value;
  return value.kind === 'literal' && value.value === bypass.value;
}

/** A switch whose name says that it goes past something. */
export function namedBypass(callable: TS.FunctionLikeDeclaration, checker: TS.TypeChecker): Bypass | undefined {
  return findBypass(callable, (name) => bypassName.test(name), true, checker);
}

function findBypass(
  callable: TS.FunctionLikeDeclaration,
  isBypass: (name: string) => boolean,
  value: boolean | string,
  checker: TS.TypeChecker,
): Bypass | undefined {
  for (const [index, parameter] of callable.parameters.entries()) {
    if (ts.isIdentifier(parameter.name) && isBypass(parameter.name.text))
      return { name: parameter.name.text, index, isOption: false, value };
    const option = optionNames(parameter, checker).find(isBypass);
    if (option !== undefined) return { name: option, index, isOption: true, value };
  }
  return undefined;
}

/** Every switch among the parameters and their options: whatever may be a boolean. */
export function flagsOf(callable: TS.FunctionLikeDeclaration, checker: TS.TypeChecker): Bypass[] {
  const isFlag = (type: TS.Type) => (checker.getNonNullableType(type).flags & ts.TypeFlags.BooleanLike) !== 0;
  return callable.parameters.flatMap((parameter, index): Bypass[] => {
    const type = checker.getNonNullableType(checker.getTypeAtLocation(parameter));
    if (isFlag(type)) return ts.isIdentifier(parameter.name) ? [{ name: parameter.name.text, index, isOption: false, value: true }] : [];
    const options = type.flags & ts.TypeFlags.Object ? type.getProperties() : [];
    return options
      .filter((option) => isFlag(checker.getTypeOfSymbol(option)))
      .map(({ name }) => ({ name, index, isOption: true, value: true }));
  });
}

/** The names of an options object, from its pattern, its type or the properties that the body reads off it. */
function optionNames(parameter: TS.ParameterDeclaration, checker: TS.TypeChecker): string[] {
  const { name } = parameter;
  if (ts.isObjectBindingPattern(name)) return name.elements.map((element) => staticName(element.propertyName ?? element.name) ?? '');
  const type = checker.getNonNullableType(checker.getTypeAtLocation(parameter));
  const typed = type.flags & ts.TypeFlags.Object ? type.getProperties().map((property) => property.name) : [];
  return typed.length > 0 || !ts.isIdentifier(name) ? typed : propertiesRead(parameter.parent, name.text);
}

/** In JavaScript the only declaration of an option is its use. */
function propertiesRead(body: TS.Node, object: string): string[] {
  const names: string[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === object)
      names.push(node.name.text);
    if (
      ts.isVariableDeclaration(node) &&
      node.initializer &&
      ts.isIdentifier(node.initializer) &&
      node.initializer.text === object &&
      ts.isObjectBindingPattern(node.name)
    )
      names.push(...node.name.elements.map((element) => staticName(element.propertyName ?? element.name) ?? ''));
    ts.forEachChild(node, visit);
  };
  visit(body);
  return names;
}
