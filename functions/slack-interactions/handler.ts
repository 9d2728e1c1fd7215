import { httpEventSchema } from '../../shared/contracts/lambda-event.ts';
import { bodyBytes, jsonAnswer } from '../../shared/platform/http.ts';
import type { HttpAnswer } from '../../shared/platform/http.ts';
import type { Result } from '../../shared/platform/result.ts';
import type { Afterwards } from '../../shared/gateway/approval/keep-up-to-date.ts';
import type { SlackInteractions } from '../../shared/slack/interactions.ts';

/** API Gateway passes a form as base64. */
const eventSchema = httpEventSchema.pick({ headers: true, body: true, isBase64Encoded: true });

/** The interactions under the configuration in force; `undefined` where configuration has no Slack. */
export type InteractionsSource = () => Promise<Result<SlackInteractions | undefined, unknown>>;

/** `POST /slack/interactions`. */
export const createHandler =
  (source: InteractionsSource, afterwards?: Pick<Afterwards, 'settled'>) =>
  async (event: unknown): Promise<HttpAnswer> => {
    const request = eventSchema.safeParse(event);
    if (!request.success) return jsonAnswer(400, { message: 'not an HTTP API event' });
    const interactions = await source();
    if (!interactions.ok) return jsonAnswer(503, { message: 'the configuration cannot be read; try again' });
    if (interactions.value === undefined) return jsonAnswer(404, { message: 'Not Found' });
    const { headers, ...body } = request.data;
    const answer = await interactions.value.handle({ headers, rawBody: bodyBytes(body) });
    await afterwards?.settled();
    return { statusCode: answer.status, headers: answer.headers, body: answer.body };
  };
