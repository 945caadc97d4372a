import { posix } from 'node:path';
import type { ts as TS } from 'ts-morph';
import { loadTsMorph, ts } from '../../model/typescript/load-ts-morph.js';
import { configOf, readConfig } from './tsconfig.js';

/** A type error that the edits would add. */
export interface AddedError {
  /** Absolute path. */
  readonly file: string;
  /** The message of the compiler with its code. */
  readonly message: string;
  /** The specifier of the import, if the error is that no such module is found. */
  readonly missingModule?: string;
}

/** The type errors of some files with and without the edits. */
export interface TypeCheck {
  readonly before: number;
  readonly after: number;
  readonly added: readonly AddedError[];
}

/** A text in place of the one on disk; undefined for a file that is not there. */
export type Texts = ReadonlyMap<string, string | undefined>;

/** A module that stands for a package which is not installed. */
export interface StandIn {
  /** The specifier of the package. */
  readonly package: string;
  /** The text of a declaration file with `declare module`. */
  readonly text: string;
}

/**
 * Compares the type errors of files before and after the edits, by the compiler options of their `tsconfig.json`. An error that only
 * moves to another file is not new. `files` are absolute paths. Nothing is written.
 */
export function checkTypes(files: readonly string[], before: Texts, after: Texts, standIn?: StandIn): TypeCheck {
  const byConfig = new Map<string, string[]>();
  for (const file of files) {
    const config = configOf(file);
    byConfig.set(config, [...(byConfig.get(config) ?? []), file]);
  }
  const results = [...byConfig].map(([config, own]) => errorsUnder(config, own, before, after, standIn));
  const old = results.flatMap((result) => result.before);
  const now = results.flatMap((result) => result.after);
  const rest = new Map<string, number>();
  for (const { message } of old) rest.set(message, (rest.get(message) ?? 0) + 1);
  const oldInFile = new Set(old.map(keyOf));
  // Errors of files that had the same one before are accounted first.
  const sorted = [...now].sort((a, b) => Number(!oldInFile.has(keyOf(a))) - Number(!oldInFile.has(keyOf(b))));
  const added = sorted.filter(({ message }) => {
    const count = rest.get(message) ?? 0;
    rest.set(message, count - 1);
    return count <= 0;
  });
  return { before: old.length, after: now.length, added };
}

function keyOf({ file, message }: AddedError): string {
  return `${file}\0${message}`;
}

interface Errors {
  readonly before: readonly AddedError[];
  readonly after: readonly AddedError[];
}

/** One project for both: the second program reuses the syntax trees of the first. */
function errorsUnder(config: string, files: readonly string[], before: Texts, after: Texts, standIn: StandIn | undefined): Errors {
  const { Project } = loadTsMorph();
  const { options, declarations } = readConfig(config);
  const morph = new Project({
    compilerOptions: { ...options, noEmit: true, incremental: false, composite: false },
    skipFileDependencyResolution: true,
  });
  morph.addSourceFilesAtPaths([...declarations]);
  const [first] = files;
  if (standIn && first !== undefined && !ts.resolveModuleName(standIn.package, first, options, ts.sys).resolvedModule)
    // Beside a file of the project, it finds the types of the official client.
    morph.createSourceFile(posix.join(posix.dirname(first), 'clickhouse-ssot-stand-in.d.ts'), standIn.text);
  const diagnose = (texts: Texts): AddedError[] => {
    for (const [file, text] of texts) if (text !== undefined) morph.createSourceFile(file, text, { overwrite: true });
    const checked = files.filter((file) => !texts.has(file) || texts.get(file) !== undefined);
    for (const file of checked) morph.addSourceFileAtPathIfExists(file);
    const program = morph.getProgram().compilerObject;
    return checked.flatMap((file) => {
      const source = program.getSourceFile(file);
      if (!source) return [];
      return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((diagnostic) =>
        describe(source, diagnostic),
      );
    });
  };
  return { before: diagnose(before), after: diagnose(after) };
}

function describe({ fileName, text }: TS.SourceFile, { code, messageText, start = 0, length = 0 }: TS.Diagnostic): AddedError {
  const error = { file: fileName, message: `TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}` };
  // The compiler reports a missing module at the specifier, with its quotes.
  return code === moduleNotFound ? { ...error, missingModule: text.slice(start + 1, start + length - 1) } : error;
}

/** The code of "Cannot find module 'x' or its corresponding type declarations." */
const moduleNotFound = 2307;
