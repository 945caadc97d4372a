/** A function of this package that the user's code calls. */
export type EntryPoint = (...args: never[]) => unknown;

/**
 * The functions between the user's code and this package, in the order in which `externalCaller` tries them. A method that is not async is
 * on the stack only until the first `await`. After that, V8 lists the async function whose promise the method returned.
 */
export type EntryPoints = readonly EntryPoint[];

/** Holds a stack, which V8 formats when `stack` is read for the first time. */
export interface CallSite {
  readonly stack?: string;
}

/**
 * Returns the stack of the code that called the entry point, which must be on the stack.
 *
 * V8 omits the frames up to the entry point. The runtime does not recognise its own frames by file or function name: in a bundle, this
 * package and the user's code are one file, and a minifier changes the names. The identity of a function does not change.
 */
export function callSite(entryPoint: EntryPoint | undefined): CallSite {
  const site: CallSite = {};
  Error.captureStackTrace(site, entryPoint);
  return site;
}

/** Returns the lines of the stack, without the heading. */
export function framesOf({ stack }: CallSite): readonly string[] {
  // A custom `Error.prepareStackTrace` may return anything.
  return typeof stack === 'string' ? stack.split('\n').slice(1) : [];
}

/** Returns the first frame that has a source file, as in ` at main (/app/src/hooks.ts:12:3)`. Returns an empty string if there is none. */
export function describeCallSite(site: CallSite): string {
  const frame = framesOf(site).find((line) => !['node:', '<anonymous>', '(index '].some((part) => line.includes(part)));
  return frame === undefined ? '' : ` ${frame.trim()}`;
}

/** Describes the call site of the first entry point that is on the stack. Returns an empty string if none is. */
export function externalCaller(entryPoints: EntryPoints): string {
  for (const entryPoint of entryPoints) {
    const caller = describeCallSite(callSite(entryPoint));
    if (caller !== '') return caller;
  }
  return '';
}
