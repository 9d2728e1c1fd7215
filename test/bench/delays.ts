import { setTimeout as sleep } from 'node:timers/promises';

/** What calls may take inside a region, in milliseconds: single-digit for an item, more for a statement or an object. */
export const DELAYS_MS = { dynamodb: 5, 'rds-data': 15, s3: 20 } as const;

type Next<I, O> = (args: I) => Promise<O>;

/** As much of an SDK client as is needed to hold its calls back. */
interface Delayed<I, O> {
  readonly middlewareStack: {
    add(middleware: (next: Next<I, O>) => Next<I, O>, options: { step: 'finalizeRequest'; name: string }): void;
  };
}

/** Holds back every call of a client, as a network and a service would. */
export function delay<I, O>(client: Delayed<I, O>, ms: number): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      await sleep(ms);
      return next(args);
    },
    { step: 'finalizeRequest', name: 'holdBack' },
  );
}
