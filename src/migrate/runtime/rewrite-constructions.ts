import type { ts as TS } from 'ts-morph';
import { runtimePackage } from '../../model/clients/client-packages.js';
import { declarationOf } from '../../model/typescript/lexical-scope.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { importStyleOf } from '../rewrite/import-style.js';
import type { Leftover, Place } from '../rewrite/place.js';
import { type IsPassedOn, referenceAt } from '../rewrite/reference.js';
import { rewriteFile } from '../rewrite/rewrite-file.js';
import { applyEdits, movedOffset, type TextEdit } from '../rewrite/text-edits.js';
import type { ValueTypes } from '../types/value-types.js';
import { removeCloseCalls } from './close-calls.js';
import { type ConnectionForm, connectionFormOf } from './connection-form.js';
import { findOptions } from './find-options.js';
import { insertTenants, tenantsName } from './insert-tenants.js';
import { defaultUrl } from './option-names.js';
import { translateOptions } from './translate-options.js';
import { withTypeImport } from './type-import.js';

/** The constructions of a file in the runtime. */
export interface ConstructionRewrite {
  readonly text: string;
  readonly moved: readonly Place[];
  readonly leftovers: readonly Leftover[];
  readonly forms: ReadonlySet<ConnectionForm['kind']>;
}

/** What a rewrite needs to know beyond the file. */
export interface RewriteContext {
  readonly types: ValueTypes;
  readonly isPassedOn: IsPassedOn;
  /** Whether code of the same package mentions a variable of the environment. */
  readonly readsVariable: (name: RegExp) => boolean;
  /** Further edits of the file, elsewhere than at its constructions. */
  readonly otherEdits: readonly TextEdit[];
}

/** One construction that can move. */
interface Move {
  readonly place: Place;
  readonly form: ConnectionForm;
  readonly edits: readonly TextEdit[];
  /** The type of the official client for the options, which is to be replaced. */
  readonly optionsType: TS.TypeNode | undefined;
}

/** Rewrites the constructions of a file, each where it stands: the call, its options, the import, and the calls of `close()` of local clients. */
export function rewriteConstructions(source: TS.SourceFile, places: readonly Place[], context: RewriteContext): ConstructionRewrite {
  const leftovers: Leftover[] = [];
  const moves: Move[] = [];
  const calls = places.flatMap((place) => callAt(source, place, context.isPassedOn) ?? []);
  for (const place of places) {
    const move = moveOf(source, place, calls, context);
    if ('reason' in move) leftovers.push({ place, reason: move.reason });
    else moves.push(move);
  }
  const style = importStyleOf(source);
  const direct = moves.filter(({ form }) => form.kind !== 'tenant').map(({ place }) => place);
  const tenants = moves.filter(({ form }) => form.kind === 'tenant').map(({ place }) => place);
  const first = rewriteFile(source, direct, { name: 'clickHouse', specifier: runtimePackage, style }, context.isPassedOn);
  const edits = unique([...first.edits, ...moves.flatMap((move) => move.edits), ...context.otherEdits]);
  let text = applyEdits(source.text, edits);
  if (tenants.length > 0) {
    const moved = tenants.map((place) => ({ ...place, start: movedOffset(place.start, edits), end: movedOffset(place.end, edits) }));
    text = insertTenants(source.fileName, text, moved, context.isPassedOn);
  }
  for (const { optionsType, form } of moves)
    if (optionsType)
      text = withTypeImport(
        source.fileName,
        text,
        form.kind === 'tenant' ? 'TenantInput' : 'ClickHouseOptions',
        optionsType.getText(source),
      );
  return { text, moved: moves.map(({ place }) => place), leftovers, forms: new Set(moves.map(({ form }) => form.kind)) };
}

function callAt(source: TS.SourceFile, place: Place, isPassedOn: IsPassedOn): TS.CallExpression | undefined {
  const reference = referenceAt(source, place, isPassedOn);
  if ('reason' in reference) return undefined;
  const { parent } = reference.node;
  return ts.isCallExpression(parent) && parent.expression === reference.node ? parent : undefined;
}

function moveOf(
  source: TS.SourceFile,
  place: Place,
  calls: readonly TS.CallExpression[],
  { types, isPassedOn, readsVariable }: RewriteContext,
): Move | { readonly reason: string } {
  const reference = referenceAt(source, place, isPassedOn);
  if ('reason' in reference) return reference;
  const call = callAt(source, place, isPassedOn);
  if (!call)
    return { reason: `\`${reference.node.getText(source)}\` is passed around here, and the function of the runtime takes other options.` };
  const options = findOptions(call, calls, source);
  if (options.kind === 'unknown') return options;
  const literal = options.kind === 'literal' ? options.literal : undefined;
  const isShared = literal !== undefined && !(literal.pos >= call.pos && literal.end <= call.end);
  const form = isShared ? ({ kind: 'options' } as const) : connectionFormOf(literal, readsVariable);
  if (form.kind === 'tenant' && reference.binding.kind !== 'import')
    return { reason: `The options come from the caller. Get the client from \`new ClickHouseTenants()\` of "${runtimePackage}" by hand.` };
  if (source.text.includes(tenantsName) && form.kind === 'tenant') return { reason: `The name \`${tenantsName}\` is taken in this file.` };
  const { quote } = importStyleOf(source);
  const closes = removeCloseCalls(call, source);
  if ('reason' in closes) return closes;
  const optionsType = options.kind === 'literal' ? options.type : undefined;
  if (optionsType && !isClientOptions(optionsType)) return { reason: `The options have the type \`${optionsType.getText(source)}\`.` };
  if (form.kind === 'environment') {
    const text = form.connection === undefined ? '' : `{ connection: ${quote}${form.connection}${quote} }`;
    return { place, form, edits: [argumentsEdit(call, text, source), ...closes.edits], optionsType: undefined };
  }
  const isInferred = isShared && optionsType === undefined && !/\.[cm]?jsx?$/.test(source.fileName);
  const translation = literal
    ? translateOptions(literal, { source, types, kind: form.kind === 'tenant' ? 'tenant' : 'connection', isInferred })
    : { edits: [argumentsEdit(call, `{ url: ${quote}${defaultUrl}${quote}, env: false }`, source)] };
  if ('reason' in translation) return translation;
  const typed = optionsType
    ? [{ start: optionsType.getStart(source), end: optionsType.end, text: form.kind === 'tenant' ? 'TenantInput' : 'ClickHouseOptions' }]
    : [];
  return { place, form, edits: [...translation.edits, ...typed, ...closes.edits], optionsType };
}

/** Replaces all arguments of a call. */
function argumentsEdit(call: TS.CallExpression, text: string, source: TS.SourceFile): TextEdit {
  const [first] = call.arguments;
  const end = call.end - 1;
  return { start: first?.getStart(source) ?? end, end, text };
}

const optionTypes: ReadonlySet<string> = new Set(['ClickHouseClientConfigOptions', 'NodeClickHouseClientConfigOptions']);

/** Whether a type is that of the options of the official client, by an import. */
function isClientOptions(type: TS.TypeNode): boolean {
  if (!ts.isTypeReferenceNode(type) || !ts.isIdentifier(type.typeName)) return false;
  const declaration = declarationOf(type.typeName.text, type.typeName);
  if (!declaration || !ts.isImportSpecifier(declaration)) return false;
  const { moduleSpecifier } = declaration.parent.parent.parent;
  const isOfClient = ts.isStringLiteral(moduleSpecifier) && /^@clickhouse\/client(?:$|\/)/.test(moduleSpecifier.text);
  return isOfClient && optionTypes.has((declaration.propertyName ?? declaration.name).text);
}

/** Two constructions may share one literal, which has its edits once. */
function unique(edits: readonly TextEdit[]): TextEdit[] {
  return [...new Map(edits.map((edit) => [`${edit.start}:${edit.end}:${edit.text}`, edit])).values()];
}
