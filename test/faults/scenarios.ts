import { HIGHEST_LEASED } from './checks.ts';
import type { ConfigurationName } from './configurations.ts';
import type { Play } from './play.ts';
import type { Scenario } from './scenario.ts';
import type { TargetWay } from './target.ts';
import type { Weather } from './trouble.ts';

const FAIR: Weather = { odds: {} };
const CRASHES: Weather = { odds: { 'dies before': 2, 'dies after': 2 } };

/** One write that one person's yes lets run, one that two must say yes to, and now and then a read beside them. */
function usual(play: Play, { votes = true } = {}): void {
  const { random } = play;
  const two = random.chance(0.4);
  play.sometime(5, () => play.request('w', 'UPDATE customers -- one', two ? 'ledger' : 'orders'));
  if (random.chance(0.3)) play.sometime(200, () => play.request('r', 'SELECT customers -- two'));
  const id = idOf(play, 'w');
  if (votes && random.chance(0.9)) play.sometime(280, () => play.vote(id, 'dba-1'), 6);
  if (votes && random.chance(two ? 0.9 : 0.3)) play.sometime(280, () => play.vote(id, 'dba-2'), 6);
  if (random.chance(0.3)) play.sometime(400, () => play.poll(id), 6);
}

const idOf = (play: Play, key: string): string => play.idOf(key);

function deploySometimes(names: readonly ConfigurationName[]) {
  return (play: Play): void => {
    usual(play);
    for (let count = play.random.between(1, 3); count > 0; count -= 1)
      play.sometime(320, () => {
        play.world.deploy(play.random.pick([...names, 'usual']));
      });
  };
}

/** A port is down for a while, once or twice; sometimes until the storm is over. */
function outages(ports: readonly string[]) {
  return (play: Play): void => {
    usual(play);
    const { down } = play.world.weatherman;
    for (let count = play.random.between(1, 2); count > 0; count -= 1) {
      const port = play.random.pick(ports);
      play.sometime(300, () => {
        play.simulation.note(`☂ ${port} is down`);
        down.add(port);
        play.sometime(play.random.pick([5, 60, 600]), () => down.delete(port));
      });
    }
  };
}

const LATE_VOTES = ['dba-1', 'dba-2', 'both', 'lead', 'sec-1', 'nobody'] as const;
const BAD_TARGET: readonly TargetWay[] = [
  'answers',
  'refuses',
  'unavailable',
  'resets',
  'hangs',
  'throws',
  'dies before',
  'dies after',
];

export const SCENARIOS: readonly Scenario[] = [
  { name: 'nothing goes wrong', reaches: ['succeeded', 'expired'], settings: { weather: FAIR }, script: usual },
  {
    name: 'processes die before and after every write and call',
    reaches: ['succeeded', 'failed'],
    settings: { weather: CRASHES },
    script: usual,
  },
  {
    name: 'callbacks come twice, out of order, and from old messages',
    reaches: ['succeeded', 'denied'],
    settings: { weather: FAIR },
    script: (play) => {
      usual(play);
      const id = idOf(play, 'w');
      for (let count = play.random.between(2, 8); count > 0; count -= 1) {
        const person = play.random.pick(LATE_VOTES);
        const seal = play.random.chance(0.3) ? play.random.hex(64) : undefined;
        play.sometime(
          400,
          () => play.vote(id, person, play.random.chance(0.8) ? 'approve' : 'deny', seal === undefined ? {} : { seal }),
          6,
        );
        if (play.random.chance(0.5))
          play.sometime(
            400,
            () =>
              play.task('concludeapproval', {
                session: id,
                outcome: play.random.pick(['approved', 'denied', 'expired', 'failed']),
              }),
            6,
          );
      }
    },
  },
  {
    name: 'a yes, a no and a cancel race',
    reaches: ['succeeded', 'denied', 'cancelled'],
    settings: { weather: { odds: { slow: 3 } } },
    script: (play) => {
      usual(play, { votes: false });
      const id = idOf(play, 'w');
      const at = play.random.between(8, 290);
      for (const [person, verdict] of [
        ['dba-1', 'approve'],
        ['dba-2', 'approve'],
        ['both', 'deny'],
      ] as const)
        if (play.random.chance(0.8)) play.sometime(at + 1, () => play.vote(id, person, verdict), at);
      if (play.random.chance(0.5)) play.sometime(at + 1, () => play.cancel(id), at);
    },
  },
  {
    name: 'the token is sent to a throttled workflow, or its answer is lost',
    reaches: ['succeeded'],
    settings: {
      weather: { odds: { refused: 25, 'reply lost': 15, 'applied late': 10, 'dies before': 3 }, only: ['workflow'] },
    },
    script: usual,
  },
  {
    name: 'writes are applied and their answer is lost',
    reaches: ['succeeded', 'failed'],
    settings: { weather: { odds: { 'reply lost': 4, 'applied late': 3 } } },
    script: usual,
  },
  {
    name: 'approvals come around and after their time',
    reaches: ['succeeded', 'expired'],
    settings: { weather: { odds: { slow: 2, 'dies after': 1 } }, skew: 5_000 },
    script: (play) => {
      usual(play, { votes: false });
      const id = idOf(play, 'w');
      for (const person of ['dba-1', 'dba-2'] as const) play.sometime(312, () => play.vote(id, person), 290);
      if (play.random.chance(0.5)) play.sometime(420, () => play.vote(id, 'both'), 300);
    },
  },
  {
    name: 'a yes in the last seconds, and a slow way to the run',
    reaches: ['succeeded', 'expired'],
    settings: { weather: { odds: { slow: 12 }, only: ['store', 'workflow', 'runtime', 'blobs'] } },
    script: (play) => {
      play.sometime(2, () => play.request('w', 'UPDATE customers -- one', 'orders'));
      play.sometime(302, () => play.vote(idOf(play, 'w'), 'dba-1'), 270);
    },
  },
  {
    name: 'asking dies, fails and hangs again and again',
    reaches: ['succeeded', 'expired'],
    // Whatever happens while people are being asked, it is asked again, and no question fails for it.
    never: ['failed', 'unknown_outcome'],
    settings: {
      weather: {
        odds: { 'dies before': 6, 'dies after': 6, refused: 6, 'applied late': 3, slow: 6 },
        within: ['askapprovers', 'sweep'],
      },
    },
    script: (play) => {
      usual(play);
      play.sometime(3, () => play.request('m', 'UPDATE customers -- measured', 'measured'));
      for (const from of [20, 100, 200]) play.sometime(from + 80, () => play.vote(idOf(play, 'm'), 'dba-1'), from);
    },
  },
  {
    name: 'a glass is broken',
    reaches: ['succeeded', 'blocked', 'failed'],
    settings: {
      weather: { odds: { 'dies before': 1, 'dies after': 1, refused: 2, 'reply lost': 1, 'applied late': 1, slow: 2 } },
      target: ['answers', 'answers', 'refuses', 'resets', 'dies after'],
    },
    script: (play) => {
      const glass = { breakGlass: true, reason: 'incident' } as const;
      const id = idOf(play, 'w');
      play.sometime(5, () => play.request('w', 'UPDATE customers -- at once', 'glass', glass));
      play.sometime(60, () => play.request('no', 'UPDATE customers -- not here', 'orders', glass));
      play.sometime(60, () => play.request('ask', 'UPDATE customers -- people', 'glass'));
      play.sometime(280, () => play.vote(idOf(play, 'ask'), 'dba-1'), 70);
      for (const person of ['dba-1', 'dba-2', 'lead', 'sec-1'])
        if (play.random.chance(0.4))
          play.sometime(400, () => play.review(id, person, play.random.pick(['accepted', 'objected'])), 10);
      if (play.random.chance(0.2)) play.sometime(30, () => play.stop({ connection: 'glass' }));
    },
  },
  {
    name: 'approvals are good for a number of rows',
    reaches: ['succeeded', 'blocked'],
    settings: {
      weather: { odds: { 'dies before': 1, 'dies after': 1, refused: 1, 'reply lost': 1, twice: 2, slow: 2 } },
      target: ['answers', 'refuses', 'answers'],
    },
    script: (play) => {
      for (const name of ['capped', 'measured']) {
        const id = idOf(play, name);
        play.sometime(5, () => play.request(name, `UPDATE customers -- ${name}`, name));
        // A yes may come before the rows are measured, for the seal that is shown then.
        for (const person of ['dba-1', 'dba-2', 'both'])
          if (play.random.chance(0.5)) play.sometime(250, () => play.vote(id, person));
        play.sometime(290, () => play.vote(id, 'dba-1'), 100);
      }
    },
  },
  {
    name: 'an operator stops and resumes while it runs',
    reaches: ['succeeded', 'cancelled', 'blocked'],
    settings: { weather: { odds: { slow: 2, refused: 2, 'dies after': 1, twice: 1 } } },
    script: (play) => {
      usual(play);
      for (let count = play.random.between(1, 3); count > 0; count -= 1) {
        const at = play.random.between(5, 300);
        play.sometime(at + 1, () => play.stop(play.random.chance(0.5) ? { all: true } : { connection: 'orders' }), at);
        play.sometime(at + 60, () => play.resume(), at);
      }
      for (const key of ['a', 'b', 'c']) play.sometime(380, () => play.request(key, `SELECT customers -- ${key}`), 5);
    },
  },
  {
    name: 'an approver leaves the group meanwhile',
    reaches: ['succeeded', 'expired'],
    settings: { weather: { odds: { slow: 3 } } },
    script: deploySometimes(['approver gone']),
  },
  {
    name: 'configuration is deployed meanwhile',
    reaches: ['succeeded', 'expired'],
    settings: { weather: { odds: { slow: 3 } } },
    script: deploySometimes(['policy changed', 're-pointed', 'approvals not asked', 'writes forbidden', 'broken']),
  },
  {
    name: 'clocks differ by five seconds and go back',
    reaches: ['succeeded'],
    settings: { weather: { odds: { 'dies after': 0.5 } }, skew: 5_000 },
    script: usual,
  },
  {
    name: 'Slack is down for a while, or for ever',
    reaches: ['succeeded'],
    settings: { weather: { odds: { refused: 10 }, only: ['notifier'] } },
    script: outages(['notifier']),
  },
  {
    name: 'two runners take one task',
    reaches: ['succeeded', 'unknown_outcome'],
    settings: { weather: { odds: { slow: 2, 'dies after': 0.5 } }, target: ['answers', 'resets', 'dies after'] },
    script: (play) => {
      usual(play);
      const id = idOf(play, 'w');
      for (let count = play.random.between(2, 6); count > 0; count -= 1)
        play.sometime(300, () => play.task('runapproved', { session: id }), 6);
      // And at the very moment of the yes, beside the one that the workflow starts.
      play.sometime(
        280,
        async () => {
          await play.vote(id, play.random.pick(['dba-1', 'dba-2']));
          for (let count = 3; count > 0; count -= 1) void play.task('runapproved', { session: id });
        },
        6,
      );
    },
  },
  {
    name: 'the SDK sends writes again',
    reaches: ['succeeded'],
    settings: { weather: { odds: { twice: 12, 'reply lost': 1 } } },
    script: usual,
  },
  {
    name: 'the stream delivers twice, late, out of order, or never',
    reaches: ['succeeded'],
    settings: { weather: { odds: { 'dies after': 1 } }, streamTrouble: 80 },
    script: usual,
  },
  {
    name: 'the record cannot be reached for a while',
    reaches: ['succeeded', 'failed'],
    settings: { weather: { odds: { refused: 1 } } },
    script: outages(['store', 'blobs', 'outcomes', 'archive', 'meter', 'runtime']),
  },
  {
    name: 'the outcome cannot be written',
    reaches: ['succeeded'],
    settings: {
      weather: { odds: { refused: 60, 'reply lost': 10, 'dies after': 2 }, only: ['store.append', 'outcomes'] },
    },
    script: (play) => {
      usual(play);
      for (const key of ['a', 'b', 'c']) play.sometime(300, () => play.request(key, `SELECT customers -- ${key}`));
    },
  },
  {
    name: 'the target times out, resets, refuses, or takes the runner with it',
    reaches: ['succeeded', 'failed', 'unknown_outcome'],
    settings: { weather: { odds: { refused: 1 }, only: ['store.append'] }, target: BAD_TARGET },
    script: usual,
  },
  {
    name: 'an operator stops everything while it runs',
    reaches: ['succeeded', 'cancelled'],
    settings: { weather: { odds: { slow: 2, refused: 2, 'dies after': 1 } } },
    script: (play) => {
      usual(play);
      play.sometime(300, () => play.stop(play.random.chance(0.5) ? { all: true } : { connection: 'orders' }), 5);
      if (play.random.chance(0.6)) play.sometime(350, () => play.request('late', 'UPDATE customers -- late'), 200);
    },
  },
  {
    name: 'runners race for the last runs of a lease',
    reaches: ['succeeded', 'expired'],
    settings: {
      weather: { odds: { slow: 2, 'dies after': 1, 'reply lost': 1, twice: 2 } },
      target: ['answers', 'resets', 'dies after'],
    },
    script: (play) => {
      const id = idOf(play, 'w');
      play.sometime(3, () => play.request('w', 'UPDATE customers 1', 'vault'));
      const lease = {
        minutes: 4,
        runs: play.random.between(1, 3),
        rows: 1_000,
        bounds: [{ index: 0, min: '1', max: String(HIGHEST_LEASED) }],
      };
      play.sometime(60, () => play.vote(id, 'dba-1', 'approve', { lease }), 6);
      for (let number = 2; number < 9; number += 1) {
        const at = play.random.between(62, 330);
        const value = play.random.chance(0.8) ? number : HIGHEST_LEASED + number;
        const text = `UPDATE customers ${String(value)}`;
        for (const twin of ['a', 'b'].slice(0, play.random.between(1, 2)))
          play.sometime(
            at + 1,
            () => play.request(`${twin}${String(number)}`, twin === 'a' ? text : `${text} `, 'vault'),
            at,
          );
      }
      if (play.random.chance(0.2)) play.sometime(300, () => play.stop({ connection: 'vault' }), 60);
    },
  },
  {
    name: 'reminders and a second group race the votes',
    reaches: ['succeeded', 'expired'],
    settings: { weather: { odds: { slow: 2, 'dies after': 0.5, refused: 1 } } },
    script: (play) => {
      const id = idOf(play, 'w');
      play.sometime(3, () => play.request('w', 'UPDATE customers -- one', 'foreign'));
      for (const from of [95, 145, 265])
        for (const person of ['dba-1', 'sec-1'] as const)
          if (play.random.chance(0.3))
            play.sometime(from + 15, () => play.vote(id, person, play.random.chance(0.8) ? 'approve' : 'deny'), from);
    },
  },
  {
    name: 'everything at once',
    reaches: ['failed', 'unknown_outcome', 'denied'],
    settings: {
      weather: {
        odds: { 'dies before': 1, 'dies after': 1, refused: 2, 'reply lost': 1, 'applied late': 1, twice: 2, slow: 2 },
      },
      skew: 5_000,
      target: BAD_TARGET,
      streamTrouble: 30,
    },
    script: (play) => {
      deploySometimes(['approver gone', 'policy changed', 'broken'])(play);
      play.world.workflow.trouble = 5;
      const id = idOf(play, 'w');
      if (play.random.chance(0.3)) play.sometime(300, () => play.vote(id, 'both', 'deny'), 6);
      if (play.random.chance(0.2)) play.sometime(300, () => play.task('runapproved', { session: id }), 6);
    },
  },
];
