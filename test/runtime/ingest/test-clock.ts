import { setImmediate } from 'node:timers/promises';
import type { IngestEnvironment } from '../../../runtime/src/ingest/batch/environment.js';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** An environment whose time moves only when a test moves it. */
export class TestClock implements IngestEnvironment {
  #now = 0;
  #ids = 0;
  #held = 0;
  readonly #timers = new Set<Timer>();
  readonly warnings: string[] = [];

  readonly now = (): number => this.#now;
  readonly random = (): number => 0.5;
  readonly newId = (): string => `id-${++this.#ids}`;
  readonly warn = (text: string): void => void this.warnings.push(text);

  readonly holdProcess = (): (() => void) => {
    this.#held++;
    return () => {
      this.#held--;
    };
  };

  readonly after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: this.#now + ms, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  };

  /** Number of callers that keep the process alive. */
  get held(): number {
    return this.#held;
  }

  /** Times of the timers that wait, in milliseconds from now. */
  get due(): readonly number[] {
    return [...this.#timers].map(({ at }) => at - this.#now).sort((a, b) => a - b);
  }

  /** Moves the time as during a suspension of the process: no timer has run yet. */
  suspend(ms: number): void {
    this.#now += ms;
  }

  /** Moves the time, runs the timers that are due in their order, and lets promises continue after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      await settle();
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
    await settle();
  }
}

/** Lets everything continue that waits for no timer and no I/O. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
}
