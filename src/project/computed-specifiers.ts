import { stringsOf } from './aliases/evaluate.js';
import { readExpression } from './aliases/expression.js';

/** A working directory that is not known: no path below it is a file. */
const unknownFolder = '/\0';

const gap = String.raw`(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/[^\n]*)*`;

/** The start of a call that imports a module, up to its argument. Names that the code gives `require` come in the place of `names`. */
const callStart = (names: readonly string[]): RegExp =>
  new RegExp(
    String.raw`(?<![\w$])(?:import(?:${gap}\.${gap}(?:defer|source))?|importActual|requireActual|createRequire\([^()]*(?:\([^()]*\))?[^()]*\)|${['require', ...names.map(escape)].join('|')})${gap}(?:\?\.)?\(${gap}(?=[^\s)])`,
    'g',
  );

/** A string literal that is the whole argument. */
const plainArgument = new RegExp(String.raw`(?:"(?:[^"\\\n]|\\[^])*"|'(?:[^'\\\n]|\\[^])*'|\x60(?:[^\x60\\$]|\\[^])*\x60)${gap}[,)]`, 'y');

/** A cheap test: a call whose argument is not a string alone. */
const mayCompute =
  /(?:\bimport|equire\w*|Actual|\))\s*(?:\/\*[^]*?\*\/\s*)?\(\s*(?:[^\s'")]|(?:'[^'\n]*'|"[^"\n]*")\s*\+)|createRequire|=\s*require\s*;/;

/** Calls of bundlers that import each file that a pattern matches. */
const patternCall = /\bimport\.meta\.(?:glob|globEager|webpackContext)\s*(?:<[^()]*>\s*)?\(\s*|\brequire\.context\s*\(\s*/g;

/** An argument of a call that imports a module, with the specifiers that it may be; none if they are not known. */
export interface ComputedSpecifier {
  /** Offset of the argument. */
  readonly start: number;
  readonly specifiers: readonly string[];
}

/**
 * Returns the calls of a text that import a module by an expression: `import(id)`, `require(path.join(__dirname, 'db'))`. Constants of the same
 * file are followed. The text is read and not run. The modules of a pattern such as `import.meta.glob('./*.ts')` are not known.
 */
export function computedSpecifiersIn(file: string, text: string): readonly ComputedSpecifier[] {
  const found: ComputedSpecifier[] = [];
  for (const match of text.matchAll(patternCall)) found.push({ start: match.index + match[0].length, specifiers: [] });
  if (!mayCompute.test(text)) return found;
  for (const match of text.matchAll(callStart(requireNamesIn(text)))) {
    const start = match.index + match[0].length;
    plainArgument.lastIndex = start;
    if (!plainArgument.test(text)) found.push({ start, specifiers: specifiersAt(file, text, start) });
  }
  return found;
}

/** Returns the specifiers that the expression at an offset may be. */
export function specifiersAt(file: string, text: string, start: number): readonly string[] {
  const values = stringsOf(readExpression(text, start), { file, text, cwd: unknownFolder });
  return [...new Set(values.map((value) => value.replace(/^file:\/\//, '')))].filter(
    (value) => value !== '' && !value.startsWith(unknownFolder),
  );
}

function requireNamesIn(text: string): string[] {
  return [...text.matchAll(/([\w$]+)\s*=\s*(?:[\w$]+\.)?(?:createRequire\s*\(|require\s*(?:;|\n|\.bind\b))/g)].map(
    ([, name]) => name ?? '',
  );
}

function escape(name: string): string {
  return name.replaceAll('$', String.raw`\$`);
}
