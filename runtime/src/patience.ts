/** Node fires a longer timer at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** Waits for this to settle, and no longer than so many milliseconds. */
export async function atMost(timeoutMs: number, settles: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.min(timeoutMs, longestTimerMs))));
  await Promise.race([settles, timeout]);
  clearTimeout(timer);
}

/** Waits for this to settle, and no longer than nobody interrupts it. @throws what interrupted it */
export async function unlessInterrupted<Value>(interrupted: AbortSignal, settles: Promise<Value>): Promise<Value> {
  interrupted.throwIfAborted();
  let giveUp = (): void => undefined;
  const givenUp = new Promise<void>((resolve) => (giveUp = resolve));
  interrupted.addEventListener('abort', giveUp, { once: true });
  await Promise.race([settles, givenUp]).finally(() => interrupted.removeEventListener('abort', giveUp));
  interrupted.throwIfAborted();
  return settles;
}
