import type { ts as TS } from 'ts-morph';
import { esLibrary, esLibraryFile } from './es-library.js';
import { loadTsMorph, ts } from './load-ts-morph.js';

/** Frames that are on the stack before the check: the analysis asks the checker from within its own recursion. */
const framesOfAnalysis = 4_000;

/**
 * Whether the type checker overflows the stack on the file alone, although its tree is flat. It walks back over the branches of a function by
 * recursion, and infers the result of a function from the functions that it calls. Called after a stack overflow that no nesting explains.
 */
export function overflowsChecker(file: string, text: string): boolean {
  loadTsMorph();
  // The checker remembers answers, so the order of the questions decides: a row of branches overflows from its end, a chain of calls from
  // its start.
  return overflowsInOrder(file, text, (nodes) => nodes.reverse()) || overflowsInOrder(file, text, (nodes) => nodes);
}

function overflowsInOrder(file: string, text: string, order: (questions: TS.Node[]) => readonly TS.Node[]): boolean {
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
      for (const node of order(namesAndCalls(program.getSourceFile(file)))) checker.getTypeAtLocation(node);
    });
    return false;
  } catch (error) {
    if (error instanceof RangeError) return true;
    throw error;
  }
}

/** All names and calls of a tree: the results of functions are inferred for their calls. */
function namesAndCalls(root: TS.Node | undefined): TS.Node[] {
  const nodes: TS.Node[] = [];
  const visit = (node: TS.Node): void => {
    if (ts.isIdentifier(node) || ts.isCallExpression(node)) nodes.push(node);
    ts.forEachChild(node, visit);
  };
  if (root) visit(root);
  return nodes;
}

function belowFrames(count: number, action: () => void): void {
  if (count === 0) action();
  else belowFrames(count - 1, action);
}
