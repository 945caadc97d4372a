import type { ts as TS } from 'ts-morph';
import { runtimePackage } from '../../model/clients/client-packages.js';
import { type ModuleMock, moduleMocksIn } from '../../model/doubles/module-mocks.js';
import { localImports } from '../../model/typescript/local-imports.js';
import { ts } from '../../model/typescript/load-ts-morph.js';
import { isFunction, staticName, unwrap } from '../../model/typescript/syntax.js';
import type { LeftCode } from '../rewrite/place.js';
import type { TextEdit } from '../rewrite/text-edits.js';

/** What the code that a test loads gets its clients from after the migration. */
export interface MockedCode {
  /** Whether a construction of it stays with the official client. */
  readonly keepsClients: boolean;
  /** Whether a construction of it is one of `ClickHouseTenants`. */
  readonly usesTenants: boolean;
}

/** The mocks of the official client in a test: those that are rewritten, and those that are left. */
export interface MockRewrite {
  readonly edits: readonly TextEdit[];
  readonly left: readonly LeftCode[];
}

const clientPackage = '@clickhouse/client';

/**
 * Turns a mock of `createClient` into one of `clickHouse`: the code under test imports the runtime now, so a mock of the official client
 * would not reach it. The fake itself stays. A mock is left if it replaces more than `createClient`, or if the test reads the options.
 */
export function rewriteMocks(source: TS.SourceFile, code: MockedCode): MockRewrite {
  const edits: TextEdit[] = [];
  const left: LeftCode[] = [];
  for (const mock of moduleMocksIn(source).filter(({ specifier }) => specifier.text === clientPackage)) {
    const reason = obstacle(source, mock, code);
    if (reason === undefined) edits.push(...mockEdits(source, mock));
    else
      left.push({ file: source.fileName, start: mock.specifier.getStart(source), subject: `\`${mock.by}\` of "${clientPackage}"`, reason });
  }
  return { edits, left };
}

const byHand =
  'Pass `createTestService()` of "@clickhouse-ssot/runtime/testing" to the code under test, or mock "@clickhouse-ssot/runtime".';

function obstacle(source: TS.SourceFile, mock: ModuleMock, { keepsClients, usesTenants }: MockedCode): string | undefined {
  if (keepsClients) return `The code under test has clients of the official client and of the runtime. ${byHand}`;
  if (usesTenants) return `The code under test uses \`ClickHouseTenants\`. ${byHand}`;
  const literal = replacementLiteral(mock.replacement);
  if (!literal) return `The replacement of the module is not a literal. ${byHand}`;
  const others = literal.properties.filter((property) => !ts.isSpreadAssignment(property) && staticName(property.name) !== 'createClient');
  if (others.length > 0)
    return `The mock also replaces \`${others.map(({ name }) => name?.getText(source) ?? '').join('`, `')}\`. ${byHand}`;
  if (!literal.properties.some((property) => staticName(property.name) === 'createClient'))
    return `The mock has no \`createClient\`. ${byHand}`;
  const isImported = [...localImports(source).values()].some(
    ({ specifier, name }) => specifier === clientPackage && name === 'createClient',
  );
  if (isImported) return `The test calls or checks \`createClient\` itself. ${byHand}`;
  if (/createClient\b[^;]{0,120}?(?:mock\.(?:calls|lastCall)|[cC]alledWith)/s.test(source.text))
    return `The test reads the options of \`createClient\`, which have other names in the runtime. ${byHand}`;
  return undefined;
}

/** The literal that a factory of a mock returns. */
function replacementLiteral(replacement: TS.Expression | undefined): TS.ObjectLiteralExpression | undefined {
  if (!replacement) return undefined;
  const value = unwrap(replacement);
  if (ts.isObjectLiteralExpression(value)) return value;
  if (!isFunction(value)) return undefined;
  const { body } = value;
  const returned = ts.isBlock(body) ? body.statements.filter(ts.isReturnStatement) : [];
  const [result] = ts.isBlock(body) ? (returned.length === 1 ? returned.map(({ expression }) => expression) : []) : [body];
  const literal = result && unwrap(result);
  return literal && ts.isObjectLiteralExpression(literal) ? literal : undefined;
}

/** Replaces the name of the module in the whole call, and the name of the function in the literal. */
function mockEdits(source: TS.SourceFile, { specifier, replacement }: ModuleMock): TextEdit[] {
  const edits: TextEdit[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isStringLiteralLike(node) && node.text === clientPackage)
      edits.push({ start: node.getStart(source) + 1, end: node.end - 1, text: runtimePackage });
    ts.forEachChild(node, visit);
  };
  visit(specifier.parent);
  const property = replacementLiteral(replacement)?.properties.find((candidate) => staticName(candidate.name) === 'createClient');
  const name = property?.name;
  if (!name) return edits;
  const text = ts.isShorthandPropertyAssignment(property) ? 'clickHouse: createClient' : 'clickHouse';
  return [...edits, { start: name.getStart(source), end: name.end, text }];
}
