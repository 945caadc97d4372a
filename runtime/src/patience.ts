/** Node fires a longer timer at once. */
export const longestTimerMs = 2 ** 31 - 1;

/** Waits for this to settle, and no longer than so many milliseconds. */
export async function atMost(timeoutMs: number, settles: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.min(timeoutMs, longestTimerMs))));
  await Promise.race([settles, timeout]);
  clearTimeout(timer);
}
