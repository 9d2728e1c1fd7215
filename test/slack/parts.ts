import { expect } from 'vitest';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLocalSlack } from '../../infra/local/slack/local-slack.ts';
import type { LocalSlack } from '../../infra/local/slack/local-slack.ts';
import type { SlackSettings } from '../../infra/local/slack/settings.ts';
import type { Ballot, BallotReceipt, BallotRefusal } from '../../shared/gateway/ports/ballot.ts';
import type { ReviewBallot, ReviewReceipt, ReviewRefusal } from '../../shared/gateway/ports/review-ballot.ts';
import { ok } from '../../shared/platform/result.ts';
import type { Result } from '../../shared/platform/result.ts';
import { createSlackInteractions } from '../../shared/slack/interactions.ts';
import { createSlackNotifier } from '../../shared/slack/notifier.ts';

/** `expect.stringContaining` without its `any`. */
export const containing = (text: string): unknown => expect.stringContaining(text);

export const TEAM = 'T0ACME0001';
export const CHANNEL = 'C0DBAS0001';
export const DBA = 'U0DBA00001';
export const FOREIGNER = 'U0FOREIGN1';

export const settings: SlackSettings = {
  version: 1,
  workspace: { id: TEAM, name: 'Acme', domain: 'acme' },
  channels: [{ id: CHANNEL, name: 'dba-approvals', topic: 'Statements that wait for a database administrator' }],
  users: [
    { id: DBA, name: 'dba-1', realName: 'Dana Berg', title: 'Database administrator' },
    { id: 'U0INTERN01', name: 'intern', realName: 'Ivo Nemec', title: 'Intern, may not vote' },
    { id: FOREIGNER, name: 'guest', realName: 'Gus Guest', title: 'Another company', team: 'T0OTHER001' },
  ],
};

/** Keeps what is logged, so that tests can look for what must not be in it. */
export const logged: string[] = [];
const keep = (message: string, facts?: object) => void logged.push(`${message} ${JSON.stringify(facts)}`);
export const quiet = { info: keep, warn: keep, error: keep };

/** A stand-in for the story that counts votes: it keeps the ballots and answers what the test says. */
export interface Ballots {
  readonly cast: Ballot[];
  readonly reviews: ReviewBallot[];
  review: (review: ReviewBallot) => Promise<Result<ReviewReceipt, ReviewRefusal>>;
  answer: (ballot: Ballot) => Promise<Result<BallotReceipt, BallotRefusal>>;
}

export interface Bench {
  readonly url: string;
  readonly slack: LocalSlack;
  readonly ballots: Ballots;
  readonly notifier: ReturnType<typeof createSlackNotifier>;
  /** POSTs JSON to a control of the local Slack. */
  readonly control: (name: string, body: object) => Promise<{ status: number; body: Record<string, unknown> }>;
  readonly messages: () => Promise<{ ts: string; text: string; blocks: unknown[]; onlyFor?: string }[]>;
  readonly close: () => Promise<void>;
}

/** The local Slack and our interactions behind one HTTP server, as the embedded stack has them. */
export async function startBench(
  options: { stateDir?: string; port?: number; team?: string; ackTimeoutMs?: number; clock?: () => Date } = {},
): Promise<Bench> {
  const stateDir = options.stateDir ?? mkdtempSync(join(tmpdir(), 'countersign-slack-'));
  const ballots: Ballots = {
    cast: [],
    reviews: [],
    review: ({ verdict }) => Promise.resolve(ok({ kind: 'closed', verdict })),
    answer: () => Promise.resolve(ok({ kind: 'counted', state: 'approved', status: 'running' })),
  };
  let url = '';
  const slack = await createLocalSlack({
    stateDir,
    settings,
    baseUrl: () => url,
    ackTimeoutMs: options.ackTimeoutMs ?? 15_000,
  });
  const server = createServer((request, response) => {
    void slack.handle(request, response).then(async (taken) => {
      if (taken) return;
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const headers = request.headers as Record<string, string>;
      const answer = await interactions.handle({ headers, rawBody: Buffer.concat(chunks) });
      response.writeHead(answer.status, answer.headers).end(answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const secret = () => Promise.resolve(ok(slack.secret));
  const interactions = createSlackInteractions({
    secret,
    team: options.team ?? TEAM,
    apiUrl: slack.apiUrl(),
    clock: () => new Date(),
    log: quiet,
    castBallot: (ballot) => {
      ballots.cast.push(ballot);
      return ballots.answer(ballot);
    },
    castReview: (review) => {
      ballots.reviews.push(review);
      return ballots.review(review);
    },
  });
  const post = (path: string, body: object) =>
    fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  return {
    url,
    slack,
    ballots,
    notifier: createSlackNotifier({ apiUrl: slack.apiUrl(), secret, clock: options.clock ?? (() => new Date()) }),
    control: async (name, body) => {
      const response = await post(`/slack/api/${name}`, body);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    messages: async () => {
      const response = await fetch(`${url}/slack/api/messages`);
      const answer = (await response.json()) as {
        messages: { ts: string; text: string; blocks: unknown[]; onlyFor?: string }[];
      };
      return answer.messages;
    },
    close: async () => {
      await slack.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      if (options.stateDir === undefined) rmSync(stateDir, { recursive: true });
    },
  };
}
