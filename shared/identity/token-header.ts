import type { JsonObject } from '../platform/json-value.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { isAlgorithm, type Algorithm } from './algorithms.ts';
import { member } from './compact.ts';
import { malformed, unsupported, type IdentityRefusal } from './refusal.ts';

/** What is left of a JOSE header once it is found harmless. */
export interface TokenHeader {
  readonly alg: Algorithm;
  readonly kid: string;
  readonly typ: 'jwt' | 'at+jwt' | 'none';
}

/**
 * Members that change where the key comes from, how the payload is read, or that claim extensions we do not have.
 * A sender who may choose the key needs no forgery: `jwk` and `x5c` bring one along, `jku` and `x5u` make us fetch it.
 */
const FORBIDDEN = ['jku', 'x5u', 'jwk', 'x5c', 'crit', 'zip', 'b64', 'enc', 'cty'] as const;

/** Checks a header by itself; whether its issuer may use `alg` and `typ` is asked when the issuer is known. */
export function readHeader(header: JsonObject): Result<TokenHeader, IdentityRefusal> {
  const forbidden = FORBIDDEN.find((name) => Object.hasOwn(header, name));
  if (forbidden !== undefined) return err(unsupported(`the header member \`${forbidden}\` is not allowed`));
  const alg = member(header, 'alg');
  if (!isAlgorithm(alg)) return err(unsupported('its `alg` is not a public-key signature that is accepted here'));
  const kid = member(header, 'kid');
  if (typeof kid !== 'string' || !/^[\x20-\x7e]{1,255}$/.test(kid)) {
    return err(malformed('its header has no `kid` of 1 to 255 printable characters'));
  }
  const typ = readTyp(header);
  return typ ? ok({ alg, kid, typ }) : err(unsupported('its `typ` is neither JWT nor at+jwt'));
}

/**
 * RFC 7515 section 4.1.9: compared without case, `application/` may be left out. Logout tokens, DPoP proofs, security
 * events and client assertions carry a `typ` of their own and are signed by the same keys: they are not for here.
 * Absent is taken for `JWT`, since Kubernetes leaves it out.
 */
function readTyp(header: JsonObject): TokenHeader['typ'] | undefined {
  if (!Object.hasOwn(header, 'typ')) return 'none';
  const typ = member(header, 'typ');
  if (typeof typ !== 'string') return undefined;
  const name = typ.toLowerCase().replace(/^application\//, '');
  return name === 'jwt' || name === 'at+jwt' ? name : undefined;
}
