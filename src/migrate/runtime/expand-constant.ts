import type { ts as TS } from 'ts-morph';
import { declarationOf } from '../../model/typescript/lexical-scope.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { staticName, unwrap } from '../../model/typescript/syntax.js';
import type { TextEdit } from '../rewrite/text-edits.js';
import { optionTargets } from './option-names.js';
import { compressionKeys, isFlag, type OptionContext } from './translate-property.js';

/**
 * Replaces `...options`, where `options` is a constant of the module with a literal, by its members: `requestTimeoutMs:
 * options.request_timeout`. The constant stays as it is, since other code may read it. Returns undefined for any other spread, and for
 * options whose form differs.
 */
export function expandConstant(
  expression: TS.Expression,
  context: OptionContext,
): { readonly edits: readonly TextEdit[]; readonly hasClient: boolean } | undefined {
  const { source } = context;
  const value = unwrap(expression);
  const spread = expression.parent;
  if (!ts.isIdentifier(value) || !ts.isSpreadAssignment(spread)) return undefined;
  const literal = constantLiteral(value);
  if (!literal || isChanged(value.text, source)) return undefined;
  const keys: string[] = [];
  const client: string[] = [];
  for (const property of literal.properties) {
    const name = staticName(property.name);
    if (name === undefined || ts.isSpreadAssignment(property)) return undefined;
    const target = optionTargets.get(name);
    const member = `${value.text}.${name}`;
    if (target?.kind === 'key') keys.push(`${target.name}: ${member}`);
    else if (target?.kind === 'client') client.push(`${target.name}: ${member}`);
    else if (target?.kind === 'headers') client.push(`http_headers: ${member}`);
    else if (target?.kind === 'compression') {
      const flags = flagsOf(property, context);
      if (!flags) return undefined;
      keys.push(...flags);
    } else return undefined;
  }
  const parts = [...keys, ...(client.length > 0 ? [`client: { ${client.join(', ')} }`] : [])];
  const start = spread.getStart(source);
  const lead = /(?:\r?\n[ \t]*)?$/.exec(source.text.slice(0, start))?.[0] ?? '';
  return { edits: [{ start, end: spread.end, text: parts.join(lead === '' ? ', ' : `,${lead}`) }], hasClient: client.length > 0 };
}

/** The literal of a constant that the module declares at its top. */
function constantLiteral(name: TS.Identifier): TS.ObjectLiteralExpression | undefined {
  const declaration = declarationOf(name.text, name);
  if (!declaration || !ts.isVariableDeclaration(declaration) || !declaration.initializer) return undefined;
  const list = declaration.parent;
  const isConstant = ts.isVariableDeclarationList(list) && (list.flags & ts.NodeFlags.Const) !== 0;
  const value = unwrap(declaration.initializer);
  return isConstant && ts.isSourceFile(list.parent.parent) && ts.isObjectLiteralExpression(value) ? value : undefined;
}

/** Whether code of the file writes to the object, so that it may have more members. */
function isChanged(name: string, { text }: TS.SourceFile): boolean {
  return new RegExp(`(?<![\\w$.])${name}(?:\\.[\\w$]+|\\[[^\\]]*\\])\\s*(?:[?|&]{2})?=(?!=)|Object\\.assign\\(\\s*${name}\\b`).test(text);
}

/** The flags of `compression`, as constants of the module or as literals: the type of the member would not show that they are flags. */
function flagsOf(property: TS.ObjectLiteralElementLike, { source, types }: OptionContext): string[] | undefined {
  const value = ts.isPropertyAssignment(property) ? unwrap(property.initializer) : undefined;
  if (!value || !ts.isObjectLiteralExpression(value)) return undefined;
  const flags = value.properties.map((member) => {
    const key = compressionKeys.get(staticName(member.name) ?? '');
    const flag = ts.isPropertyAssignment(member) ? member.initializer : undefined;
    const isRepeatable = flag && (isFlag(flag) || (ts.isIdentifier(flag) && types.kindOf(source, flag).isFlag));
    return key !== undefined && isRepeatable ? `${key}: ${flag.getText(source)}` : undefined;
  });
  const known = flags.filter((flag) => flag !== undefined);
  return known.length === flags.length ? known : undefined;
}
