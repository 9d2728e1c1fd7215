import * as z from 'zod';
import { nameSchema } from './connection.ts';

/** A token's `sub` (OpenID Connect Core 1.0 section 2: at most 255 ASCII characters), exact. */
const subjectSchema = z
  .string()
  .regex(/^[\x21-\x7e]([\x20-\x7e]{0,253}[\x21-\x7e])?$/, 'a subject is 1 to 255 printable ASCII characters')
  .refine((text) => !text.includes('*'), 'a subject is exact; wildcards are not understood');

/**
 * An approver or auditor. Identified by immutable ids only (issuer + subject; Slack team + user), never by a name or
 * an e-mail address, which can be changed or registered again.
 */
export const personSchema = z.strictObject({
  id: nameSchema,
  name: z.string().min(1).max(100),
  groups: z.array(nameSchema).max(50).default([]),
  /** OIDC identities: `issuer` is the name of an issuer that is `for: people`. */
  identities: z
    .array(z.strictObject({ issuer: nameSchema, subject: subjectSchema }))
    .max(10)
    .default([]),
  slack: z
    .strictObject({ team: z.string().regex(/^[TE][A-Z0-9]{2,20}$/), user: z.string().regex(/^[UW][A-Z0-9]{2,20}$/) })
    .optional(),
});

/** A group that policies and approvals name. */
export const groupSchema = z.strictObject({
  name: nameSchema,
  /** Channel that hears this group's approvals. Without it they are answered over the API only. */
  slackChannel: z
    .string()
    .regex(/^[CG][A-Z0-9]{2,20}$/)
    .optional(),
  /** Members may read every session. */
  auditor: z.boolean().default(false),
  /** Members may stop agents, connections or everything, and revoke leases. */
  operator: z.boolean().default(false),
});

export type PersonConfig = z.output<typeof personSchema>;
export type GroupConfig = z.output<typeof groupSchema>;
