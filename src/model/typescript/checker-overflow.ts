import type { ts as TS } from 'ts-morph';
import { esLibrary, esLibraryFile } from './es-library.js';
import { loadTsMorph, ts } from './load-ts-morph.js';

/** Frames that are on the stack before the check: the analysis asks the checker from within its own recursion. */
const framesOfAnalysis = 4_000;

/**
 * Whether the type checker overflows the stack on the file alone. It walks back over the branches of a function by recursion, so a function
 * with many branches one after another overflows it, although its tree is flat. Called by `ModelCache` after a stack overflow that no
 * nesting explains.
 */
export function overflowsChecker(file: string, text: string): boolean {
  loadTsMorph();
  const texts = new Map([
    [file, text],
    [esLibraryFile, esLibrary],
  ]);
  const options = {
    target: ts.ScriptTarget.ESNext,
    noLib: true,
    noResolve: true,
    types: [],
    strict: true,
    allowJs: true,
    allowNonTsExtensions: true,
    noEmit: true,
  };
  const program = ts.createProgram([...texts.keys()], options, {
    getSourceFile: (name, languageVersion) => {
      const own = texts.get(name);
      return own === undefined ? undefined : ts.createSourceFile(name, own, languageVersion);
    },
    getDefaultLibFileName: () => esLibraryFile,
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (name) => name,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    fileExists: (name) => texts.has(name),
    readFile: (name) => texts.get(name),
    writeFile: () => undefined,
  });
  try {
    const checker = program.getTypeChecker();
    belowFrames(framesOfAnalysis, () => {
      for (const name of namesFromLast(program.getSourceFile(file))) checker.getTypeAtLocation(name);
    });
    return false;
  } catch (error) {
    if (error instanceof RangeError) return true;
    throw error;
  }
}

/** All identifiers of a tree, the last first: the checker remembers the branches before a name, so that the next name after it is answered. */
function namesFromLast(root: TS.Node | undefined): TS.Identifier[] {
  const names: TS.Identifier[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isIdentifier(node)) names.push(node);
    ts.forEachChild(node, visit);
  };
  if (root) visit(root);
  return names.reverse();
}

function belowFrames(count: number, action: () => void): void {
  if (count === 0) action();
  else belowFrames(count - 1, action);
}
