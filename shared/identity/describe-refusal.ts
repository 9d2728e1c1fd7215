import type { IdentityRefusal } from './refusal.ts';

/** A refusal as the wire tells it. `challenge` is the WWW-Authenticate header (RFC 6750 section 3). */
export interface RefusalAnswer {
  readonly status: 401 | 403 | 503;
  readonly code: IdentityRefusal['kind'];
  readonly detail: string;
  readonly challenge?: string;
  readonly retryAfterSeconds?: number;
}

const REALM = 'Bearer realm="countersign"';

/**
 * From refusal to answer. 401: come back with another token. 403: the token is good, and nobody here trusts it.
 * 503: we could not ask the issuer, so nothing is known about the token. What is said after the signature was checked
 * goes to a holder of a real token of a trusted issuer; before it, only what a reader of the standard knows anyway.
 */
export function describeRefusal(refusal: IdentityRefusal): RefusalAnswer {
  const code = refusal.kind;
  const detail = detailOf(refusal);
  switch (refusal.kind) {
    case 'issuer_unavailable':
      return { status: 503, code, detail, retryAfterSeconds: refusal.retryAfterSeconds };
    case 'not_trusted':
    case 'unknown_person':
      return { status: 403, code, detail };
    case 'missing_token':
      return { status: 401, code, detail, challenge: REALM };
    default:
      return { status: 401, code, detail, challenge: `${REALM}, error="invalid_token", error_description="${code}"` };
  }
}

function detailOf(refusal: IdentityRefusal): string {
  switch (refusal.kind) {
    case 'missing_token':
      return 'Send `Authorization: Bearer <token>` with an OIDC token of an issuer that this gateway trusts.';
    case 'malformed_header':
      return `The Authorization header ${refusal.why}; send \`Bearer\`, one space and one token.`;
    case 'token_too_large':
      return `The Authorization header is longer than ${refusal.limit} bytes; ask the issuer for a token with fewer claims.`;
    case 'malformed_token':
      return `The token is not a signed JWT in compact form: ${refusal.why}.`;
    case 'unsupported_token':
      return `The token is of a kind that is not accepted: ${refusal.why}.`;
    case 'unknown_issuer':
      return 'The token names an issuer (`iss`) that this gateway does not trust.';
    case 'issuer_unavailable':
      return `The keys of issuer "${refusal.issuer}" could not be read, so no token of it can be checked. Try again shortly.`;
    case 'unknown_key':
      return 'The token names a key (`kid`) that its issuer does not publish. Get a fresh token.';
    case 'bad_signature':
      return 'The signature of the token does not verify.';
    default:
      return detailOfClaim(refusal);
  }
}

type AfterSignature = Extract<
  IdentityRefusal,
  {
    kind:
      | 'malformed_claim'
      | 'wrong_audience'
      | 'expired'
      | 'not_yet_valid'
      | 'lives_too_long'
      | 'sender_constrained'
      | 'not_trusted'
      | 'unknown_person';
  }
>;

function detailOfClaim(refusal: AfterSignature): string {
  switch (refusal.kind) {
    case 'malformed_claim':
      return `The claim \`${refusal.claim}\` ${refusal.why}.`;
    case 'wrong_audience':
      return `The token is meant for somebody else; ask its issuer for one with the audience \`${refusal.expected}\`.`;
    case 'expired':
      return `The token expired at ${refusal.at.toISOString()}. Get a fresh one.`;
    case 'not_yet_valid':
      return `The token is valid only from ${refusal.at.toISOString()}. Check the clock of its issuer.`;
    case 'lives_too_long':
      return `The token is valid for longer than ${refusal.limitSeconds} seconds, which is more than its issuer is trusted with; ask for a shorter one.`;
    case 'sender_constrained':
      return 'The token is bound to a key of its holder (`cnf`) and may not be used as a plain bearer token.';
    case 'not_trusted':
      return `The token is genuine, but no rule of issuer "${refusal.issuer}" trusts its claims. An operator adds one in gateway.yaml.`;
    case 'unknown_person':
      return `The token is genuine, but its subject at issuer "${refusal.issuer}" is nobody configured here. An operator adds it in gateway.yaml.`;
  }
}
