/** Node fires a longer timer at once. */
export const maxTimerMs = 2 ** 31 - 1;

/** So long may what was cut take to end, here and at its server. */
export const shutdownGraceMs = 250;

/** Waits for this to settle, and no longer than so many milliseconds. In the background it keeps no process alive. */
export async function waitAtMost(timeoutMs: number, settles: Promise<void>, { inBackground = false } = {}): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.min(timeoutMs, maxTimerMs))));
  if (inBackground) timer?.unref();
  await Promise.race([settles, timeout]);
  clearTimeout(timer);
}

const interruption = Symbol('interruption');

/** Waits for this to settle, and no longer than nobody interrupts it: what has settled before that counts. @throws what interrupted it */
export async function raceWithSignal<Value>(signal: AbortSignal, settles: Promise<Value>): Promise<Value> {
  // Whatever becomes of it when nobody waits for it any more.
  settles.catch(() => undefined);
  signal.throwIfAborted();
  let interrupt = (): void => undefined;
  const isInterrupted = new Promise<typeof interruption>((resolve) => (interrupt = () => resolve(interruption)));
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    const first = await Promise.race([settles, isInterrupted]);
    if (first !== interruption) return first;
  } finally {
    signal.removeEventListener('abort', interrupt);
  }
  signal.throwIfAborted();
  return settles;
}
