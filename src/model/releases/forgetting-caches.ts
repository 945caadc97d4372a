import { importedName } from '../dataflow/imported-name.js';
import type { Place, Places } from '../pools/places.js';
import { memberAccess, staticName, unwrap } from '../typescript/syntax.js';
import { ts } from '../typescript/load-ts-morph.js';

interface Cache {
  /** The options by which the cache tells that it drops an entry. */
  readonly tells: RegExp;
  /** The options without which the cache keeps all entries. Unset: it always drops some. */
  readonly limits?: RegExp;
}

/** The caches of packages that drop entries. */
const caches: Readonly<Record<string, Cache>> = {
  'lru-cache': { tells: /^(?:dispose|disposeAfter|onEvict)$/ },
  '@isaacs/ttlcache': { tells: /^dispose$/, limits: /^(?:max|ttl)$/ },
  'quick-lru': { tells: /^onEviction$/ },
  'node-cache': { tells: /^$/, limits: /^(?:stdTTL|maxKeys)$/ },
  'expiry-map': { tells: /^$/ },
};

/** Whether the place is a cache of a package that forgets entries and tells no code of the project. */
export function isForgettingCache(place: Place, places: Places): boolean {
  if (typeof place === 'string') return false;
  const value = ts.isVariableDeclaration(place) || ts.isPropertyDeclaration(place) ? place.initializer : undefined;
  const made = value && unwrap(value);
  if (!made || !ts.isNewExpression(made)) return false;
  const imported = importedName(made.expression, places);
  const options = made.arguments?.[0];
  const listed = imported && caches[imported.module];
  if (!listed || (options && !ts.isObjectLiteralExpression(options) && !ts.isNumericLiteral(options))) return false;
  const properties = options && ts.isObjectLiteralExpression(options) ? options.properties : [];
  const has = (name: RegExp): boolean => properties.some((property) => name.test(staticName(property.name) ?? ''));
  const isTold = properties.some(ts.isSpreadAssignment) || has(listed.tells) || !(listed.limits === undefined || has(listed.limits));
  const isHeard = places.usesIn(place, place.getSourceFile()).some((use) => memberAccess(use.parent)?.name === 'on');
  return !isTold && !isHeard;
}
