import * as z from 'zod';

/** The JSON in the secret that configuration names under `slack.secretArn`. */
export const slackSecretSchema = z.object({
  botToken: z.string().regex(/^xox[a-z](\.xox[a-z])?-[A-Za-z0-9-]{8,512}$/, 'a bot token of Slack, xoxb-…'),
  signingSecret: z.string().min(16).max(256),
});
export type SlackSecret = z.output<typeof slackSecretSchema>;

/**
 * What a button carries, and the deny form after it: which question the answer is for. Both are checked again by the
 * story; they are here so that an old message can never answer a newer question.
 */
export const ballotRefSchema = z.strictObject({
  session: z.string().min(1).max(100),
  seal: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BallotRef = z.output<typeof ballotRefSchema>;

/** What the buttons under a broken glass carry, and the form behind them. */
export const reviewRefSchema = z.strictObject({
  session: z.string().min(1).max(100),
  verdict: z.enum(['accepted', 'objected']),
});
export type ReviewRef = z.output<typeof reviewRefSchema>;

const slackId = (first: string) => z.string().regex(new RegExp(`^[${first}][A-Z0-9]{2,20}$`));

/** Who pressed, and in which workspace. `user.team_id` is the person's own workspace: another one in a shared channel. */
const origin = {
  team: z.object({ id: slackId('TE') }).nullable(),
  enterprise: z.object({ id: slackId('E') }).nullish(),
  user: z.object({ id: slackId('UW'), team_id: slackId('TE').optional() }),
};

/** Slack reference: block_actions payload. Members not named here are Slack's to add, and are not read. */
export const blockActionsSchema = z.object({
  type: z.literal('block_actions'),
  ...origin,
  trigger_id: z.string().max(500).optional(),
  response_url: z.url().max(2_000).optional(),
  /** The message it was pressed on. */
  container: z
    .object({ channel_id: z.string().min(1).max(50), message_ts: z.string().min(1).max(50) })
    .optional()
    .catch(undefined),
  actions: z
    .array(z.object({ action_id: z.string().max(255), value: z.string().max(2_000).optional() }))
    .min(1)
    .max(25),
});

/** Slack reference: view_submission payload. */
export const viewSubmissionSchema = z.object({
  type: z.literal('view_submission'),
  ...origin,
  view: z.object({
    callback_id: z.string().max(255),
    private_metadata: z.string().max(3_000),
    state: z.object({
      values: z.record(z.string(), z.record(z.string(), z.object({ value: z.string().max(3_000).nullish() }))),
    }),
  }),
});

export const interactionSchema = z.discriminatedUnion('type', [blockActionsSchema, viewSubmissionSchema]);
export type Interaction = z.output<typeof interactionSchema>;
