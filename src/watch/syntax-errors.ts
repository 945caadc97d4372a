import { readFileSync } from 'node:fs';
import { positionAt, type Position } from '../findings/position.js';
import { loadTsMorph } from '../model/typescript/load-ts-morph.js';
import { hasSourceExtension } from '../project/list-files.js';
import { isComponentFile, scriptLanguageOf, scriptsOf } from '../project/script-blocks.js';

/** A syntax error of a file. */
export interface SyntaxError extends Position {
  /** Absolute path. */
  readonly file: string;
  /** What the parser says, as in `'}' expected.` */
  readonly message: string;
}

/** Returns the first syntax error of each of some files. A file that is gone, and one that is no source file, has none. */
export function syntaxErrorsOf(files: readonly string[]): SyntaxError[] {
  return files.flatMap((file) => firstError(file) ?? []);
}

function firstError(file: string): SyntaxError | undefined {
  if (!hasSourceExtension(file)) return undefined;
  const whole = readText(file);
  if (whole === undefined) return undefined;
  const text = isComponentFile(file) ? scriptsOf(file, whole) : whole;
  const { ts } = loadTsMorph();
  // The compiler takes the language from the extension, which a component does not have.
  const fileName = isComponentFile(file) ? `${file}.${scriptLanguageOf(file, whole)}` : file;
  try {
    const compilerOptions = {
      jsx: ts.JsxEmit.Preserve,
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
    };
    const [diagnostic] = ts.transpileModule(text, { fileName, reportDiagnostics: true, compilerOptions }).diagnostics ?? [];
    if (diagnostic === undefined) return undefined;
    return { file, ...positionAt(text, diagnostic.start ?? 0), message: ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ') };
  } catch (error) {
    // Nested too deeply: the audit lists the file among those that it skipped.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readText(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  } catch {
    return undefined;
  }
}
