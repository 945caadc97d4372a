/** Starts a rotation when the clients have reached their maximum age. Does not keep the process alive. */
export class RotationTimer {
  #timer: NodeJS.Timeout | undefined;

  /** @param rotate starts a rotation, and handles its failure */
  constructor(private readonly rotate: () => void) {}

  /**
   * Replaces the planned rotation. Subtracts a random tenth at most, so that the processes of a fleet do not rotate at the same time.
   * @param maxLifetimeMs undefined: no rotation
   */
  schedule(maxLifetimeMs: number | undefined): void {
    this.cancel();
    if (maxLifetimeMs !== undefined) this.#timer = setTimeout(this.rotate, maxLifetimeMs * (1 - Math.random() / 10)).unref();
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }
}
