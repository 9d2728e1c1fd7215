import { notifierOf } from '../../shared/aws/notifier.ts';
import { blobsOf, controlsOf, noticesOf, sessionsOf, workflowOf } from '../../shared/aws/record.ts';
import { interactionsOf } from '../../shared/aws/slack-interactions.ts';
import { surroundingsWithoutPolicies } from '../../shared/aws/surroundings-without-policies.ts';
import { castBallot } from '../../shared/gateway/approval/cast-ballot.ts';
import { castReview } from '../../shared/gateway/approval/cast-review.ts';
import { createAfterwards } from '../../shared/gateway/approval/keep-up-to-date.ts';
import { mendPressed } from '../../shared/gateway/approval/mend-pressed.ts';
import { showingVotes, showingReviews } from '../../shared/gateway/approval/show-answers.ts';
import { createHandler } from './handler.ts';

const world = surroundingsWithoutPolicies();
const deps = {
  ...world,
  store: sessionsOf(world.clock),
  controls: controlsOf(),
  blobs: blobsOf(world.clock),
  workflow: workflowOf(),
  notices: noticesOf(),
  notifier: notifierOf(world),
};
const afterwards = createAfterwards(world);

export const handler = createHandler(
  interactionsOf(world, {
    castBallot: showingVotes(deps, afterwards, (ballot) => castBallot(deps, ballot)),
    castReview: showingReviews(deps, afterwards, (ballot) => castReview(deps, ballot)),
    pressed: (session, on) => {
      afterwards.begin(() => mendPressed(deps, session, on));
    },
  }),
  afterwards,
);

// Slack gives a click 3 s. What the first one needs is loaded before it, while Lambda still lends a whole core.
await Promise.all([import('../../shared/slack/bolt.ts'), import('../../shared/slack/web-api.ts')]);
