interface Span {
  readonly service: string;
  readonly start: number;
  readonly end: number;
}

type Next<I, O> = (args: I) => Promise<O>;

/** As much of an SDK client as is needed to look on. */
interface Watched<I, O> {
  readonly middlewareStack: {
    add(middleware: (next: Next<I, O>) => Next<I, O>, options: { step: 'initialize'; name: string }): void;
  };
}

/** Counts the calls of AWS SDK clients, and how many of them had to wait for one another. */
export class CallCounter {
  #spans: Span[] = [];

  watch<I, O>(service: string, client: Watched<I, O>): void {
    client.middlewareStack.add(
      (next) => async (args) => {
        const start = performance.now();
        try {
          return await next(args);
        } finally {
          this.#spans.push({ service, start, end: performance.now() });
        }
      },
      { step: 'initialize', name: 'countCalls' },
    );
  }

  /** What was called since the last look: every call in order, and the length of the longest chain of calls one after the other. */
  take(): { readonly calls: readonly string[]; readonly sequential: number; readonly spans: readonly Span[] } {
    const spans = this.#spans.sort((left, right) => left.start - right.start);
    this.#spans = [];
    let sequential = 0;
    let busyUntil = Number.NEGATIVE_INFINITY;
    for (const span of spans.toSorted((left, right) => left.end - right.end)) {
      if (span.start < busyUntil) continue;
      sequential += 1;
      busyUntil = span.end;
    }
    return { calls: spans.map((span) => span.service), sequential, spans };
  }
}
