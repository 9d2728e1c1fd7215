/** A function for the tests of the embedded Lambda: does what the event says. */
let invocations = 0;

type Order = { do: string; bytes?: number; value?: unknown };

export async function handler(
  event: Order,
  context: { awsRequestId: string; getRemainingTimeInMillis(): number },
): Promise<unknown> {
  invocations += 1;
  switch (event.do) {
    case 'echo':
      return event.value;
    case 'count':
      return invocations;
    case 'environment':
      return process.env;
    case 'context':
      return { id: context.awsRequestId, remaining: context.getRemainingTimeInMillis() };
    case 'throw':
      throw new RangeError('as asked');
    case 'hang':
      return new Promise(() => undefined);
    case 'spin':
      for (;;) invocations += 0;
    case 'exit':
      return process.exit(3);
    case 'large':
      return 'x'.repeat(event.bytes ?? 0);
    case 'log':
      console.log('a line of the function');
      return null;
    default:
      return undefined;
  }
}
