import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barredFromVoting, tally, type Vote } from '../../shared/domain/approval.ts';
import { agentKey, type Agent, type Person } from '../../shared/domain/caller.ts';
import type { Ask } from '../../shared/domain/decision.ts';
import { agent, SEAL } from '../support/chains.ts';

const ask = (group: string, quorum = 1): Ask => ({ group, quorum, expiresSeconds: 60 });
const vote = (person: string, groups: string[], more: Partial<Vote> = {}): Vote => ({
  person,
  verdict: 'approve',
  seal: SEAL,
  groups,
  via: 'api',
  at: '2026-11-21T10:00:00.000Z',
  ...more,
});

describe('counting votes', () => {
  const other = { seal: 'b'.repeat(64) };
  test.each<[string, Ask[], Vote[], string, string[]]>([
    ['nobody has voted', [ask('dba')], [], 'open', []],
    ['one of one', [ask('dba')], [vote('a', ['dba'])], 'approved', ['dba']],
    ['one of two', [ask('dba', 2)], [vote('a', ['dba'])], 'open', []],
    ['one person twice of two', [ask('dba', 2)], [vote('a', ['dba']), vote('a', ['dba'])], 'open', []],
    ['two of two', [ask('dba', 2)], [vote('a', ['dba']), vote('b', ['dba'])], 'approved', ['dba']],
    ['two of two by two ways', [ask('dba', 2)], [vote('a', ['dba'], { via: 'slack' }), vote('a', ['dba'])], 'open', []],
    ['of the wrong group', [ask('dba')], [vote('a', ['sec'])], 'open', []],
    ['of no group', [ask('dba')], [vote('a', [])], 'open', []],
    ['one group of two', [ask('dba'), ask('sec')], [vote('a', ['dba'])], 'open', ['dba']],
    ['one person in both groups', [ask('dba'), ask('sec')], [vote('a', ['dba', 'sec'])], 'approved', ['dba', 'sec']],
    ['two asked of both, one in both', [ask('dba', 2), ask('sec')], [vote('a', ['dba', 'sec'])], 'open', ['sec']],
    ['for another seal', [ask('dba')], [vote('a', ['dba'], other)], 'open', []],
    ['nobody asked', [], [vote('a', ['dba'])], 'open', []],
    ['a quorum of nobody', [ask('dba', 0)], [], 'open', []],
    ['a quorum below nobody', [ask('dba', -1)], [], 'open', []],
  ])('%s', (_what, asks, votes, state, satisfied) => {
    expect(tally(asks, votes, SEAL)).toEqual({ state, satisfied });
  });

  const no: Partial<Vote> = { verdict: 'deny', comment: 'no' };
  test.each<[string, Vote[], boolean]>([
    ['of one who is asked', [vote('a', ['dba'], no)], true],
    ['after enough said yes', [vote('a', ['dba']), vote('b', ['dba'], no)], true],
    ['of one who said yes before', [vote('a', ['dba']), vote('a', ['dba'], no)], true],
    ['of one who is not asked', [vote('a', ['sec'], no)], false],
    ['for another seal', [vote('a', ['dba'], { ...no, ...other })], false],
  ])('a denial %s', (_what, votes, denies) => {
    expect(tally([ask('dba', 2)], votes, SEAL).state === 'denied').toBe(denies);
  });

  test.each<[string, Ask, Vote[], string]>([
    ['one no of two', { ...ask('dba'), denials: 2 }, [vote('a', ['dba'], no)], 'open'],
    [
      'one person twice of two',
      { ...ask('dba'), denials: 2 },
      [vote('a', ['dba'], no), vote('a', ['dba'], no)],
      'open',
    ],
    ['two of two', { ...ask('dba'), denials: 2 }, [vote('a', ['dba'], no), vote('b', ['dba'], no)], 'denied'],
    ['one of another group', { ...ask('dba'), denials: 2 }, [vote('a', ['dba'], no), vote('b', ['sec'], no)], 'open'],
    ['a no taken back', { ...ask('dba'), denials: 2 }, [vote('a', ['dba'], no), vote('a', ['dba'])], 'approved'],
    ['a yes taken back', { ...ask('dba'), denials: 2 }, [vote('a', ['dba']), vote('a', ['dba'], no)], 'open'],
    ['a yes beside a no', { ...ask('dba'), denials: 2 }, [vote('a', ['dba'], no), vote('b', ['dba'])], 'approved'],
    ['no threshold at all', { ...ask('dba'), denials: 0 }, [vote('a', ['dba'], no)], 'denied'],
  ])('with a threshold of denials: %s', (_what, asked, votes, state) => {
    expect(tally([asked], votes, SEAL).state).toBe(state);
  });

  const either: Ask = { ...ask('dba', 2), escalation: { group: 'sec', afterSeconds: 30 } };
  test.each<[string, Vote[], string[], string]>([
    ['before it is asked', [vote('a', ['sec']), vote('b', ['sec'])], [], 'open'],
    ['once it is asked', [vote('a', ['sec']), vote('b', ['sec'])], ['sec'], 'approved'],
    ['too few of it', [vote('a', ['sec'])], ['sec'], 'open'],
    ['one of each', [vote('a', ['dba']), vote('b', ['sec'])], ['sec'], 'open'],
    ['the first group after all', [vote('a', ['dba']), vote('b', ['dba'])], ['sec'], 'approved'],
    ['its denial before', [vote('a', ['sec'], no)], [], 'open'],
    ['its denial after', [vote('a', ['sec'], no)], ['sec'], 'denied'],
    ['another group that nobody named', [vote('a', ['ops']), vote('b', ['ops'])], ['ops'], 'open'],
  ])('of a second group: %s', (_what, votes, escalated, state) => {
    expect(tally([either], votes, SEAL, escalated).state).toBe(state);
  });

  test('never approves without as many distinct people of every group as it asks', () => {
    const groups = ['dba', 'sec', 'ops'];
    const votes = fc.array(
      fc.record({ person: fc.constantFrom('a', 'b', 'c', 'd'), groups: fc.subarray(groups), mine: fc.boolean() }),
      { maxLength: 12 },
    );
    const asks = fc.uniqueArray(
      fc.record({ group: fc.constantFrom(...groups), quorum: fc.integer({ min: 0, max: 3 }) }),
      { selector: ({ group }) => group },
    );
    fc.assert(
      fc.property(asks, votes, (wanted, cast) => {
        const counted = tally(
          wanted.map(({ group, quorum }) => ask(group, quorum)),
          cast.map(({ person, groups: own, mine }) => vote(person, own, mine ? {} : other)),
          SEAL,
        );
        const people = (group: string) =>
          new Set(cast.filter(({ mine, groups: own }) => mine && own.includes(group)).map(({ person }) => person)).size;
        const enough = wanted.length > 0 && wanted.every(({ group, quorum }) => people(group) >= Math.max(1, quorum));
        expect(counted.state).toBe(enough ? 'approved' : 'open');
      }),
    );
  });
});

describe('who may not vote', () => {
  const asks = [ask('dba')];
  const person: Person = {
    kind: 'person',
    id: 'ann',
    name: 'bot',
    groups: ['dba'],
    identities: [
      { issuer: 'https://people.example', subject: 'ann-1' },
      { issuer: 'https://old.example', subject: 'ann-0' },
    ],
  };
  test.each<[string, Partial<Agent>, Partial<Person>, string | undefined]>([
    ['who is asked and not involved', {}, {}, undefined],
    ['the owner', { owner: 'ann' }, {}, 'own_agent'],
    ['the owner, though not asked', { owner: 'ann' }, { groups: [] }, 'own_agent'],
    ['another owner of the same name', { owner: 'bot', name: 'ann' }, {}, undefined],
    ['whom the agent acts for', { act: [{ issuer: 'https://people.example', subject: 'ann-1' }] }, {}, 'acts_for'],
    [
      'whom it acts for through others',
      {
        act: [
          { issuer: 'https://ci.example', subject: 'x' },
          { issuer: 'https://old.example', subject: 'ann-0' },
        ],
      },
      {},
      'acts_for',
    ],
    [
      'the same subject of another issuer',
      { act: [{ issuer: 'https://else.example', subject: 'ann-1' }] },
      {},
      undefined,
    ],
    [
      'the subject in the place of the issuer',
      { act: [{ issuer: 'ann-1', subject: 'https://people.example' }] },
      {},
      undefined,
    ],
    ['who is the agent itself', { issuerUrl: 'https://people.example', subject: 'ann-1' }, {}, 'acts_for'],
    ['who only shares its name', { name: 'ann', subject: 'ann' }, { name: 'bot' }, undefined],
    ['who is in no group that is asked', {}, { groups: ['sec', 'DBA', 'dba '] }, 'not_asked'],
  ])('%s', (_what, more, who, why) => {
    expect(barredFromVoting({ ...person, ...who }, { ...agent, ...more }, asks)).toBe(why);
  });
});

test('no two agents share a key, wherever the line between issuer and subject lies', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '|', ':', '1', '2'), maxLength: 6 });
  fc.assert(
    fc.property(text, text, text, text, (issuerUrl, subject, otherIssuer, otherSubject) => {
      const same = issuerUrl === otherIssuer && subject === otherSubject;
      expect(agentKey({ issuerUrl, subject }) === agentKey({ issuerUrl: otherIssuer, subject: otherSubject })).toBe(
        same,
      );
    }),
  );
});
