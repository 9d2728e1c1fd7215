import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES, verifySignature } from '../../shared/slack/signature.ts';

const SECRET = 'a-signing-secret-of-32-characters';
const NOW = new Date('2026-11-21T06:00:00.000Z');
const second = NOW.getTime() / 1_000;

const sign = (body: Uint8Array, timestamp: string | number, secret = SECRET) =>
  `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest('hex')}`;
const check = (body: Uint8Array, timestamp: string | undefined, signature: string | undefined) =>
  verifySignature(SECRET, { 'x-slack-signature': signature, 'x-slack-request-timestamp': timestamp }, body, NOW);
const bytes = (text: string) => new TextEncoder().encode(text);

describe('a request of Slack', () => {
  it.each([0, 299, 300, -299, -300])('is taken at %d s of age', (age) => {
    const timestamp = String(second - age);
    expect(check(bytes('payload=x'), timestamp, sign(bytes('payload=x'), timestamp)).ok).toBe(true);
  });

  it.each([301, 86_400, -301, -86_400])('is refused at %d s of age, correctly signed or not', (age) => {
    const timestamp = String(second - age);
    expect(check(bytes('payload=x'), timestamp, sign(bytes('payload=x'), timestamp))).toEqual({
      ok: false,
      error: 'timestamp_out_of_range',
    });
  });

  it('is checked on its bytes, which need not be text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), fc.integer({ min: 1, max: 255 }), (body, at, flip) => {
        const signature = sign(body, second);
        expect(check(body, String(second), signature).ok).toBe(true);
        const other = Uint8Array.from(body.length === 0 ? [flip] : body, (byte, index) =>
          body.length > 0 && index === at % body.length ? byte ^ flip : byte,
        );
        expect(check(other, String(second), signature)).toEqual({ ok: false, error: 'signature_mismatch' });
      }),
    );
  });

  it.each([
    ['no timestamp', undefined],
    ['an empty one', ''],
    ['a fraction', `${second}.0`],
    ['an exponent', '1.7951e9'],
    ['a sign', `+${second}`],
    ['blanks', ` ${second}`],
    ['hex', '0x6b000000'],
    ['a leading zero', `0${second}`],
    ['two of them', `${second},${second}`],
    ['milliseconds', `${second}000`],
    ['other digits', '１７９５２４０８００'],
    ['NaN', 'NaN'],
    ['a newline', `${second}\n`],
  ])('is refused with %s for a timestamp, though signed with it', (_, timestamp) => {
    expect(check(bytes('x'), timestamp, sign(bytes('x'), timestamp ?? ''))).toEqual({
      ok: false,
      error: 'headers_malformed',
    });
  });

  const good = sign(bytes('x'), second);
  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['one without version', good.slice(3)],
    ['another version', good.replace('v0', 'v1')],
    ['upper case', good.toUpperCase()],
    ['one cut short', good.slice(0, -1)],
    ['one with more', `${good}0`],
    ['two of them', `${good},${good}`],
    ['a newline', `${good}\n`],
    ['blanks', ` ${good}`],
  ])('is refused with %s for a signature', (_, signature) => {
    expect(check(bytes('x'), String(second), signature)).toEqual({ ok: false, error: 'headers_malformed' });
  });

  it('is refused when signed with another secret', () => {
    expect(check(bytes('x'), String(second), sign(bytes('x'), second, 'another secret entirely'))).toEqual({
      ok: false,
      error: 'signature_mismatch',
    });
  });

  it('is refused unread when its body is too large', () => {
    expect(check(new Uint8Array(MAX_BODY_BYTES + 1), String(second), good)).toEqual({
      ok: false,
      error: 'body_too_large',
    });
  });

  it('is refused when our own clock is broken', () => {
    const headers = { 'x-slack-signature': good, 'x-slack-request-timestamp': String(second) };
    expect(verifySignature(SECRET, headers, bytes('x'), new Date(NaN))).toEqual({
      ok: false,
      error: 'timestamp_out_of_range',
    });
  });

  it('is never checked against an empty secret, which anyone could sign with', () => {
    const headers = { 'x-slack-signature': sign(bytes('x'), second, ''), 'x-slack-request-timestamp': String(second) };
    expect(() => verifySignature('', headers, bytes('x'), NOW)).toThrow('empty');
  });
});
