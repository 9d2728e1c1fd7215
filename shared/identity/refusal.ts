/** Every way in which a caller can fail to be somebody. One tag each, so that the wire and the tests are exhaustive. */
export type IdentityRefusal =
  | { readonly kind: 'missing_token' }
  | { readonly kind: 'malformed_header'; readonly why: string }
  | { readonly kind: 'token_too_large'; readonly limit: number }
  | { readonly kind: 'malformed_token'; readonly why: string }
  | { readonly kind: 'unsupported_token'; readonly why: string }
  | { readonly kind: 'unknown_issuer' }
  /** `reason` is for the log; the caller hears only that the issuer could not be asked. */
  | {
      readonly kind: 'issuer_unavailable';
      readonly issuer: string;
      readonly retryAfterSeconds: number;
      readonly reason: string;
    }
  | { readonly kind: 'unknown_key' }
  | { readonly kind: 'bad_signature' }
  | { readonly kind: 'malformed_claim'; readonly claim: string; readonly why: string }
  | { readonly kind: 'wrong_audience'; readonly expected: string }
  | { readonly kind: 'expired'; readonly at: Date }
  | { readonly kind: 'not_yet_valid'; readonly at: Date }
  | { readonly kind: 'lives_too_long'; readonly limitSeconds: number }
  | { readonly kind: 'sender_constrained' }
  | { readonly kind: 'not_trusted'; readonly issuer: string }
  | { readonly kind: 'unknown_person'; readonly issuer: string };

export const malformed = (why: string): { kind: 'malformed_token'; why: string } => ({ kind: 'malformed_token', why });
export const unsupported = (why: string): { kind: 'unsupported_token'; why: string } => ({
  kind: 'unsupported_token',
  why,
});
export const badClaim = (claim: string, why: string): { kind: 'malformed_claim'; claim: string; why: string } => ({
  kind: 'malformed_claim',
  claim,
  why,
});
