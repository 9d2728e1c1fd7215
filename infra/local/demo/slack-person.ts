import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';

const messagesSchema = z.looseObject({
  messages: z.array(z.looseObject({ channel: z.string(), ts: z.string(), text: z.string() })),
});
const toldSchema = z.looseObject({ told: z.array(z.string()).default([]) });

/** A person at the local Slack: waits for the message about a session, and presses a button of it. */
export interface SlackPerson {
  press(session: string, action: 'approve' | 'deny' | 'accept' | 'object', reason?: string): Promise<string>;
}

/** A message comes within a second or two; 20 s are for a machine that is busy with something else. */
const PATIENCE_MS = 20_000;

export function createSlackPerson(url: string, user: string): SlackPerson {
  const find = async (session: string) => {
    const until = Date.now() + PATIENCE_MS;
    while (Date.now() < until) {
      const answer = await fetch(`${url}/slack/api/messages`);
      const { messages } = messagesSchema.parse(await answer.json());
      const found = messages.find((message) => message.text.includes(session));
      if (found !== undefined) return found;
      await sleep(150);
    }
    throw new Error(`no message about ${session} reached the local Slack within ${PATIENCE_MS / 1_000} s`);
  };
  return {
    press: async (session, action, reason) => {
      const { channel, ts } = await find(session);
      const answer = await fetch(`${url}/slack/api/click`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ channel, ts, user, action, ...(reason === undefined ? {} : { reason }) }),
      });
      return toldSchema.parse(await answer.json()).told.join(' ');
    },
  };
}
