import * as z from 'zod';
import { stopScopeSchema } from '../record/act.ts';
import { leaseSchema } from '../record/lease.ts';

const reason = z.string().trim().max(2_000);

/** What to stop: exactly one of agent, connection and all. */
export const stopRequestSchema = z
  .strictObject({
    agent: z
      .strictObject({
        issuer: z.string().min(1).max(63).describe('Name of the issuer in gateway.yaml.'),
        subject: z.string().min(1).max(255),
      })
      .optional(),
    connection: z.string().min(1).max(63).optional(),
    all: z.literal(true).optional(),
    reason: reason.optional().describe('Why; goes on record and to whoever waits.'),
  })
  .refine(
    ({ agent, connection, all }) => [agent, connection, all].filter((one) => one !== undefined).length === 1,
    'name exactly one of agent, connection and all',
  );

export type StopRequest = z.output<typeof stopRequestSchema>;

/** To lift a stop, or to revoke a lease. */
export const reasonRequestSchema = z.strictObject({ reason: reason.optional() });

export const stopSchema = z.strictObject({
  id: z.string(),
  scope: stopScopeSchema,
  by: z.string(),
  reason: z.string(),
  at: z.string(),
});

export const stopListSchema = z.strictObject({ stops: z.array(stopSchema).readonly() });

/** A stop that was just made, with what it ended. */
export const stoppedSchema = z.strictObject({
  stop: stopSchema,
  cancelled: z.array(z.string()).readonly().describe('Sessions that waited.'),
  revoked: z.array(z.string()).readonly().describe('Leases.'),
  complete: z
    .boolean()
    .describe('False: more waited than could be looked at. It cannot run; repeat the stop to cancel it.'),
});

export const leaseListSchema = z.strictObject({ leases: z.array(leaseSchema).readonly() });
