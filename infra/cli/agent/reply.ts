import * as z from 'zod';
import { maskedResultSchema } from '../../../shared/contracts/record/result.ts';

/** As much of an answer as is looked at; a gateway that is newer may say more. */
export const envelopeSchema = z.looseObject({
  session: z.string().optional(),
  status: z.union([z.string(), z.number()]).optional(),
  code: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  /** API Gateway's own words, where it answers in the place of the gateway. */
  message: z.string().optional(),
  approval: z.looseObject({ detail: z.string().optional() }).optional(),
  error: z.looseObject({ code: z.string(), detail: z.string() }).optional(),
  ended: z.looseObject({ why: z.string() }).optional(),
  result: maskedResultSchema.optional(),
  decision: z
    .looseObject({
      verdict: z.string(),
      why: z.string().optional(),
      policies: z.array(z.looseObject({ id: z.string(), message: z.string() })),
    })
    .optional(),
});
export type Envelope = z.output<typeof envelopeSchema>;

export interface Heard {
  readonly kind: 'heard';
  readonly http: number;
  readonly body: Envelope;
}

/** There was no answer, in several tries. */
export interface Silence {
  readonly kind: 'silence';
  readonly why: string;
  /** A request may have reached the gateway, whose answer was lost. */
  readonly arrived: boolean;
  /** Another try would not help. */
  readonly final: boolean;
}

export type Reply = Heard | Silence;
