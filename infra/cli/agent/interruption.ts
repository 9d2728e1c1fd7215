import { ExitWith } from '../exit-with.ts';

/** What a shell says of a process that a signal ended: 128 and the number of the signal. */
const CODES = { SIGINT: 130, SIGTERM: 143 } as const;
const SIGNALS = ['SIGINT', 'SIGTERM'] as const;
/** One Ctrl-C may arrive twice, from the terminal and from the process that started this one. */
const ONE_PRESS_MS = 1_000;

/**
 * Lets a command say where it leaves its session when Ctrl-C, or the end of a job, interrupts it. `work` winds up by
 * itself once the signal is given; a second Ctrl-C ends the process at once.
 */
export async function interruptible(work: (stop: AbortSignal) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  let heard: { readonly code: number; readonly at: number } | undefined;
  const listeners = SIGNALS.map((name) => {
    const listener = (): void => {
      if (heard !== undefined && Date.now() - heard.at > ONE_PRESS_MS) process.exit(heard.code);
      heard ??= { code: CODES[name], at: Date.now() };
      controller.abort();
    };
    process.on(name, listener);
    return { name, listener };
  });
  try {
    await work(controller.signal);
  } catch (error) {
    // What was said stays said; the code is that of the signal.
    if (heard === undefined) throw error;
  } finally {
    for (const { name, listener } of listeners) process.off(name, listener);
  }
  if (heard !== undefined) throw new ExitWith(heard.code);
}
