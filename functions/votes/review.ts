import { reviewRequestSchema } from '../../shared/contracts/api/vote.ts';
import type { HttpEvent } from '../../shared/contracts/lambda-event.ts';
import { castReview } from '../../shared/gateway/approval/cast-review.ts';
import type { Afterwards } from '../../shared/gateway/approval/keep-up-to-date.ts';
import type { ReviewDeps } from '../../shared/gateway/approval/owed-reviews.ts';
import { showingReviews } from '../../shared/gateway/approval/show-answers.ts';
import { refusalAnswer } from '../../shared/gateway/http/edge.ts';
import { identifyPerson } from '../../shared/gateway/intake/identify.ts';
import { readRequest } from '../../shared/gateway/intake/read-request.ts';
import type { Runtime } from '../../shared/gateway/runtime.ts';
import { bodyBytes, jsonAnswer, type HttpAnswer } from '../../shared/platform/http.ts';

/** A person who was skipped closes the review of what ran under break-glass. */
export async function review(
  deps: ReviewDeps,
  afterwards: Afterwards,
  runtime: Runtime,
  http: HttpEvent,
  id: string,
): Promise<HttpAnswer> {
  const person = await identifyPerson(runtime, http.headers['authorization']);
  if (!person.ok) return refusalAnswer(person.error);
  const request = readRequest(bodyBytes(http), reviewRequestSchema, runtime.bundle.gateway.limits);
  if (!request.ok) return refusalAnswer(request.error);
  const cast = showingReviews(deps, afterwards, (ballot) => castReview(deps, ballot));
  const receipt = await cast({ session: id, ...request.value, voter: { via: 'api', person: person.value.id } });
  return receipt.ok
    ? jsonAnswer(200, { session: id, ...receipt.value })
    : refusalAnswer(receipt.error, { session: id });
}
