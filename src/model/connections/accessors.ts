import type { ts as TS } from 'ts-morph';
import { type AbstractValue, propertyValue, toBoolean } from '../interpreter/abstract-value.js';
import { ClientProviders } from '../clients/providers.js';
import { returnedBy } from '../typescript/returned-values.js';
import { hasBody, isFunction, type Callable, callableName, memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** The parameter or option of an accessor, with the value that makes a call go past the manager. */
export interface Bypass {
  /** Name of the parameter or of the option. */
  readonly name: string;
  /** 0-based position of the parameter, or of the options object that holds the flag. */
  readonly index: number;
  /** Whether the flag is a property of an options object. */
  readonly isOption: boolean;
  /** The value that means "past the manager". */
  readonly value: boolean | string | number;
  /** The value as code writes it, if it is the member of an enum: `Mode.Direct`. */
  readonly valueText?: string;
  /** Whether no name and no setting show the flag, but only what the accessor does. */
  readonly isByUse?: boolean;
  /** Further flags and values that go past the manager as well. */
  readonly alternatives?: readonly Bypass[];
}

/** A function that other code calls to get a client, or to run a statement on a client that it keeps. */
export interface Accessor {
  readonly callable: TS.FunctionLikeDeclaration;
  /** As a reader names it: `getClient`, `Store.open`. */
  readonly name: string;
  /** Undefined if the accessor has no flag. */
  readonly bypass: Bypass | undefined;
  /** `client`: it returns a client. `result`: it runs a statement on a client that it keeps. */
  readonly gives: 'client' | 'result';
  /** For a container that gives a client under some names: the callables that request one. */
  readonly requesters?: ReadonlySet<Callable>;
  /** Whether the function calls itself again only after a failure. */
  readonly isByFailure?: boolean;
  /** Why the function counts as an accessor, as a clause for a notice. */
  readonly evidence: string;
}

/** An accessor that the user declared in the settings. */
export interface AccessorSetting {
  /** Absolute path of the module. */
  readonly file: string;
  /** Name of the function; of a method, `Class.method` or `method`. */
  readonly name: string;
  /** The flag and its bypassing value. Undefined if the accessor has none. */
  readonly bypass: { readonly parameter: string; readonly value: boolean | string } | undefined;
}

/** Each name that `bypassName` matches contains one of these. A test of a callable's text is cheaper than one of its types. */
const bypassWord = /bypass|by_pass|skip|manager|pool|direct|unmanaged/i;

/**
 * Returns the bypass as messages name it: `bypassManager`, `pooled: false` for an option, `mode = 'direct'` for a parameter, or several, as in
 * `direct" or "raw`.
 */
export function bypassText({ name, value, valueText, isOption, alternatives = [] }: Bypass): string {
  const text = valueText ?? (typeof value === 'string' ? `'${value}'` : String(value));
  return [value === true ? name : `${name}${isOption ? ':' : ' ='} ${text}`, ...alternatives.map(bypassText)].join('" or "');
}

const bypassName =
  /^(?:by_?pass\w*|\w*bypass|skip_?(?:the_?)?(?:connection_?)?(?:manager|pool)|(?:no|without)_?(?:connection_?)?(?:manager|pool)|direct(?:_?connection|_?only)?|unmanaged|unpooled)$/i;

/** Returns the accessors that the settings declare or, if they declare none, those that the code shows. `buildModel` calls it. */
export function findAccessors(callables: readonly Callable[], declared: readonly AccessorSetting[], checker: TS.TypeChecker): Accessor[] {
  if (declared.length > 0) return declaredAccessors(callables, declared, checker);
  return detectedAccessors(callables, new ClientProviders(checker), checker);
}

function declaredAccessors(callables: Iterable<Callable>, settings: readonly AccessorSetting[], checker: TS.TypeChecker): Accessor[] {
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

/** Returns the functions that return a client and take a flag whose name says that the call goes past something. */
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

/** Whether the function returns a client, or something that contains one. */
export function returnsClient(callable: TS.FunctionLikeDeclaration, providers: ClientProviders, checker: TS.TypeChecker): boolean {
  const signature = checker.getSignatureFromDeclaration(callable);
  if (!signature) return false;
  const returnType = checker.getReturnTypeOfSignature(signature);
  if (providers.containsClient(returnType)) return true;
  // On a call cycle without annotations the checker infers `any` as return type. The returned expressions still have types.
  const isAny = ((checker.getAwaitedType(returnType) ?? returnType).flags & ts.TypeFlags.Any) !== 0;
  return isAny && returnedBy(callable).some((value) => providers.containsClient(checker.getTypeAtLocation(value)));
}

/** Returns the strings that select a mode of an accessor: bypass values of the settings, and strings that an accessor compares with. */
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

/** Whether a call with these arguments sets the bypass. Undefined if that depends on a value that the code does not show. */
export function bypassAt({ bypass, callable }: Accessor, args: readonly AbstractValue[] | undefined): boolean | undefined {
  if (bypass === undefined || args === undefined) return undefined;
  const argument = args[bypass.index] ?? { kind: 'literal', value: undefined };
  const value = bypass.isOption ? propertyValue(argument, bypass.name) : argument;
  if (value.kind === 'unknown') return undefined;
  const isAbsent = value.kind === 'literal' && value.value === undefined;
  const byDefault = isAbsent ? defaultOf(bypass.name, callable) : undefined;
  if (byDefault !== undefined) return byDefault === bypass.value;
  // The accessor decides what an absent flag means: `pooled` may be on unless it is false.
  if (isAbsent && bypass.value === false) return undefined;
  if (typeof bypass.value === 'boolean') return toBoolean(value) === bypass.value;
  return value.kind === 'literal' && value.value === bypass.value;
}

/** Returns the literal that an accessor uses for an absent flag: `pooled = true`, `{ pooled: isPooled = true }`, `options.pooled ?? true`. */
function defaultOf(flag: string, accessor: TS.Node): boolean | string | undefined {
  const visit = (node: TS.Node): boolean | string | undefined => {
    if (ts.isParameter(node) && staticName(node.name) === flag) return literalOf(node.initializer);
    if (ts.isBindingElement(node) && staticName(node.propertyName ?? node.name) === flag) return literalOf(node.initializer);
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
      const left = unwrap(node.left);
      if ((memberAccess(left)?.name ?? staticName(left)) === flag) return literalOf(node.right);
    }
    return ts.forEachChild(node, visit);
  };
  return ts.forEachChild(accessor, visit);
}

function literalOf(node: TS.Expression | undefined): boolean | string | undefined {
  if (node === undefined) return undefined;
  if (node.kind === ts.SyntaxKind.TrueKeyword) return true;
  if (node.kind === ts.SyntaxKind.FalseKeyword) return false;
  return ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** Whether the name says that the call goes past something. */
export function isBypassName(name: string): boolean {
  return bypassName.test(name);
}

/** Returns the first flag whose name says that the call goes past something. */
export function namedBypass(callable: TS.FunctionLikeDeclaration, checker: TS.TypeChecker): Bypass | undefined {
  return findBypass(callable, isBypassName, true, checker);
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

/** The option names of a parameter: from its pattern, its type or, if it has no type, the properties that the function reads. */
function optionNames(parameter: TS.ParameterDeclaration, checker: TS.TypeChecker): string[] {
  const { name } = parameter;
  if (ts.isObjectBindingPattern(name)) return name.elements.map((element) => staticName(element.propertyName ?? element.name) ?? '');
  const type = checker.getNonNullableType(checker.getTypeAtLocation(parameter));
  const typed = type.flags & ts.TypeFlags.Object ? type.getProperties().map((property) => property.name) : [];
  return typed.length > 0 || !ts.isIdentifier(name) ? typed : propertiesRead(parameter.parent, name.text);
}

/** JavaScript declares an option only by using it. */
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
