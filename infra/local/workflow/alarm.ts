/** `setTimeout` takes at most 2^31-1 ms (24.8 days) and fires at once beyond it. */
const LONGEST_TIMER = 2_147_483_647;

/**
 * Lets the driver of an execution sleep until a time, or until somebody changed the execution. Whoever is woken looks
 * again at what is stored; a wake without a change costs one look.
 */
export class Alarm {
  private readonly sleepers = new Map<string, Set<() => void>>();

  /** Resolves at the earliest of `times` (milliseconds since 1970) or when `wake(key)` is called. */
  async sleep(key: string, now: number, times: readonly (number | undefined)[]): Promise<void> {
    const earliest = Math.min(...times.filter((time) => time !== undefined), now + LONGEST_TIMER);
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        sleepers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, Math.max(0, earliest - now));
      const sleepers = this.sleepers.get(key) ?? new Set<() => void>();
      this.sleepers.set(key, sleepers.add(done));
    });
  }

  wake(key: string): void {
    const sleepers = this.sleepers.get(key);
    this.sleepers.delete(key);
    for (const done of sleepers ?? []) done();
  }

  wakeAll(): void {
    for (const key of [...this.sleepers.keys()]) this.wake(key);
  }
}
