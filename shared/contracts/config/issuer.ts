import * as z from 'zod';
import { nameSchema } from './connection.ts';

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** https, or http on the loopback interface, where no network can listen in (RFC 8252 section 8.3). */
export const issuerUrlSchema = z.url().refine((text) => {
  const url = new URL(text);
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}, 'an issuer is reached over https (http only on loopback)');

/** A claim rule: every claim named must equal its value. A token that matches no rule is nobody. */
export const agentRuleSchema = z.strictObject({
  name: nameSchema,
  claims: z.record(z.string().min(1).max(100), z.union([z.string().min(1).max(500), z.number(), z.boolean()])),
  groups: z.array(nameSchema).max(50).default([]),
  /** The person who answers for this agent. May never approve for it. */
  owner: nameSchema.optional(),
});

const common = {
  name: nameSchema,
  url: issuerUrlSchema,
  audience: z.string().min(1).max(255),
  algorithms: z.array(z.enum(['RS256', 'PS256', 'ES256', 'EdDSA'])).min(1).default(['RS256', 'ES256']),
  /** A token valid longer than this is refused however it is signed: a leaked one must die soon. */
  maxTokenSeconds: z.int().min(60).max(86_400).default(3_600),
};

/** Whom we trust to say who is calling. An issuer speaks for agents or for people, never for both. */
export const issuerSchema = z.discriminatedUnion('for', [
  z.strictObject({
    ...common,
    for: z.literal('agents'),
    /** A claim that lists further groups; bounded, since an HTTP API passes 10,240 bytes of headers. */
    groupsClaim: z.string().min(1).max(100).optional(),
    rules: z.array(agentRuleSchema).min(1).max(1_000),
  }),
  z.strictObject({ ...common, for: z.literal('people') }),
]);

export type Issuer = z.output<typeof issuerSchema>;
export type AgentIssuer = Extract<Issuer, { for: 'agents' }>;
export type AgentRule = z.output<typeof agentRuleSchema>;
