import * as z from 'zod';

/** Block Kit as far as this Slack shows it, with Slack's own limits: what it would refuse is refused here too. */
const mrkdwn = (max: number) =>
  z.strictObject({ type: z.literal('mrkdwn'), text: z.string().min(1).max(max), verbatim: z.boolean().optional() });
const plain = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean().optional() });
const text = (max: number) => z.discriminatedUnion('type', [mrkdwn(max), plain(max)]);

const id = { block_id: z.string().max(255).optional() };

const confirm = z.strictObject({
  title: plain(100),
  text: text(300),
  confirm: plain(30),
  deny: plain(30),
  style: z.enum(['primary', 'danger']).optional(),
});

const button = z.strictObject({
  type: z.literal('button'),
  action_id: z.string().max(255),
  text: plain(75),
  value: z.string().max(2_000).optional(),
  url: z.url().max(3_000).optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: confirm.optional(),
  accessibility_label: z.string().max(75).optional(),
});

const input = z.strictObject({
  type: z.literal('plain_text_input'),
  action_id: z.string().max(255),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3_000).optional(),
  max_length: z.int().min(1).max(3_000).optional(),
  placeholder: plain(150).optional(),
  initial_value: z.string().max(3_000).optional(),
  focus_on_load: z.boolean().optional(),
});

const section = z
  .strictObject({
    type: z.literal('section'),
    ...id,
    text: text(3_000).optional(),
    fields: z.array(text(2_000)).min(1).max(10).optional(),
    accessory: button.optional(),
    expand: z.boolean().optional(),
  })
  .refine((block) => block.text !== undefined || block.fields !== undefined, 'a section has text or fields');

const shared = [
  section,
  z.strictObject({ type: z.literal('header'), ...id, text: plain(150) }),
  z.strictObject({ type: z.literal('divider'), ...id }),
  z.strictObject({ type: z.literal('context'), ...id, elements: z.array(text(3_000)).min(1).max(10) }),
  z.strictObject({ type: z.literal('actions'), ...id, elements: z.array(button).min(1).max(25) }),
] as const;

export const blockSchema = z.discriminatedUnion('type', [...shared]);

const inputBlock = z.strictObject({
  type: z.literal('input'),
  ...id,
  label: plain(2_000),
  element: input,
  hint: plain(2_000).optional(),
  optional: z.boolean().optional(),
});

export const modalSchema = z.strictObject({
  type: z.literal('modal'),
  title: plain(24),
  submit: plain(24).optional(),
  close: plain(24).optional(),
  callback_id: z.string().max(255).optional(),
  private_metadata: z.string().max(3_000).optional(),
  blocks: z
    .array(z.discriminatedUnion('type', [...shared, inputBlock]))
    .min(1)
    .max(100),
  clear_on_close: z.boolean().optional(),
  notify_on_close: z.boolean().optional(),
});

export type Block = z.output<typeof blockSchema>;
export type Button = z.output<typeof button>;
export type Modal = z.output<typeof modalSchema>;
export type ModalBlock = Modal['blocks'][number];
export type Text = z.output<ReturnType<typeof text>>;

/** Slack's documented 50, and its undocumented total, which others have measured (bolt-js#2509). */
export const MAX_BLOCKS = 50;
export const MAX_BLOCKS_JSON = 13_200;
