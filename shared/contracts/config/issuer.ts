import * as z from 'zod';
import { nameSchema } from './connection.ts';
import { trustFaults } from './trust.ts';

const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** https, or http on the loopback interface, where no network can listen in (RFC 8252 section 8.3). */
export function isPrivateTransport(text: string): boolean {
  const url = new URL(text);
  return url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname));
}

/** An issuer's identifier (OpenID Connect Discovery 1.0 section 3): compared with `iss` byte for byte. */
export const issuerUrlSchema = z
  .url()
  .max(500)
  .refine(isPrivateTransport, 'an issuer is reached over https (http only on loopback)')
  .refine((text) => {
    const url = new URL(text);
    return !/[?#]/.test(text) && url.username === '' && url.password === '';
  }, 'an issuer URL has no query, fragment or user; copy `issuer` from its discovery document');

/** Audiences of other services: a token minted for one of them could be replayed here by that service or its logs. */
const FOREIGN_AUDIENCES = new Set([
  'sts.amazonaws.com',
  'api://AzureADTokenExchange',
  'sigstore',
  'https://kubernetes.default.svc',
  'https://kubernetes.default.svc.cluster.local',
]);

export const audienceSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'an audience is 1 to 255 printable characters without spaces')
  .refine((text) => !text.includes('*'), 'an audience is exact; wildcards are not understood')
  .refine(
    (text) => !FOREIGN_AUDIENCES.has(text),
    'this audience is another service’s; choose one of this gateway alone',
  );

/** A claim's name, or a JSON Pointer (RFC 6901) into a nested one, e.g. "/kubernetes.io/serviceaccount/uid". */
export const claimNameSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'a claim is named by 1 to 200 printable characters without spaces')
  .refine((name) => !name.includes('*'), 'a claim is named exactly; wildcards are not understood')
  .refine((name) => !name.includes('__proto__'), 'no token has such a claim');

/** A claim rule: every claim named must equal its value. The first rule that matches counts; none: nobody. */
export const agentRuleSchema = z.strictObject({
  name: nameSchema,
  claims: z
    .record(z.string(), z.union([z.string().min(1).max(500), z.number(), z.boolean()]))
    .refine((claims) => Object.keys(claims).length <= 20, 'a rule names at most 20 claims')
    .superRefine((claims, context) => {
      // Checked here and not as the record's key, whose messages zod replaces by "Invalid key in record".
      for (const name of Object.keys(claims)) {
        const { error } = claimNameSchema.safeParse(name);
        for (const { message } of error?.issues ?? []) context.addIssue({ code: 'custom', path: [name], message });
      }
    }),
  groups: z.array(nameSchema).max(50).default([]),
  /** The person who answers for this agent. May never approve for it. */
  owner: nameSchema.optional(),
});

const common = {
  name: nameSchema,
  url: issuerUrlSchema,
  audience: audienceSchema,
  algorithms: z
    .array(z.enum(['RS256', 'PS256', 'ES256', 'EdDSA']))
    .min(1)
    .max(4)
    .default(['RS256', 'ES256']),
  /** A token valid longer than this is refused however it is signed: a leaked one must die soon. */
  maxTokenSeconds: z.int().min(60).max(86_400).default(3_600),
  /**
   * Take only tokens that say they are access tokens (`typ: at+jwt`, RFC 9068). Turn it on where the issuer can: an ID
   * token, made to tell a web page who signed in, is then never taken for a permission. CI issuers send plain `JWT`.
   */
  accessTokensOnly: z.boolean().default(false),
};

/** Parameters of an authorization request that the page sets itself (RFC 6749, RFC 7636). */
const OWN_PARAMETERS = [
  'response_type',
  'response_mode',
  'client_id',
  'redirect_uri',
  'state',
  'code_challenge',
  'code_challenge_method',
];

/**
 * How a browser signs people in for the page of a session: as a public client, with PKCE and without a secret, whose
 * redirect URI is `<publicUrl>/signed-in`. Its access token must be one that this gateway takes; many providers want to
 * be told so by `audience` or `resource` among the parameters.
 */
const signInSchema = z.strictObject({
  clientId: z.string().regex(/^[\x21-\x7e]{1,200}$/, 'a client id is 1 to 200 printable characters without spaces'),
  parameters: z
    .record(z.string().regex(/^[a-z_]{1,50}$/), z.string().max(500))
    .refine(
      (given) => !OWN_PARAMETERS.some((name) => Object.hasOwn(given, name)),
      `the page itself sets ${OWN_PARAMETERS.join(', ')}`,
    )
    .default({}),
});

/** Whom we trust to say who is calling. An issuer speaks for agents or for people, never for both. */
export const issuerSchema = z.discriminatedUnion('for', [
  z
    .strictObject({
      ...common,
      for: z.literal('agents'),
      /** A claim that lists further groups; bounded, since an HTTP API passes 10,240 bytes of headers. */
      groupsClaim: claimNameSchema.optional(),
      rules: z.array(agentRuleSchema).min(1).max(1_000),
    })
    .superRefine((issuer, context) => {
      for (const { path, message } of trustFaults(issuer))
        context.addIssue({ code: 'custom', path: [...path], message });
    }),
  z.strictObject({ ...common, for: z.literal('people'), signIn: signInSchema.optional() }),
]);

export type Issuer = z.output<typeof issuerSchema>;
export type AgentIssuer = Extract<Issuer, { for: 'agents' }>;
export type AgentRule = z.output<typeof agentRuleSchema>;
