import { channel } from 'node:diagnostics_channel';
import { performance } from 'node:perf_hooks';

/** The steps of a request whose time is told apart. A closed list: a name can hold nothing of a token, a statement or a row. */
export type SpanName = 'authenticate' | 'analyse' | 'decide' | 'record' | 'target' | 'mask';

export interface Span {
  readonly name: SpanName;
  /** Milliseconds since 1970, with fractions. */
  readonly startedAt: number;
  readonly ms: number;
}

const spans = channel('countersign.span');

/** Does `work`, and tells whoever watches how long it took, also when it throws. Nobody watches: one look at a flag. */
export function span<T>(name: SpanName, work: () => T): T {
  if (!spans.hasSubscribers) return work();
  const began = performance.now();
  const done = (): void => {
    spans.publish({ name, startedAt: performance.timeOrigin + began, ms: performance.now() - began });
  };
  let pending = false;
  try {
    const result = work();
    if (result instanceof Promise) {
      pending = true;
      result.then(done, done);
    }
    return result;
  } finally {
    if (!pending) done();
  }
}

/** Tells `listener` of every span in this thread; answers what ends that. A listener that throws changes nothing for who is watched. */
export function watchSpans(listener: (span: Span) => void): () => void {
  const subscriber = (message: unknown): void => {
    try {
      if (isSpan(message)) listener(message);
    } catch {
      // What cannot be told must not stop what is told of.
    }
  };
  spans.subscribe(subscriber);
  return () => {
    spans.unsubscribe(subscriber);
  };
}

const isSpan = (message: unknown): message is Span =>
  typeof message === 'object' && message !== null && 'name' in message && 'ms' in message;
