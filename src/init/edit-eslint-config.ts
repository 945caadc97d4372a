import { posix } from 'node:path';
import type * as TsMorph from 'ts-morph';
import type { ts as Ts } from 'ts-morph';
import { loadTsMorph } from '../model/typescript/load-ts-morph.js';
import { bindingsOf, type ConfigShape, readConfigShape } from './eslint-config-shape.js';
import { type EditOutcome, editOf, lineBreakOf } from '../edits/file-edit.js';

type TypeScript = typeof TsMorph.ts;

const pluginPackage = 'eslint-plugin-clickhouse-ssot';
const parserPackage = 'typescript-eslint';

/** The outcome for a flat configuration, and the packages that its new text imports. */
export interface EslintEdit {
  readonly outcome: EditOutcome;
  readonly packages: readonly string[];
}

/**
 * Adds the preset `recommended` to a flat configuration of ESLint, by insertions into its text: comments and formatting stay. If the
 * configuration parses JavaScript only and the project has TypeScript files, it adds the parser as well.
 */
export function editEslintConfig(file: string, text: string, hasTypeScript: boolean): EslintEdit {
  const { ts } = loadTsMorph();
  const bom = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const source = ts.createSourceFile(file, text.slice(bom.length), ts.ScriptTarget.Latest, true, scriptKindOf(file, ts));
  const bindings = source.statements.flatMap((statement) => bindingsOf(statement, ts));
  if (bindings.some(({ module }) => module === pluginPackage)) return { outcome: { kind: 'unchanged' }, packages: [pluginPackage] };
  const needsParser = hasTypeScript && bindings.every(({ module }) => javaScriptOnly.test(module));
  const packages = needsParser ? [pluginPackage, parserPackage] : [pluginPackage];
  const syntaxErrors: unknown = Reflect.get(source, 'parseDiagnostics');
  const config = readConfigShape(source, ts);
  if ((Array.isArray(syntaxErrors) && syntaxErrors.length > 0) || config.kind === 'refused') {
    const reason = config.kind === 'refused' ? config.reason : 'It has a syntax error.';
    return { outcome: { kind: 'manual', step: { where: file, reason, lines: manualLines(file, needsParser) } }, packages };
  }
  const names = namesFor(source);
  const entries = [...(needsParser ? [parserEntry(names.parser)] : []), `${names.plugin}.configs.recommended`];
  const modules = [
    { name: names.plugin, module: pluginPackage },
    ...(needsParser && !bindings.some(({ module }) => module === parserPackage) ? [{ name: names.parser, module: parserPackage }] : []),
  ];
  const insertions = [...importInsertions(source, config.format, modules, ts), ...entryInsertions(source, config, entries, ts)];
  return { outcome: editOf(file, text, bom + insertAll(source.text, insertions)), packages };
}

/** Modules that configure no parser for TypeScript. Of any other module this is not known. */
const javaScriptOnly =
  /^(?:@eslint\/(?:js|json|markdown)|globals|eslint\/config|eslint-config-prettier(?:\/flat)?|eslint-plugin-(?:react(?:-hooks|-refresh)?|import|n|promise|prettier(?:\/recommended)?|simple-import-sort|unused-imports|jest|jsx-a11y)|node:.*|path|url|fs)$/;

function parserEntry(parser: string): string {
  return `{ files: ['**/*.{ts,tsx,mts,cts}'], languageOptions: { parser: ${parser}.parser } }`;
}

/** The lines for a configuration that is not edited. */
function manualLines(file: string, needsParser: boolean): string[] {
  const isCommonJs = /\.c[jt]s$/.test(file);
  const load = (name: string, module: string) =>
    isCommonJs ? `const ${name} = require('${module}');` : `import ${name} from '${module}';`;
  return [
    load('clickHouseSsot', pluginPackage),
    ...(needsParser ? [load('tseslint', parserPackage)] : []),
    '// At the end of the exported array:',
    ...(needsParser ? [`${parserEntry('tseslint')},`] : []),
    'clickHouseSsot.configs.recommended,',
  ];
}

/** Names that the file does not use yet. */
function namesFor(source: Ts.SourceFile): { readonly plugin: string; readonly parser: string } {
  const free = (...candidates: readonly [string, ...string[]]) =>
    candidates.find((name) => !new RegExp(`\\b${name}\\b`).test(source.text)) ?? candidates[0];
  return { plugin: free('clickHouseSsot', 'clickHouseSsotPlugin', 'pluginClickHouseSsot'), parser: free('tseslint', 'typescriptEslint') };
}

/** A text to put in at an offset. */
interface Insertion {
  readonly offset: number;
  readonly text: string;
}

function insertAll(text: string, insertions: readonly Insertion[]): string {
  const ordered = insertions.map((insertion, index) => ({ ...insertion, index })).sort((a, b) => b.offset - a.offset || b.index - a.index);
  return ordered.reduce((result, { offset, text: inserted }) => result.slice(0, offset) + inserted + result.slice(offset), text);
}

function importInsertions(
  source: Ts.SourceFile,
  format: 'esm' | 'commonjs',
  modules: readonly { readonly name: string; readonly module: string }[],
  ts: TypeScript,
): Insertion[] {
  const lineBreak = lineBreakOf(source.text);
  const last = source.statements.findLast((statement) => bindingsOf(statement, ts).length > 0);
  const semicolon = (last ?? source.statements[0])?.getText(source).endsWith(';') === false ? '' : ';';
  const quote = quoteOf(source);
  const lines = modules.map(({ name, module }) =>
    format === 'esm'
      ? `import ${name} from ${quote}${module}${quote}${semicolon}`
      : `const ${name} = require(${quote}${module}${quote})${semicolon}`,
  );
  if (last) return [{ offset: endWithComments(source.text, last.end, ts), text: lineBreak + lines.join(lineBreak) }];
  return [{ offset: startOfCode(source, ts), text: lines.join(lineBreak) + lineBreak + lineBreak }];
}

/** The quote of most strings. */
function quoteOf({ text }: Ts.SourceFile): '"' | "'" {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return count(/"[^"\n]*"/g) > count(/'[^'\n]*'/g) ? '"' : "'";
}

/** The offset behind a file's first comments and directives. A comment directly above the first statement stays with it. */
function startOfCode(source: Ts.SourceFile, ts: TypeScript): number {
  const { text, statements } = source;
  const directive = statements.findLast(
    (statement, index) => index === 0 && ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression),
  );
  const start = directive ? directive.end : (ts.getShebang(text)?.length ?? 0);
  const ranges = directive ? [] : (ts.getLeadingCommentRanges(text, start) ?? []);
  const attached = ranges.findIndex(
    ({ kind, end }) => kind === ts.SyntaxKind.MultiLineCommentTrivia && !/^\r?\n[ \t]*\r?\n/.test(text.slice(end)),
  );
  const free = attached < 0 ? ranges : ranges.slice(0, attached);
  const offset = free.at(-1)?.end ?? start;
  const gap = offset === 0 ? '' : (/^[ \t]*(?:\r?\n)*/.exec(text.slice(offset))?.[0] ?? '');
  return offset + gap.length;
}

function entryInsertions(
  source: Ts.SourceFile,
  { format, shape }: { readonly format: 'esm' | 'commonjs'; readonly shape: ConfigShape },
  entries: readonly string[],
  ts: TypeScript,
): Insertion[] {
  if (shape.kind === 'list')
    return listInsertions(source.text, shape, shape.needsOptions && shape.elements.length === 0 ? ['{}', ...entries] : entries, ts);
  const start = shape.expression.getStart(source);
  const { end } = shape.expression;
  const around = (before: string, after: string): Insertion[] => [
    { offset: start, text: before },
    { offset: end, text: after },
  ];
  const [open, close] = bracketsAround(source.text.slice(start, end), entries, lineBreakOf(source.text));
  if (shape.kind === 'object') return around(open, close);
  // ESLint awaits what a configuration exports. The expression is an array, an object or a promise of one: `flat` accepts each.
  if (format === 'commonjs') return around('Promise.resolve(', `).then((config) => [config, ${entries.join(', ')}].flat())`);
  return isOperand(shape.expression, ts) ? around(`${open}await `, `${close}.flat()`) : around(`${open}await (`, `)${close}.flat()`);
}

/** The texts around a first element that make an array of it and the entries, on one line if that is short. */
function bracketsAround(first: string, entries: readonly string[], lineBreak: string): readonly [string, string] {
  const added = entries.join(', ');
  if (!first.includes('\n') && first.length + added.length < 70) return ['[', `, ${added}]`];
  const separator = `${lineBreak}  `;
  return [`[${separator}`, `${entries.map((entry) => `,${separator}${entry}`).join('')},${lineBreak}]`];
}

/** Whether `await` in front of the expression applies to all of it. */
function isOperand(expression: Ts.Expression, ts: TypeScript): boolean {
  return ts.isLeftHandSideExpression(expression);
}

function listInsertions(
  text: string,
  { elements, end }: Extract<ConfigShape, { kind: 'list' }>,
  entries: readonly string[],
  ts: TypeScript,
): Insertion[] {
  const last = elements.at(-1);
  if (!last) {
    const line = entries.join(', ');
    const lineBreak = lineBreakOf(text);
    const lines = entries.map((entry) => `${lineBreak}  ${entry},`).join('') + lineBreak;
    return [{ offset: elements.pos, text: line.length < 70 ? line : lines }];
  }
  const comma = elements.hasTrailingComma ? elements.end : last.end;
  const behind = endWithComments(text, comma, ts);
  const isMultiLine = text.slice(behind, end).includes('\n');
  const separator = isMultiLine ? `${lineBreakOf(text)}${indentAt(text, last.getStart())}` : ' ';
  const added = entries.map((entry) => separator + entry).join(',') + (elements.hasTrailingComma && isMultiLine ? ',' : '');
  return [...(elements.hasTrailingComma ? [] : [{ offset: last.end, text: ',' }]), { offset: behind, text: added }];
}

/** The offset behind the comments that follow on the same line. */
function endWithComments(text: string, offset: number, ts: TypeScript): number {
  return ts.getTrailingCommentRanges(text, offset)?.at(-1)?.end ?? offset;
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
}

function scriptKindOf(file: string, ts: TypeScript): Ts.ScriptKind {
  return /^\.[cm]?ts$/.test(posix.extname(file)) ? ts.ScriptKind.TS : ts.ScriptKind.JS;
}
