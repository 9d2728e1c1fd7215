import type { types as slack } from '@slack/bolt';

/** The blocks our messages are made of: nothing that Slack fills in by itself, nothing that expands a name. */
export type Block =
  slack.HeaderBlock | slack.SectionBlock | slack.ContextBlock | slack.ActionsBlock | slack.DividerBlock;

/** Limits of Block Kit (Slack reference, block and object pages), counted on the text as sent: escaping included. */
export const LIMITS = {
  sectionText: 3_000,
  fieldText: 2_000,
  fields: 10,
  headerText: 150,
  confirmText: 300,
  buttonValue: 2_000,
  blocks: 50,
  /**
   * The whole of the blocks as JSON. Slack refuses somewhere above 11,000 characters with `msg_blocks_too_long` and
   * documents no figure (bolt-js#2509, bolt-js#2867); a message refused is a question that nobody hears.
   */
  message: 10_000,
} as const;

/** `verbatim`: Slack makes no link out of something that merely looks like an address, channel or name. */
export const mrkdwn = (text: string): slack.MrkdwnElement => ({ type: 'mrkdwn', text, verbatim: true });

/** `emoji: false`: `:skull:` in somebody's text stays those seven characters. */
export const plain = (text: string): slack.PlainTextElement => ({ type: 'plain_text', text, emoji: false });

/** `expand`: Slack does not fold the text behind "see more", which would hide the end of a statement. */
export const section = (text: string): slack.SectionBlock => ({ type: 'section', text: mrkdwn(text), expand: true });

export const header = (text: string): slack.HeaderBlock => ({
  type: 'header',
  text: plain(text.slice(0, LIMITS.headerText)),
});

export const context = (...texts: string[]): slack.ContextBlock => ({ type: 'context', elements: texts.map(mrkdwn) });

/** Whether Slack takes every text of these blocks whole. */
export function fits(blocks: readonly Block[]): boolean {
  const sectionsFit = blocks.every((block) => block.type !== 'section' || sectionFits(block));
  return sectionsFit && blocks.length <= LIMITS.blocks && JSON.stringify(blocks).length <= LIMITS.message;
}

function sectionFits(block: slack.SectionBlock): boolean {
  const fields = block.fields ?? [];
  return (
    (block.text?.text.length ?? 0) <= LIMITS.sectionText &&
    fields.length <= LIMITS.fields &&
    fields.every((field) => field.text.length <= LIMITS.fieldText)
  );
}
