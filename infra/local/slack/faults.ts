import * as z from 'zod';

/** A trouble that a test orders: the next `times` calls of a method (or of any) are answered with it. */
export const faultSchema = z.strictObject({
  method: z.string().max(100).optional(),
  status: z.union([z.literal(429), z.literal(500), z.literal(503)]),
  retryAfter: z.int().min(0).max(3_600).default(1),
  times: z.int().min(1).max(1_000).default(1),
});
export type Fault = z.output<typeof faultSchema>;

export interface Faults {
  readonly order: (fault: Fault) => void;
  /** The trouble for this call, used up by it. */
  readonly next: (method: string) => Fault | undefined;
}

/** Slack is down or rate-limits us only when told to: by itself this one never does either. */
export function createFaults(): Faults {
  const ordered: { fault: Fault; left: number }[] = [];
  return {
    order: (fault) => ordered.push({ fault, left: fault.times }),
    next: (method) => {
      const found = ordered.find(({ fault, left }) => left > 0 && (fault.method ?? method) === method);
      if (found !== undefined) found.left -= 1;
      return found?.fault;
    },
  };
}
