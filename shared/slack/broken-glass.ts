import type { ApprovalView } from '../domain/approval-view.ts';
import type { SessionStatus } from '../domain/session-status.ts';
import type { Block } from './blocks.ts';
import { context, header, section } from './blocks.ts';
import * as parts from './message-parts.ts';
import { reviewButtons } from './review-form.ts';
import { code, codeBlock, link, moment, prose, upTo } from './text.ts';

const HEADLINE: Readonly<Partial<Record<SessionStatus, string>>> = {
  pending_approval: 'About to run under break-glass',
  running: 'Running under break-glass',
  succeeded: 'Ran under break-glass',
  failed: 'Tried under break-glass, and failed',
  unknown_outcome: 'Under break-glass, outcome unknown',
};

export const brokenGlassHeadline = (view: ApprovalView): string => HEADLINE[view.status] ?? 'Under break-glass';

/**
 * What people are told who were skipped: it was not their question any more, and so there is nothing to approve. What
 * they are asked for is to look, and the buttons for that stand under a statement that is shown whole, as everywhere.
 */
export function brokenGlass(view: ApprovalView, whole: boolean): Block[] {
  const closed = view.breakGlass?.review !== undefined;
  return [
    header(`${brokenGlassHeadline(view)}: ${view.connection} (${view.environment})`),
    section(opening(view)),
    ...review(view),
    parts.who(view),
    ...parts.why(view),
    ...(whole ? [...parts.matter(view), parts.effects(view)] : parts.beginning(view, false)),
    ...(closed || !whole ? [] : [reviewButtons(view)]),
    context(`Session ${code(view.session)} · ${link(view.link, 'whole session')}`),
  ];
}

function opening(view: ApprovalView): string {
  const groups = prose(view.asks.map((ask) => ask.group).join(', '));
  const ending = view.ending === undefined ? '' : ` ${upTo(600, view.ending, prose).text}`;
  return `Policy lets this agent run without waiting for ${groups}. *You were not asked; a review is owed.*${ending}`;
}

function review({ breakGlass }: ApprovalView): Block[] {
  const closed = breakGlass?.review;
  if (closed === undefined) return [];
  const said = `*Reviewed*: ${code(closed.by)} ${closed.verdict}, ${moment(closed.at)}`;
  return [section(`${said}\n${upTo(700, closed.comment, codeBlock).text}`)];
}
