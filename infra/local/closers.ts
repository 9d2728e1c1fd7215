/** Everything must be down within 5 s of Ctrl-C, of which PostgreSQL may need 4. */
const LONGEST_MS = 4_500;

type Close = () => Promise<unknown> | undefined;

/**
 * What was started, in order. Closing goes backwards, so nothing loses what it stands on; what hangs or fails does not
 * keep the rest from closing. Used for a clean stop and for a start that failed half way.
 */
export class Closers {
  private readonly started: { readonly name: string; readonly close: Close }[] = [];
  private closing: Promise<void> | undefined;

  add(name: string, close: Close): void {
    this.started.push({ name, close });
  }

  close(): Promise<void> {
    this.closing ??= this.closeAll();
    return this.closing;
  }

  private async closeAll(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, LONGEST_MS);
    });
    await Promise.race([this.oneByOne(), late]);
    clearTimeout(timer);
  }

  private async oneByOne(): Promise<void> {
    for (let next = this.started.pop(); next !== undefined; next = this.started.pop()) {
      try {
        await next.close();
      } catch (error) {
        console.error(`${next.name} did not stop cleanly:`, error);
      }
    }
  }
}
