import { findRoots } from '../audit/find-roots.js';
import { createTrace, noTrace } from '../trace/trace.js';
import { stepText } from '../watch/change-text.js';
import { watchFolders } from '../watch/watch-folders.js';
import { WatchSession, type WatchStep } from '../watch/watch-session.js';
import { type CliContext, fail } from './audit-command.js';
import { checkPaths, checkSelection } from './audit-options.js';
import { exitCodes } from './exit-codes.js';
import type { Progress } from './progress.js';

/** The options of the command `watch`, as the user typed them. */
export interface WatchOptions {
  /** The settings file. Default: that of each project. */
  readonly config?: string;
  /** `recommended` or `strict`. Any other value is an error of the user. */
  readonly preset: string;
  /** The only rules to run. Default: those of the preset. */
  readonly rule?: readonly string[];
  /** Whether to write debug facts to standard error. Default: `debug` of the context. */
  readonly debug?: boolean;
}

/**
 * Audits, and again after each batch of edits until the user ends it. Returns the exit code: 0 if a signal ended it between two audits,
 * 2 if it could not start. During an audit, a signal ends the process.
 */
export async function runWatch(names: readonly string[], options: WatchOptions, context: CliContext): Promise<number> {
  const selection = checkSelection(options);
  if (!selection.ok) return fail(selection.problems, context);
  const paths = checkPaths(names, options);
  if (!paths.ok) return fail(paths.problems, context);
  const settingsFile = options.config;
  const isTraced = options.debug ?? context.debug;
  let progress: Progress | undefined;
  const session = new WatchSession({
    paths: paths.value,
    settingsFile,
    selection: selection.value,
    trace: isTraced ? createTrace(context.writeError) : noTrace,
    reportPhase: (phase, root) => progress?.report(phase, root),
  });
  const step = (): WatchStep => {
    progress = isTraced ? undefined : context.startProgress?.();
    try {
      return session.step();
    } finally {
      progress?.stop();
    }
  };
  const idle = new IdleSignals();
  const show = (): void => {
    idle.ignore();
    const text = stepText(step(), { color: context.color, width: context.width, time: new Date().toTimeString().slice(0, 8) });
    if (text !== '') context.write(text);
    idle.await();
  };
  const roots = (): string[] => findRoots(paths.value, settingsFile).map(({ root }) => root);
  // The watch begins first, so that no edit is missed between it and the first look.
  const watch = await watchFolders(
    roots(),
    () => {
      show();
      watch.add(safely(roots));
    },
    (error) => context.writeError(`watch: ${error instanceof Error ? error.message : String(error)}\n`),
  );
  show();
  await idle.ended;
  idle.ignore();
  await watch.close();
  return exitCodes.clean;
}

/**
 * The signals that end the watch between audits. An audit blocks the event loop, and a listener would run at its end: without one, the
 * default action ends the process at once.
 */
class IdleSignals {
  #end = (): void => undefined;
  /** Resolves when the user ends the program between audits. */
  readonly ended = new Promise<void>((resolve) => (this.#end = resolve));

  await(): void {
    for (const name of endingSignals) process.once(name, this.#end);
  }

  ignore(): void {
    for (const name of endingSignals) process.removeListener(name, this.#end);
  }
}

const endingSignals = ['SIGINT', 'SIGTERM'] as const;

/** A path of the command may be gone for a while. */
function safely(roots: () => string[]): string[] {
  try {
    return roots();
  } catch {
    return [];
  }
}
