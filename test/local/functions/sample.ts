/** A function for the tests of the embedded Lambda: does what the event says. */
let invocations = 0;

type Order = { do: string; bytes?: number; value?: unknown };

type Context = { awsRequestId: string; getRemainingTimeInMillis(): number };

const deeds: Record<string, (event: Order, context: Context) => unknown> = {
  echo: (event) => event.value,
  count: () => invocations,
  environment: () => process.env,
  context: (_event, context) => ({ id: context.awsRequestId, remaining: context.getRemainingTimeInMillis() }),
  throw: () => {
    throw new RangeError('as asked');
  },
  hang: () => new Promise(() => undefined),
  spin: () => {
    for (;;) invocations += 0;
  },
  exit: () => process.exit(3),
  large: (event) => 'x'.repeat(event.bytes ?? 0),
  log: () => {
    console.log('a line of the function');
  },
};

export async function handler(event: Order, context: Context): Promise<unknown> {
  invocations += 1;
  return await deeds[event.do]?.(event, context);
}
