import type { Result } from '../../../shared/platform/result.ts';
import { err, ok } from '../../../shared/platform/result.ts';
import type { FormOutcome } from './form.ts';
import { submit } from './form.ts';
import type { InteractContext } from './interact.ts';
import { press } from './interact.ts';
import type { Delivery } from './send.ts';

export interface Click {
  readonly channel: string;
  readonly ts: string;
  readonly user: string;
  /** The words on the button, such as `approve`, or its `action_id`. */
  readonly action: string;
  /** Typed into the form that the button opens, if it opens one. */
  readonly reason?: string | undefined;
}

export interface ClickReport {
  readonly delivery: Delivery;
  readonly form?: FormOutcome;
  /** What this person alone was told after the click. */
  readonly told: readonly string[];
}

/** A whole click as the page makes it: press, confirm, and fill in the form that opens. For demos and tests. */
export async function click(context: InteractContext, request: Click): Promise<Result<ClickReport, string>> {
  const before = context.workspace.messages().length;
  const last = context.workspace.messages()[before - 1]?.ts ?? '';
  const wanted = request.action.toLowerCase();
  const pressed = await press(context, {
    ...request,
    wanted: (button) => button.action_id === request.action || button.text.text.toLowerCase() === wanted,
  });
  if (!pressed.ok) return pressed;
  const form = await fillIn(context, request);
  if (form?.ok === false) return err(form.error);
  const told = context.workspace
    .messages()
    .filter((message) => message.onlyFor === request.user && message.ts > last)
    .map((message) => message.text);
  return ok({ delivery: pressed.value, ...(form === undefined ? {} : { form: form.value }), told });
}

async function fillIn(context: InteractContext, request: Click): Promise<Result<FormOutcome, string> | undefined> {
  const open = context.passing.modalFor(request.user);
  if (open?.modal.submit === undefined) return undefined;
  const values: Record<string, Record<string, string>> = {};
  for (const block of open.modal.blocks) {
    if (block.type === 'input') values[block.block_id ?? ''] = { [block.element.action_id]: request.reason ?? '' };
  }
  const outcome = await submit(context, { view: open.id, user: request.user, values });
  // Whoever clicks by program has nothing left to look at: the form does not stay open on the page.
  context.passing.close(open.id);
  context.workspace.changed();
  return outcome;
}
