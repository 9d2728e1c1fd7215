import * as z from 'zod';
import type { Result } from '../../../shared/platform/result.ts';
import { err, ok } from '../../../shared/platform/result.ts';
import type { Modal, ModalBlock } from './blocks.ts';
import { modalSchema } from './blocks.ts';
import type { InteractContext } from './interact.ts';
import { sender } from './interact.ts';
import type { OpenModal } from './passing.ts';
import type { Delivery } from './send.ts';
import type { SlackUser } from './settings.ts';

export type FormValues = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** What became of a form: Slack shows errors at their fields, the next view, or closes it. */
export type FormOutcome =
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'view'; readonly modal: Modal }
  | { readonly kind: 'closed' }
  | { readonly kind: 'failed'; readonly delivery: Delivery };

/** Submits an open form. As in Slack, what a field requires is checked before anything is sent. */
export async function submit(
  context: InteractContext,
  request: { readonly view: string; readonly user: string; readonly values: FormValues },
): Promise<Result<FormOutcome, string>> {
  const user = context.settings.users.find((candidate) => candidate.id === request.user);
  const open = context.passing.modal(request.view);
  if (user === undefined || open?.user !== user.id) return err('this form is not open for this user');
  const errors = missing(open.modal, request.values);
  if (Object.keys(errors).length > 0) return ok({ kind: 'errors', errors });
  const delivery = await context.send(submitPayload(context, user, open, request.values));
  const outcome = outcomeOf(delivery);
  if (outcome.kind === 'view') context.passing.change(open.id, outcome.modal);
  if (outcome.kind === 'closed') context.passing.close(open.id);
  context.workspace.changed();
  return ok(outcome);
}

type InputBlock = Extract<ModalBlock, { type: 'input' }>;

function missing(modal: Modal, values: FormValues): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const block of modal.blocks) {
    const fault = block.type === 'input' ? fieldFault(block, values) : undefined;
    if (fault !== undefined) errors[block.block_id ?? ''] = fault;
  }
  return errors;
}

function fieldFault(block: InputBlock, values: FormValues): string | undefined {
  const given = values[block.block_id ?? '']?.[block.element.action_id] ?? '';
  const least = block.optional === true ? 0 : (block.element.min_length ?? 1);
  if (given.length < least) return 'Please complete this required field.';
  return given.length > (block.element.max_length ?? 3_000) ? 'This is too long.' : undefined;
}

/** Slack reference: view_submission payload. */
function submitPayload(context: InteractContext, user: SlackUser, open: OpenModal, values: FormValues): object {
  const state = Object.fromEntries(
    Object.entries(values).map(([block, fields]) => [
      block,
      Object.fromEntries(
        Object.entries(fields).map(([action, value]) => [action, { type: 'plain_text_input', value }]),
      ),
    ]),
  );
  return {
    type: 'view_submission',
    ...sender(context, user),
    response_urls: [],
    view: {
      id: open.id,
      team_id: context.settings.workspace.id,
      app_id: 'A0COUNTER1',
      private_metadata: '',
      callback_id: '',
      ...open.modal,
      state: { values: state },
    },
  };
}

const answerSchema = z.discriminatedUnion('response_action', [
  z.object({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.object({ response_action: z.literal('update'), view: modalSchema }),
  z.object({ response_action: z.literal('push'), view: modalSchema }),
  z.object({ response_action: z.literal('clear') }),
]);

function outcomeOf(delivery: Delivery): FormOutcome {
  if (!delivery.delivered || delivery.status !== 200) return { kind: 'failed', delivery };
  if (delivery.body === '') return { kind: 'closed' };
  const answer = answerSchema.safeParse(jsonOrNothing(delivery.body));
  if (!answer.success) return { kind: 'failed', delivery };
  if (answer.data.response_action === 'errors') return { kind: 'errors', errors: answer.data.errors };
  return answer.data.response_action === 'clear' ? { kind: 'closed' } : { kind: 'view', modal: answer.data.view };
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
