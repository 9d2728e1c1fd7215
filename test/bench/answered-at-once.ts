type Next<I, O> = (args: I) => Promise<O>;

/** As much of an SDK client as is needed to answer in its place. */
interface Answering<I, O> {
  readonly middlewareStack: {
    add(
      middleware: (next: Next<I, O>, context: { readonly commandName?: string }) => Next<I, O>,
      options: { step: 'initialize'; priority: 'high'; name: string },
    ): void;
  };
}

/**
 * Lets calls of SDK clients be answered at once with what the same command was answered last, before the SDK does
 * anything: what then still takes the processor is the gateway's own work, with nothing of the SDK, of HTTP or of JSON
 * on the wire in it.
 */
export class AtOnce {
  on = false;

  watch<I, O>(client: Answering<I, O>): void {
    const last = new Map<string, O>();
    const middleware = (next: Next<I, O>, { commandName = '' }: { readonly commandName?: string }): Next<I, O> => {
      return async (args) => {
        const known = last.get(commandName);
        if (this.on && known !== undefined) return known;
        const answer = await next(args);
        last.set(commandName, answer);
        return answer;
      };
    };
    client.middlewareStack.add(middleware, { step: 'initialize', priority: 'high', name: 'answerAtOnce' });
  }
}
