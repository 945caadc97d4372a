import { createHash } from 'node:crypto';
import { computedSpecifiersIn } from './computed-specifiers.js';
import { generatedMarkOf, isGenerated } from './is-generated.js';
import { mockedModulesIn } from './scan-mocks.js';
import { exportsNames, importTextOf, passesModuleOn, specifiersOf } from './scan-specifiers.js';
import { isComponentFile, scriptsOf } from './script-blocks.js';

/** The source and the flags of a regular expression, without the flags `g` and `y`. */
export type PatternText = readonly [source: string, flags: string];

/**
 * A question about the text of one source file, as plain JSON: another process can ask it again. The answer depends on the path and the
 * text alone, and is text itself: empty for "no".
 */
export type TextQuestion =
  /** Whether the file can be read and is analysed. */
  | { readonly kind: 'analysed' }
  /** Whether the file can be read. */
  | { readonly kind: 'readable' }
  /** The strings that the file may import, separated by `separator`. */
  | { readonly kind: 'specifiers' }
  /** The strings that the file may mock as modules, separated by `separator`. */
  | { readonly kind: 'mocked-modules' }
  /** A part of the text that contains each name that it imports by these specifiers. */
  | { readonly kind: 'import-text'; readonly specifiers: readonly string[] }
  /** Whether the file may pass a module on as a whole that it imports by these specifiers. */
  | { readonly kind: 'passes-on'; readonly specifiers: readonly string[] }
  /** Whether all patterns match the text that is left without what `without` matches. `parts`: a matching text has at least one of them. */
  | {
      readonly kind: 'matches';
      readonly patterns: readonly PatternText[];
      readonly parts?: readonly string[];
      readonly without?: PatternText;
    }
  /** The line that shows that a file is generated, or `minifiedMark`. Only files whose text matches the pattern count. */
  | { readonly kind: 'generated'; readonly pattern: PatternText };

/** Stands between the specifiers of an answer. */
export const separator = '\0';

/** The answer for a minified file, which has no line that shows it. */
export const minifiedMark = '\0minified';

/** Returns the answer of a file. `whole` is its text without byte order mark; undefined if it cannot be read. */
export function answerTo(question: TextQuestion, file: string, whole: string | undefined): string {
  return answerFrom(question, file, whole, () => (whole === undefined ? undefined : analysedText(file, whole)));
}

/** Like `answerTo`, for a text of which the part that is analysed is known. */
export function answerFrom(question: TextQuestion, file: string, whole: string | undefined, analysed: () => string | undefined): string {
  switch (question.kind) {
    case 'readable':
      return whole === undefined ? '' : 'yes';
    case 'analysed':
      return analysed() === undefined ? '' : 'yes';
    case 'specifiers':
      return specifiersIn(file, analysed() ?? '').join(separator);
    case 'mocked-modules':
      return [...mockedModulesIn(analysed() ?? '')].join(separator);
    case 'import-text':
      // A call that computes a specifier tells no names.
      return isComputed(question, file, analysed())
        ? (analysed() ?? '')
        : importTextOf(analysed() ?? '', (specifier) => question.specifiers.includes(specifier));
    case 'passes-on':
      return (isComputed(question, file, analysed()) && exportsNames(analysed() ?? '')) ||
        passesModuleOn(analysed() ?? '', (specifier) => question.specifiers.includes(specifier))
        ? 'yes'
        : '';
    case 'matches':
      return matches(question, analysed() ?? '') ? 'yes' : '';
    case 'generated':
      return whole !== undefined && compiled(question.pattern).test(whole) && isGenerated(whole)
        ? (generatedMarkOf(whole) ?? minifiedMark)
        : '';
  }
}

function isComputed({ specifiers }: { readonly specifiers: readonly string[] }, file: string, text = ''): boolean {
  return computedSpecifiersIn(file, text).some((computed) => computed.specifiers.some((specifier) => specifiers.includes(specifier)));
}

function specifiersIn(file: string, text: string): string[] {
  return [...new Set([...specifiersOf(text), ...computedSpecifiersIn(file, text).flatMap(({ specifiers }) => specifiers)])];
}

/** Returns the part of a text that is analysed: of a component the scripts at their offsets. Undefined if the file is generated. */
export function analysedText(file: string, whole: string): string | undefined {
  if (isGenerated(whole)) return undefined;
  return isComponentFile(file) ? scriptsOf(file, whole) : whole;
}

/** Returns the form of a regular expression in a question. */
export function patternText({ source, flags }: RegExp): PatternText {
  return [source, flags.replace(/[gy]/g, '')];
}

/** Returns a short text without spaces that stands for an answer. Two answers have the same by a chance of one in 2^72. */
export function digestOf(answer: string): string {
  return answer === '' || answer === 'yes' ? answer : createHash('sha1').update(answer).digest('base64').slice(0, 12);
}

type MatchQuestion = TextQuestion & { readonly kind: 'matches' };

function matches({ patterns, parts, without }: MatchQuestion, text: string): boolean {
  if (parts?.some((part) => text.includes(part)) === false) return false;
  const rest = without === undefined ? text : text.replaceAll(compiled(without, 'g'), '');
  return patterns.every((pattern) => compiled(pattern).test(rest));
}

const expressions = new WeakMap<PatternText, RegExp>();

function compiled(pattern: PatternText, further = ''): RegExp {
  const known = expressions.get(pattern);
  if (known) return known;
  const expression = new RegExp(pattern[0], pattern[1] + further);
  expressions.set(pattern, expression);
  return expression;
}
