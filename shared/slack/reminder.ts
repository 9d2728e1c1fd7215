import type { ApprovalView } from '../domain/approval-view.ts';
import { describeNeeds, needsOf } from '../domain/approval.ts';
import type { Occasion } from '../domain/event.ts';
import { code, moment, prose } from './text.ts';

const OPENING: Readonly<Record<Occasion | 'review', string>> = {
  halfway: 'Half of the time is over.',
  last_call: 'Last call: nine tenths of the time are over.',
  escalation: 'There was no answer so far, so a second group is asked as well.',
  review: 'This ran under break-glass, and its review is still owed.',
};

/** A line in the thread of a question. It quotes nothing of the statement: what is answered is the message above it. */
export function reminderText(view: ApprovalView, occasion: Occasion | 'review'): string {
  const what = `${code(view.agent.name.slice(0, 100))} on ${code(view.connection)} (${code(view.environment)})`;
  const needs = needsOf(view.asks, view.votes, view.seal, view.escalated);
  const wanted =
    occasion === 'review'
      ? `Wanted: one of ${prose(view.asks.map((ask) => ask.group).join(', '))} who reads it and accepts or objects.`
      : `Wanted: ${prose(describeNeeds(needs))}, until ${moment(view.expiresAt)}.`;
  return `${OPENING[occasion]} ${what}, session ${code(view.session)}. ${wanted}`;
}
