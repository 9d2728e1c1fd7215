import type { ApprovalView } from '../domain/approval-view.ts';
import type { SessionStatus } from '../domain/session-status.ts';
import { answerButtons, denyButton } from './buttons.ts';
import type { Block } from './blocks.ts';
import { brokenGlass, brokenGlassHeadline } from './broken-glass.ts';
import { fits, header, section } from './blocks.ts';
import { impact } from './impact.ts';
import * as parts from './message-parts.ts';
import { code, link, prose, upTo } from './text.ts';

/** Room for how it ended: a sentence or two, which may quote the target's own message. */
const ENDING = 800;

export interface Message {
  /** For notifications and screen readers. */
  readonly text: string;
  readonly blocks: Block[];
}

const HEADLINE: Readonly<Record<SessionStatus, string>> = {
  pending_approval: 'Approval wanted',
  running: 'Approved and running',
  succeeded: 'Approved and run',
  failed: 'Approved, but it failed',
  unknown_outcome: 'Approved, outcome unknown',
  blocked: 'Blocked before it ran',
  denied: 'Denied',
  expired: 'Expired without an answer',
  cancelled: 'Cancelled by the agent',
};

/**
 * The question as people see it. The rule of the whole file: an Approve button stands only under a message that shows
 * everything the seal binds, whole. Once it has ended, no button stands.
 */
export function approvalMessage(view: ApprovalView): Message {
  const open = view.breakGlass === undefined && isOpen(view);
  const put = view.breakGlass === undefined ? assemble : brokenGlass;
  const whole = put(view, true);
  const blocks = fits(whole) ? whole : put(view, false);
  return { text: fallback(view), blocks: fits(blocks) ? blocks : least(view, open) };
}

export const isOpen = (view: ApprovalView): boolean => view.status === 'pending_approval' && view.ending === undefined;

function assemble(view: ApprovalView, whole: boolean): Block[] {
  const open = isOpen(view);
  return [
    title(view),
    // Once it is over, how it ended and who decided comes first.
    ...(open ? [] : [...ending(view), parts.votes(view)]),
    parts.who(view),
    ...parts.why(view),
    ...(whole ? [...parts.matter(view), ...impact(view)] : parts.beginning(view, open)),
    ...(whole ? [parts.effects(view), ...parts.policies(view)] : []),
    ...(open ? [parts.votes(view), whole ? answerButtons(view) : denyButton(view)] : []),
    parts.seal(view, open),
  ];
}

/** When even names and votes are too long to show (hostile claims, hundreds of votes): say so, and where to look. */
function least(view: ApprovalView, open: boolean): Block[] {
  return [
    title(view),
    section(
      `This session is too long for Slack. It can be read and answered here: ${link(view.link, 'the whole session')}.`,
    ),
    ...(open ? [denyButton(view)] : []),
    parts.seal(view, open),
  ];
}

const title = (view: ApprovalView): Block => header(`${headline(view)}: ${view.connection} (${view.environment})`);

/** An ending that came before the status moved (a reminder of it, say) is still an ending. */
function headline(view: ApprovalView): string {
  if (view.breakGlass !== undefined) return brokenGlassHeadline(view);
  return view.status === 'pending_approval' && view.ending !== undefined ? 'Closed' : HEADLINE[view.status];
}

function ending(view: ApprovalView): Block[] {
  const { ending: words = '' } = view;
  return words === '' ? [] : [section(upTo(ENDING, words, prose).text)];
}

/** Read out by screen readers and shown in notifications; parsed as mrkdwn, so it is escaped like the rest. */
function fallback(view: ApprovalView): string {
  const what = `${code(view.agent.name.slice(0, 100))} on ${code(view.connection)} (${code(view.environment)})`;
  return `${headline(view)}: ${what}. ${link(view.link, 'Whole session')}`;
}
