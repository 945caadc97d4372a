import type { ts as TS } from 'ts-morph';
import { type AbstractValue, isUnknown, propertyValue, unknown } from './abstract-value.js';
import type { BuiltinResult } from './builtin-functions.js';
import { schemaResult } from './schema-parsers.js';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

/** Functions that fill in what their first argument lacks: lodash, defu. */
const fillingNames = /^(?:defaults|defaultsDeep|defu)$/;

/** Functions whose later arguments win: lodash, Ramda, Remeda, deepmerge, ts-deepmerge, TypeScript's own helper. */
const mergingNames = /^(?:extend|assignIn|merge|mergeRight|mergeDeepRight|mergeDeep|mergeAll|deepmerge|deepMerge|__assign)$/;

/** Functions that change their first argument, as lodash does. */
const mutatingNames = /^(?:defaults|defaultsDeep|extend|assignIn|assign|merge)$/;

/** Functions that return a copy of their first argument, or the argument itself. */
const copyingNames = /^(?:clone|cloneDeep|klona|rfdc|deepFreeze|deepClone|identity|shallowCopy)$/;

/** Returns the result of a well-known function of a library; undefined if it is none. The call must have no target in the program. */
export function libraryResult(node: TS.CallExpression, args: readonly AbstractValue[], checker: TS.TypeChecker): BuiltinResult | undefined {
  const callee = unwrap(node.expression);
  const name = memberAccess(callee)?.name ?? (ts.isIdentifier(callee) ? importedName(callee, checker) : undefined);
  const [first] = args;
  // A caller on the cycle may have entered the AsyncLocalStorage with another value.
  if (name === 'getStore' && memberAccess(callee) && args.length === 0) return { returned: { kind: 'opaque', node } };
  if (name === undefined || first === undefined) return undefined;
  const merged = mergedBy(name, args);
  if (merged) return { returned: merged, ...(mutatingNames.test(name) ? { changed: merged } : {}) };
  if (copyingNames.test(name)) return { returned: first };
  const selected = args.length > 1 ? selectedBy(name, first, namesIn(args.slice(1))) : undefined;
  return selected ?? schemaResult(name, node, args, checker);
}

/** The name under which a function was exported: `merge` of `import { merge as combine }`. */
function importedName(callee: TS.Identifier, checker: TS.TypeChecker): string {
  const declaration = checker.getSymbolAtLocation(callee)?.declarations?.[0];
  return declaration && ts.isImportSpecifier(declaration) ? (declaration.propertyName ?? declaration.name).text : callee.text;
}

function mergedBy(name: string, args: readonly AbstractValue[]): AbstractValue | undefined {
  if (fillingNames.test(name)) return args.reduce((target, source) => merge(source, target, true));
  return mergingNames.test(name) && args.length > 1 ? args.reduce((target, source) => merge(target, source, name === 'merge')) : undefined;
}

/** The properties of both objects; those of `over` win. `keepsForUndefined`: an undefined value does not win. */
function merge(under: AbstractValue, over: AbstractValue, keepsForUndefined: boolean): AbstractValue {
  if (over.kind === 'literal') return under;
  if (over.kind === 'opaque' || under.kind === 'literal') return over;
  const isClosed = over.kind === 'object' && over.isExact;
  const before = under.kind === 'object' ? [...under.properties] : [];
  const properties = new Map(before.map(([name, value]) => [name, isClosed ? value : unknown] as const));
  if (over.kind === 'object')
    for (const [name, value] of over.properties) {
      const isMissing = keepsForUndefined && value.kind === 'literal' && value.value === undefined;
      properties.set(name, isMissing ? propertyValue(under, name) : keepsForUndefined && isUnknown(value) ? unknown : value);
    }
  return { kind: 'object', properties, isExact: isClosed && under.kind === 'object' && under.isExact };
}

/** The names in the arguments of `pick` and `omit`: strings, or lists of strings. Undefined if one is not known. */
function namesIn(args: readonly AbstractValue[]): ReadonlySet<string> | undefined {
  const parts = args.flatMap((arg) =>
    arg.kind === 'object' ? [...arg.properties].filter(([key]) => key !== 'length').map(([, value]) => value) : [arg],
  );
  const names = parts.flatMap((part) => (part.kind === 'literal' && typeof part.value === 'string' ? [part.value] : []));
  return names.length === parts.length ? new Set(names) : undefined;
}

function selectedBy(name: string, object: AbstractValue, names: ReadonlySet<string> | undefined): BuiltinResult | undefined {
  if ((name !== 'pick' && name !== 'omit') || object.kind !== 'object' || !names) return undefined;
  const kept = [...object.properties].filter(([key]) => names.has(key) === (name === 'pick'));
  return {
    returned: {
      kind: 'object',
      properties: new Map(kept),
      isExact: name === 'pick' ? kept.length === names.size || object.isExact : object.isExact,
    },
  };
}
