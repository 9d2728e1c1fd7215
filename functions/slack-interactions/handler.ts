import * as z from 'zod';
import { bodyBytes, jsonAnswer } from '../../shared/platform/http.ts';
import type { HttpAnswer } from '../../shared/platform/http.ts';
import type { Result } from '../../shared/platform/result.ts';
import type { SlackInteractions } from '../../shared/slack/interactions.ts';

/** What we read of an HTTP API event (payload format 2.0). API Gateway passes a form as base64. */
const eventSchema = z.object({
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

/** The interactions under the configuration in force; `undefined` where configuration has no Slack. */
export type InteractionsSource = () => Promise<Result<SlackInteractions | undefined, unknown>>;

/** `POST /slack/interactions`. */
export const createHandler =
  (source: InteractionsSource) =>
  async (event: unknown): Promise<HttpAnswer> => {
    const request = eventSchema.safeParse(event);
    if (!request.success) return jsonAnswer(400, { message: 'not an HTTP API event' });
    const interactions = await source();
    if (!interactions.ok) return jsonAnswer(503, { message: 'the configuration cannot be read; try again' });
    if (interactions.value === undefined) return jsonAnswer(404, { message: 'Not Found' });
    const { headers, ...body } = request.data;
    const answer = await interactions.value.handle({ headers, rawBody: bodyBytes(body) });
    return { statusCode: answer.status, headers: answer.headers, body: answer.body };
  };
