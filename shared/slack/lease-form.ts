import type { types as slack } from '@slack/bolt';
import type { BallotRef } from '../contracts/slack.ts';
import type { LeaseTerms } from '../domain/lease.ts';
import { err, ok, type Result } from '../platform/result.ts';
import { plain } from './blocks.ts';
import { writeBallotRef } from './buttons.ts';

export const LEASE_FORM = 'countersign_lease_form';
const ACTION = 'number';

/** Small beginnings: whoever wants more says so. The gateway's own limits are checked when the vote is counted. */
const FIELDS = [
  { block: 'countersign_minutes', member: 'minutes', label: 'For how many minutes?', initial: '30' },
  { block: 'countersign_runs', member: 'runs', label: 'For how many runs?', initial: '10' },
  { block: 'countersign_rows', member: 'rows', label: 'Over how many rows, all runs together?', initial: '100' },
] as const;

/** Where a refusal is shown that is about no field of its own. */
export const LEASE_BLOCK = FIELDS[0].block;

/** The form after "Approve for a while". Like Deny's it carries the seal along: the answer is for what was looked at. */
export function leaseForm(ref: BallotRef): slack.ModalView {
  return {
    type: 'modal',
    callback_id: LEASE_FORM,
    private_metadata: writeBallotRef(ref),
    title: plain('Approve for a while'),
    submit: plain('Approve'),
    close: plain('Back'),
    blocks: [
      {
        type: 'section',
        text: plain(
          'Approves this statement, and then the same from the same agent without asking again: the same tables, columns, conditions and values. Values that may vary are given over the API. It can be taken back at any time.',
        ),
      },
      ...FIELDS.map(({ block, label, initial }): slack.InputBlock => ({
        type: 'input',
        block_id: block,
        label: plain(label),
        element: {
          type: 'plain_text_input',
          action_id: ACTION,
          initial_value: initial,
          min_length: 1,
          max_length: 7,
        },
      })),
    ],
  };
}

type Values = Readonly<Record<string, Readonly<Record<string, { value?: string | null | undefined }>>>>;

/** The terms out of a submitted form, or what to say at which field. */
export function termsOf(values: Values): Result<LeaseTerms, Readonly<Record<string, string>>> {
  const read = FIELDS.map(({ block }) => ({ block, text: (values[block]?.[ACTION]?.value ?? '').trim() }));
  const wrong = read.filter(({ text }) => !/^[1-9][0-9]{0,6}$/.test(text));
  if (wrong.length > 0)
    return err(Object.fromEntries(wrong.map(({ block }) => [block, 'Give a whole number above zero.'])));
  const [minutes = 0, runs = 0, rows = 0] = read.map(({ text }) => Number(text));
  return ok({ minutes, runs, rows, bounds: [] });
}
