import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeRefusal } from '../../shared/identity/describe-refusal.ts';
import { b64 } from './forge.ts';
import { authenticator, agentToken, inThisWorld } from './world.ts';

inThisWorld();

describe('whatever is sent', () => {
  const refusedNot = async (sent: string | undefined) => {
    const result = await authenticator.authenticate(sent);
    expect(result.ok).toBe(false);
    if (result.ok) return;
    const answer = describeRefusal(result.error);
    expect([401, 403, 503]).toContain(answer.status);
    expect(answer.detail).toMatch(/\.$/);
    // What stands in WWW-Authenticate must be a quoted-string of RFC 9110: one line, printable.
    if (answer.challenge !== undefined) expect(answer.challenge).toMatch(/^[\x20-\x7e]+$/);
  };

  it('as a header is refused and never throws', async () => {
    const anything = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `Bearer ${text}`),
    );
    await fc.assert(fc.asyncProperty(anything, refusedNot), { numRuns: 500 });
  });

  it('as JSON in header and payload is refused and never throws', async () => {
    const part = fc.oneof(
      fc.json(),
      fc
        .dictionary(fc.constantFrom('alg', 'kid', 'typ', 'iss', 'exp', '__proto__'), fc.jsonValue())
        .map((value) => JSON.stringify(value)),
    );
    const parts = fc.tuple(part, part).map(([head, body]) => `Bearer ${b64(head)}.${b64(body)}.AAAA`);
    await fc.assert(fc.asyncProperty(parts, refusedNot), { numRuns: 500 });
  });

  it('as claims of a genuine token never throws, and trusts nobody without the claims of a rule', async () => {
    const names = fc.constantFrom(
      'sub',
      'aud',
      'exp',
      'iat',
      'nbf',
      'act',
      'groups',
      'environment',
      'kubernetes.io',
      'cnf',
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(names, fc.jsonValue()), async (more) => {
        await refusedNot(`Bearer ${agentToken({ ...more, repository_id: undefined, project_id: undefined })}`);
      }),
      { numRuns: 200 },
    );
  });

  it('in a good token, one flipped bit anywhere is refused', async () => {
    const token = agentToken();
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.integer({ min: 0, max: 6 }), async (index, bit) => {
        const flipped = String.fromCharCode(token.charCodeAt(index) ^ (1 << bit));
        await refusedNot(`Bearer ${token.slice(0, index)}${flipped}${token.slice(index + 1)}`);
      }),
      { numRuns: 500 },
    );
  });
});
