import type { ts as TS } from 'ts-morph';
import { ts } from '../model/typescript/load-ts-morph.js';
import type { ImportStyle } from './rewrite/import-style.js';
import { referenceAt } from './rewrite/reference.js';
import type { Place } from './rewrite/place.js';
import type { TextEdit } from './rewrite/text-edits.js';

/** The exported function through which all clients of a program are created. */
export const factoryFunction = 'createClickHouseClient';

/** The language of a new module: TypeScript, or JavaScript as an ES module or as CommonJS. */
export type ModuleFormat = 'typescript' | 'esm' | 'commonjs';

/** Returns the text of a new factory module: one function with the parameters and the result of the constructor. */
export function newFactoryModule(clientPackage: string, format: ModuleFormat, { quote, end, lineBreak }: ImportStyle): string {
  const module = `${quote}${clientPackage}${quote}`;
  const header =
    format === 'commonjs' ? `const { createClient } = require(${module})${end}` : `import { createClient } from ${module}${end}`;
  const lines = [header, '', ...factoryFunctionLines('createClient', factoryFunction, format, end)];
  if (format === 'commonjs') lines.push('', `module.exports = { ${factoryFunction} }${end}`);
  return lines.map((line) => `${line}${lineBreak}`).join('');
}

function factoryFunctionLines(constructor: string, name: string, format: ModuleFormat, end: string): string[] {
  const text = 'Creates each ClickHouse client of this program.';
  if (format === 'typescript')
    return [
      `/** ${text} */`,
      `export function ${name}(`,
      `  options?: Parameters<typeof ${constructor}>[0],`,
      `): ReturnType<typeof ${constructor}> {`,
      `  return ${constructor}(options)${end}`,
      '}',
    ];
  return [
    '/**',
    ` * ${text}`,
    ' *',
    ` * @param {Parameters<typeof ${constructor}>[0]} [options]`,
    ` * @returns {ReturnType<typeof ${constructor}>}`,
    ' */',
    `${format === 'esm' ? 'export ' : ''}function ${name}(options) {`,
    `  return ${constructor}(options)${end}`,
    '}',
  ];
}

/** The function of an existing factory that takes the options of the client, with the edits that add it if there is none. */
export interface FactoryFunction {
  readonly name: string;
  readonly edits: readonly TextEdit[];
}

/** Finds or adds the function in an existing module. Returns undefined if no construction in it can be repeated. */
export function factoryFunctionIn(source: TS.SourceFile, places: readonly Place[], style: ImportStyle): FactoryFunction | undefined {
  for (const place of places) {
    const reference = referenceAt(source, place);
    if ('reason' in reference || reference.binding.kind !== 'import') continue;
    const existing = passThrough(reference.node);
    if (existing !== undefined) return { name: existing, edits: [] };
  }
  for (const place of places) {
    const reference = referenceAt(source, place);
    if ('reason' in reference || reference.binding.kind !== 'import') continue;
    const name = [factoryFunction, 'createClickHouseClientWith'].find((candidate) => !new RegExp(`\\b${candidate}\\b`).test(source.text));
    if (name === undefined) return undefined;
    const lines = factoryFunctionLines(reference.node.getText(source), name, isTyped(source.fileName) ? 'typescript' : 'esm', style.end);
    const start = source.text.length;
    const gap = source.text.endsWith('\n') ? style.lineBreak : style.lineBreak.repeat(2);
    return { name, edits: [{ start, end: start, text: gap + lines.map((line) => `${line}${style.lineBreak}`).join('') }] };
  }
  return undefined;
}

function isTyped(file: string): boolean {
  return /\.[cm]?tsx?$/.test(file);
}

/** The name of the exported function around a construction that does nothing but pass its parameter on. */
function passThrough(constructor: TS.Expression): string | undefined {
  const call = constructor.parent;
  if (!ts.isCallExpression(call) || call.expression !== constructor || call.arguments.length !== 1) return undefined;
  const [argument] = call.arguments;
  const statement = call.parent;
  if (!ts.isReturnStatement(statement) || !ts.isBlock(statement.parent) || statement.parent.statements.length !== 1) return undefined;
  const around = statement.parent.parent;
  if (!ts.isFunctionDeclaration(around) || !ts.isSourceFile(around.parent) || around.asteriskToken) return undefined;
  const kinds = around.modifiers?.map(({ kind }) => kind) ?? [];
  const isExport = kinds.includes(ts.SyntaxKind.ExportKeyword) && !kinds.includes(ts.SyntaxKind.DefaultKeyword);
  const [parameter, ...more] = around.parameters;
  const isPassed = parameter && more.length === 0 && argument && ts.isIdentifier(argument) && parameter.name.getText() === argument.text;
  return isExport && !kinds.includes(ts.SyntaxKind.AsyncKeyword) && isPassed && !parameter.initializer ? around.name?.text : undefined;
}
