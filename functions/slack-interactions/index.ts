import { controlsOf, sessionsOf, workflowOf } from '../../shared/aws/record.ts';
import { interactionsOf } from '../../shared/aws/slack-interactions.ts';
import { surroundings } from '../../shared/aws/surroundings.ts';
import { castBallot } from '../../shared/gateway/approval/cast-ballot.ts';
import { createHandler } from './handler.ts';

const world = surroundings();
const deps = { ...world, store: sessionsOf(world.clock), controls: controlsOf(), workflow: workflowOf() };

export const handler = createHandler(interactionsOf(world, (ballot) => castBallot(deps, ballot)));

// Slack gives a click 3 s. What the first one needs is loaded before it, while Lambda still lends a whole core.
await import('@slack/bolt');
