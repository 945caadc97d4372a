import type { ts as TS } from 'ts-morph';
import type { SourceModules } from '../environment/source-modules.js';
import { staticTexts } from '../environment/static-texts.js';
import { ts } from '../typescript/load-ts-morph.js';
import { memberAccess, unwrap } from '../typescript/syntax.js';
import { entriesOf, type RecordEntry, valuesOf } from './record-entries.js';
import type { RequestParts } from './request-parts.js';

/** Names of names are followed this far. */
const maxDepth = 4;

/**
 * Returns the parameters that are put behind a URL as values of their own: `${url}?${new URLSearchParams({ query })}`,
 * `url.searchParams.set('query', sql)`.
 */
export function parametersBehind({ urls }: RequestParts, modules: SourceModules): readonly RecordEntry[] {
  return urls.flatMap(({ expression, path }) => (path.length > 0 ? [] : parametersOf(expression, modules, 0)));
}

function parametersOf(node: TS.Expression, modules: SourceModules, depth: number): readonly RecordEntry[] {
  const value = unwrap(node);
  if (depth > maxDepth) return [];
  const inner = (part: TS.Expression) => parametersOf(part, modules, depth + 1);
  if (ts.isTemplateExpression(value)) return value.templateSpans.flatMap(({ expression }) => entriesOf(expression, modules));
  if (ts.isBinaryExpression(value)) return [...entriesOf(value.right, modules), ...inner(value.left)];
  if (ts.isCallExpression(value)) {
    const method = memberAccess(value.expression);
    return method && /^(?:toString|href)$/.test(method.name ?? '') ? inner(method.object) : [];
  }
  const member = memberAccess(value);
  if (member) return inner(member.object);
  return ts.isIdentifier(value) ? searchParametersSetOn(value, modules, depth) : [];
}

/** `url.searchParams.set('query', sql)` and `url.search = new URLSearchParams(…)`, and what the value of the name has. */
function searchParametersSetOn(name: TS.Identifier, modules: SourceModules, depth: number): readonly RecordEntry[] {
  const own = entriesOf(name, modules);
  const assigned = valuesOf(own, 'search').flatMap((search) => entriesOf(search, modules));
  const found: RecordEntry[] = [...assigned];
  const scope = ts.findAncestor(name, (node) => ts.isFunctionLike(node) || ts.isSourceFile(node)) ?? name.getSourceFile();
  const visit = (node: TS.Node): void => {
    if (ts.isCallExpression(node)) {
      const method = memberAccess(node.expression);
      const owner = method && memberAccess(method.object);
      const [key, value] = node.arguments;
      if (key && owner?.name === 'searchParams' && ts.isIdentifier(owner.object) && owner.object.text === name.text)
        for (const text of staticTexts(key, modules)) found.push({ name: text, value });
    } else if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.name.text === name.text && node.initializer)
      found.push(...parametersOf(node.initializer, modules, depth + 1));
    ts.forEachChild(node, visit);
  };
  visit(scope);
  return found;
}
