import type { IncomingMessage, ServerResponse } from 'node:http';
import * as z from 'zod';
import type { Result } from '../../../shared/platform/result.ts';
import { err, ok } from '../../../shared/platform/result.ts';
import { click } from './click.ts';
import type { Faults } from './faults.ts';
import { faultSchema } from './faults.ts';
import { submit } from './form.ts';
import { readBody, sendJson } from './http.ts';
import type { InteractContext } from './interact.ts';
import { press } from './interact.ts';

const id = z.string().min(1).max(255);
const pressSchema = z.strictObject({ channel: id, ts: id, user: id, block: z.string().max(255), action: id });
const submitSchema = z.strictObject({
  view: id,
  user: id,
  values: z.record(z.string(), z.record(z.string(), z.string().max(3_000))),
});
const closeSchema = z.strictObject({ view: z.string().max(255), user: id });
const clickSchema = z.strictObject({
  channel: id,
  ts: id,
  user: id,
  action: id,
  reason: z.string().max(3_000).optional(),
});

type Control = (body: unknown) => Promise<Result<object, string>>;

/** What the page and tests can ask for by POST. Each does what a person at the page does, and no more. */
export function createControls(context: InteractContext, faults: Faults): ReadonlyMap<string, Control> {
  return new Map<string, Control>([
    [
      'press',
      checked(pressSchema, async ({ action, ...where }) => {
        const pressed = await press(context, { ...where, wanted: (button) => button.action_id === action });
        return pressed.ok ? ok({ delivery: pressed.value }) : pressed;
      }),
    ],
    [
      'submit',
      checked(submitSchema, async (form) => {
        const outcome = await submit(context, form);
        return outcome.ok ? ok({ outcome: outcome.value }) : outcome;
      }),
    ],
    [
      'close',
      checked(closeSchema, ({ view, user }) => {
        if (context.passing.modal(view)?.user === user) context.passing.close(view);
        context.workspace.changed();
        return Promise.resolve(ok({}));
      }),
    ],
    ['click', checked(clickSchema, (request) => click(context, request))],
    [
      'faults',
      checked(faultSchema, (fault) => {
        faults.order(fault);
        return Promise.resolve(ok({}));
      }),
    ],
  ]);
}

function checked<T>(schema: z.ZodType<T>, work: (given: T) => Promise<Result<object, string>>): Control {
  return async (body) => {
    const parsed = schema.safeParse(body);
    return parsed.success ? work(parsed.data) : err(z.prettifyError(parsed.error));
  };
}

export async function serveControl(
  request: IncomingMessage,
  response: ServerResponse,
  control: Control,
): Promise<void> {
  const body = await readBody(request);
  if (body === undefined) {
    sendJson(response, 413, { ok: false, error: 'the body is too large' });
    return;
  }
  const done = await control(jsonOrNothing(body.toString('utf8')));
  sendJson(response, done.ok ? 200 : 400, done.ok ? { ok: true, ...done.value } : { ok: false, error: done.error });
}

export function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
