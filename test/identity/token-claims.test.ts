import { describe, expect, it } from 'vitest';
import { NOW, AUDIENCE, agentToken, authenticate, inThisWorld } from './world.ts';

inThisWorld();

describe('a genuine token is refused for its claims', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['another audience', { aud: 'sts.amazonaws.com' }, 'wrong_audience'],
    ['an audience that begins like ours', { aud: `${AUDIENCE}-dev` }, 'wrong_audience'],
    ['an audience in other letters', { aud: 'Countersign' }, 'wrong_audience'],
    ['no audience', { aud: undefined }, 'malformed_claim'],
    ['an empty list of audiences', { aud: [] }, 'malformed_claim'],
    ['audiences that are not all text', { aud: [AUDIENCE, 1] }, 'malformed_claim'],
    [
      'eleven audiences',
      { aud: [...Array.from({ length: 10 }, (_, index) => String(index)), AUDIENCE] },
      'malformed_claim',
    ],
    ['an audience that is an object', { aud: { [AUDIENCE]: true } }, 'malformed_claim'],
    ['an expiry that has come', { exp: NOW }, 'expired'],
    ['an expiry long past', { iat: NOW - 1_000, exp: NOW - 500 }, 'expired'],
    ['no expiry', { exp: undefined }, 'malformed_claim'],
    ['an expiry as text', { exp: String(NOW + 600) }, 'malformed_claim'],
    ['a fractional expiry', { exp: NOW + 0.5 }, 'malformed_claim'],
    ['an expiry past all dates', { exp: Number.MAX_SAFE_INTEGER }, 'malformed_claim'],
    ['an expiry of null', { exp: null }, 'malformed_claim'],
    ['an expiry in a hundred years', { exp: NOW + 3_153_600_000 }, 'lives_too_long'],
    ['a life one second too long', { iat: NOW, exp: NOW + 3_601 }, 'lives_too_long'],
    ['no time of issue', { iat: undefined }, 'malformed_claim'],
    ['a negative time of issue', { iat: -1 }, 'malformed_claim'],
    ['a time of issue after the expiry', { iat: NOW + 20, exp: NOW + 10 }, 'malformed_claim'],
    ['a time of issue in the future', { iat: NOW + 31, exp: NOW + 600 }, 'not_yet_valid'],
    ['a time of issue in the future though it began', { nbf: NOW - 10, iat: NOW + 31 }, 'not_yet_valid'],
    ['a start in the future', { nbf: NOW + 31 }, 'not_yet_valid'],
    ['a start as text', { nbf: 'now' }, 'malformed_claim'],
    ['no subject', { sub: undefined }, 'malformed_claim'],
    ['an empty subject', { sub: '' }, 'malformed_claim'],
    ['a subject of 256 characters', { sub: 'a'.repeat(256) }, 'malformed_claim'],
    ['a subject with a newline at the end', { sub: 'a\n' }, 'malformed_claim'],
    ['a subject with NUL', { sub: 'a\u0000b' }, 'malformed_claim'],
    ['a subject that reads backwards', { sub: 'repo:\u202Eacme' }, 'malformed_claim'],
    ['a subject with a blank at the end', { sub: 'a ' }, 'malformed_claim'],
    ['a subject that is a number', { sub: 7 }, 'malformed_claim'],
    ['a subject in a list', { sub: ['a'] }, 'malformed_claim'],
    ['an actor that is text', { act: 'ann' }, 'malformed_claim'],
    ['an actor that is null', { act: null }, 'malformed_claim'],
    ['an actor without a subject', { act: { iss: 'https://idp' } }, 'malformed_claim'],
    ['an actor with a broken issuer', { act: { sub: 'a', iss: 7 } }, 'malformed_claim'],
    [
      'six actors',
      {
        act: {
          sub: '1',
          act: { sub: '2', act: { sub: '3', act: { sub: '4', act: { sub: '5', act: { sub: '6' } } } } },
        },
      },
      'malformed_claim',
    ],
    ['groups that are text', { groups: 'ci' }, 'malformed_claim'],
    ['fifty-one groups', { groups: Array.from({ length: 51 }, (_, index) => `g${String(index)}`) }, 'malformed_claim'],
    ['a group that is no text', { groups: ['ci', 1] }, 'malformed_claim'],
    ['a group with an invisible character', { groups: ['c\u200Bi'] }, 'malformed_claim'],
    ['an empty group', { groups: [''] }, 'malformed_claim'],
    ['a key of its holder', { cnf: { jkt: 'x' } }, 'sender_constrained'],
    ['being a logout token without a typ', { events: {} }, 'malformed_claim'],
    ['another repository', { repository_id: '610202' }, 'not_trusted'],
    ['a repository that is a prefix', { repository_id: '6102010' }, 'not_trusted'],
    ['a repository in a list', { repository_id: ['610201'] }, 'not_trusted'],
    ['half of what its rule asks for', { environment: undefined }, 'not_trusted'],
    ['truth written as text', { repository_id: undefined, project_id: 42, protected: 'true' }, 'not_trusted'],
    [
      'a nested claim flattened',
      { repository_id: undefined, '/kubernetes.io/serviceaccount/uid': 'uid-1' },
      'not_trusted',
    ],
  ])('%s', async (_what, more, kind) => {
    expect(await authenticate(agentToken(more))).toMatchObject({ ok: false, error: { kind } });
  });
});
