import type { ts as TS } from 'ts-morph';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { declarationOf } from '../../model/typescript/lexical-scope.js';
import { memberAccess, staticName, unwrap } from '../../model/typescript/syntax.js';
import { importStyleOf } from '../rewrite/import-style.js';
import type { TextEdit } from '../rewrite/text-edits.js';
import { variableOf } from './connection-form.js';
import type { GroupedOption } from './group-options.js';
import { defaultUrl, type OptionTarget, optionTargets, refusedHeaders } from './option-names.js';
import type { ValueTypes } from '../types/value-types.js';

/** Where options stand, and what types their values have. */
export interface OptionContext {
  readonly source: TS.SourceFile;
  readonly types: ValueTypes;
  /** `tenant`: for `ClickHouseTenants`, which reads no variables and takes only keys of the configuration. */
  readonly kind: 'connection' | 'tenant';
  /** Whether the type of the options follows from the literal, so that `false` would become `boolean`. Default: false. */
  readonly isInferred?: boolean;
}

/** The edits of one option. */
export interface TranslatedProperty {
  readonly edits: readonly TextEdit[];
  /** What moves under the key `client`. */
  readonly grouped: readonly GroupedOption[];
  /** Whether it names the server. */
  readonly isUrl: boolean;
}

type Outcome = TranslatedProperty | { readonly reason: string };

const stays: TranslatedProperty = { edits: [], grouped: [], isUrl: false };

/** Translates one option of `createClient()`, which is no spread. */
export function translateProperty(property: TS.ObjectLiteralElementLike, context: OptionContext): Outcome {
  const { source, kind } = context;
  const name = staticName(property.name);
  if (name === undefined) return { reason: `The name of the option \`${property.name?.getText(source) ?? ''}\` is computed.` };
  const target = optionTargets.get(name);
  if (!target) return { reason: `\`${name}\` is no option of "@clickhouse/client" that this command knows.` };
  if (target.kind === 'none') return target;
  if (kind === 'tenant' && name === 'tracer')
    return { reason: '`tracer` cannot be given to one tenant. Pass it to `new ClickHouseTenants()`.' };
  if (ts.isShorthandPropertyAssignment(property)) return translateValue(property, property.name, name, target, context);
  if (!ts.isPropertyAssignment(property)) return { reason: `The option \`${name}\` is a method or an accessor.` };
  return translateValue(property, property.initializer, name, target, context);
}

function translateValue(
  property: TS.PropertyAssignment | TS.ShorthandPropertyAssignment,
  value: TS.Expression,
  name: string,
  target: OptionTarget,
  context: OptionContext,
): Outcome {
  const { source } = context;
  switch (target.kind) {
    case 'none':
      return target;
    case 'key':
      return target.name === name ? stays : { ...stays, edits: [renamed(property, target.name, source)] };
    case 'client':
      return { ...stays, grouped: [{ property, text: property.getText(source) }] };
    case 'headers':
      return translateHeaders(property, value, name, source);
    case 'url':
      return { ...stays, edits: urlEdits(property, value, name, context), isUrl: true };
    case 'compression':
      return translateCompression(property, value, context);
    case 'tls':
      return translateTls(property, value, source);
  }
}

function renamed(property: TS.PropertyAssignment | TS.ShorthandPropertyAssignment, name: string, source: TS.SourceFile): TextEdit {
  const { start, end } = { start: property.name.getStart(source), end: property.name.end };
  return { start, end, text: ts.isShorthandPropertyAssignment(property) ? `${name}: ${property.name.text}` : name };
}

function translateHeaders(property: TS.ObjectLiteralElementLike, value: TS.Expression, name: string, source: TS.SourceFile): Outcome {
  const headers = unwrap(value);
  const refused = ts.isObjectLiteralExpression(headers)
    ? headers.properties.map((header) => staticName(header.name)).find((header) => refusedHeaders.has(header?.toLowerCase() ?? ''))
    : undefined;
  if (refused !== undefined) return { reason: `The header \`${refused}\` is refused by the runtime: give user and password as options.` };
  const text = name === 'http_headers' ? property.getText(source) : `http_headers: ${value.getText(source)}`;
  return { ...stays, grouped: [{ property, text }] };
}

/** The server. One whose type includes `undefined` gets the default of the official client, which the runtime does not have. */
function urlEdits(
  property: TS.PropertyAssignment | TS.ShorthandPropertyAssignment,
  value: TS.Expression,
  name: string,
  { source, types }: OptionContext,
): TextEdit[] {
  const { isOptional, isUrl } = types.kindOf(source, value);
  const before = value.getText(source);
  const needsDefault = (isOptional || isVariableRead(value)) && !isSurelyText(value);
  const written = isUrl
    ? `${isPrimary(value) ? before : `(${before})`}.href`
    : needsDefault
      ? withDefault(value, before, importStyleOf(source).quote)
      : before;
  if (written === before && name === 'url') return [];
  if (ts.isShorthandPropertyAssignment(property)) return [{ start: property.getStart(source), end: property.end, text: `url: ${written}` }];
  return [
    ...(name === 'url' ? [] : [renamed(property, 'url', source)]),
    ...(written === before ? [] : [{ start: value.getStart(source), end: value.end, text: written }]),
  ];
}

function withDefault(value: TS.Expression, text: string, quote: string): string {
  const isCoalescing = ts.isBinaryExpression(value) && value.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken;
  return `${isPrimary(value) || isCoalescing ? text : `(${text})`} ?? ${quote}${defaultUrl}${quote}`;
}

function isPrimary(value: TS.Expression): boolean {
  return ts.isLeftHandSideExpression(value);
}

/** Whether a value is one of a variable of the environment, also where the types of Node.js are not installed. */
function isVariableRead(value: TS.Expression): boolean {
  if (ts.isParenthesizedExpression(value)) return isVariableRead(value.expression);
  if (ts.isBinaryExpression(value)) return isAlternative(value) && isVariableRead(value.right);
  if (variableOf(value) !== undefined && !ts.isNonNullExpression(value) && !ts.isAsExpression(value)) return true;
  const declaration = ts.isIdentifier(value) ? declarationOf(value.text, value) : undefined;
  const isConstant =
    declaration && ts.isVariableDeclaration(declaration) && (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0;
  return isConstant === true && declaration.initializer !== undefined && isVariableRead(declaration.initializer);
}

function isSurelyText(expression: TS.Expression): boolean {
  const value = unwrap(expression);
  if (ts.isStringLiteralLike(value) || ts.isTemplateExpression(value)) return true;
  if (ts.isConditionalExpression(value)) return isSurelyText(value.whenTrue) && isSurelyText(value.whenFalse);
  return ts.isBinaryExpression(value) && isAlternative(value) && isSurelyText(value.right);
}

function isAlternative({ operatorToken: { kind } }: TS.BinaryExpression): boolean {
  return kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
}

/** The keys for a flag of `compression`. */
export const compressionKeys: ReadonlyMap<string, string> = new Map([
  ['request', 'compressRequests'],
  ['response', 'compressResponses'],
]);

function translateCompression(property: TS.ObjectLiteralElementLike, expression: TS.Expression, context: OptionContext): Outcome {
  const { source, types } = context;
  const value = unwrap(expression);
  const reason =
    '`compression` is a value whose form this code does not show: the runtime has `compressRequests` and `compressResponses` for flags.';
  if (isPath(value)) {
    const flags = [...compressionKeys].map(([name, key]) => ({ name, key, kind: types.propertyKind(source, value, name) }));
    if (flags.every(({ kind }) => kind === undefined) || flags.some(({ kind }) => kind?.isFlag === false)) return { reason };
    const access = types.mayBeMissing(source, value) ? '?.' : '.';
    const parts = flags.flatMap(({ name, key, kind }) => (kind ? [`${key}: ${value.getText(source)}${access}${name}`] : []));
    return { ...stays, edits: [replaced(property, parts, source)] };
  }
  if (!ts.isObjectLiteralExpression(value)) return { reason };
  const keys: string[] = [];
  const codecs: string[] = [];
  for (const member of value.properties) {
    const name = staticName(member.name) ?? '';
    const key = compressionKeys.get(name);
    const given = ts.isPropertyAssignment(member) ? member.initializer : ts.isShorthandPropertyAssignment(member) ? member.name : undefined;
    if (key === undefined || given === undefined) return { reason };
    if (isFlag(given) || types.kindOf(source, given).isFlag) keys.push(`${key}: ${given.getText(source)}`);
    else if (ts.isObjectLiteralExpression(unwrap(given))) codecs.push(`${name}: ${given.getText(source)}`);
    else return { reason };
  }
  if (codecs.length > 0 && keys.length > 0)
    return { reason: '`compression` has a codec and a flag: give the codec in `client.compression` and the flag as a key.' };
  if (codecs.length + keys.length === 0) return { reason };
  if (codecs.length > 0) return { ...stays, grouped: [{ property, text: property.getText(source) }] };
  return { ...stays, edits: [replaced(property, keys, source)] };
}

export function isFlag(expression: TS.Expression): boolean {
  const { kind } = unwrap(expression);
  return kind === ts.SyntaxKind.TrueKeyword || kind === ts.SyntaxKind.FalseKeyword;
}

/** A name, or members of one: reading it twice is the same as once. */
function isPath(value: TS.Expression): boolean {
  if (ts.isIdentifier(value) || value.kind === ts.SyntaxKind.ThisKeyword) return true;
  return ts.isPropertyAccessExpression(value) && isPath(unwrap(value.expression));
}

/** The property becomes several ones, on lines of their own if it has one. */
function replaced(property: TS.ObjectLiteralElementLike, parts: readonly string[], source: TS.SourceFile): TextEdit {
  const start = property.getStart(source);
  const lead = /(?:\r?\n[ \t]*)?$/.exec(source.text.slice(0, start))?.[0] ?? '';
  return { start, end: property.end, text: parts.join(lead === '' ? ', ' : `,${lead}`) };
}

/** The keys for the contents of `tls`. */
const tlsKeys: ReadonlyMap<string, string> = new Map([
  ['ca_cert', 'caFile'],
  ['cert', 'certFile'],
  ['key', 'keyFile'],
]);

/** The runtime reads the files itself, so only `readFileSync(path)` can be translated. */
function translateTls(property: TS.ObjectLiteralElementLike, expression: TS.Expression, source: TS.SourceFile): Outcome {
  const value = unwrap(expression);
  const parts = ts.isObjectLiteralExpression(value)
    ? value.properties.map((member) => {
        const key = tlsKeys.get(staticName(member.name) ?? '');
        const path = ts.isPropertyAssignment(member) ? pathRead(member.initializer) : undefined;
        return key !== undefined && path ? `${key}: ${path.getText(source)}` : undefined;
      })
    : [undefined];
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length || known.length === 0)
    return { reason: '`tls` has the contents of files. The runtime takes their paths: `caFile`, `certFile` and `keyFile`.' };
  return { ...stays, edits: [replaced(property, known, source)] };
}

/** The path in `readFileSync(path)`. */
function pathRead(expression: TS.Expression): TS.Expression | undefined {
  const call = unwrap(expression);
  if (!ts.isCallExpression(call) || call.arguments.length !== 1) return undefined;
  const callee = unwrap(call.expression);
  const name = ts.isIdentifier(callee) ? callee.text : memberAccess(callee)?.name;
  return name === 'readFileSync' ? call.arguments[0] : undefined;
}
