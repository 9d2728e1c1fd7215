import { approveRequestSchema, denyRequestSchema } from '../../shared/contracts/api/vote.ts';
import type { HttpEvent } from '../../shared/contracts/lambda-event.ts';
import { castBallot, type BallotDeps } from '../../shared/gateway/approval/cast-ballot.ts';
import { createAfterwards, type Afterwards } from '../../shared/gateway/approval/keep-up-to-date.ts';
import type { ReviewDeps } from '../../shared/gateway/approval/owed-reviews.ts';
import { showingVotes } from '../../shared/gateway/approval/show-answers.ts';
import { refusalOfBallot } from '../../shared/gateway/approval/refusal-of-ballot.ts';
import { atEdge, isJson, refusalAnswer } from '../../shared/gateway/http/edge.ts';
import { identifyPerson } from '../../shared/gateway/intake/identify.ts';
import { readRequest } from '../../shared/gateway/intake/read-request.ts';
import type { Runtime } from '../../shared/gateway/runtime.ts';
import { bodyBytes, jsonAnswer, type HttpAnswer } from '../../shared/platform/http.ts';
import { review } from './review.ts';
import { takeBack } from './take-back.ts';

export type VoteDeps = BallotDeps & ReviewDeps;

/** `POST /v1/sessions/{id}/approve|deny|review` by a person, `/cancel` by the session's agent. */
export const createHandler = (deps: VoteDeps) => {
  const afterwards = createAfterwards(deps);
  return (event: unknown): Promise<HttpAnswer> =>
    atEdge(deps, event, async (http, runtime) => {
      const answer = await route(deps, afterwards, http, runtime);
      await afterwards.settled();
      return answer;
    });
};

function route(deps: VoteDeps, afterwards: Afterwards, http: HttpEvent, runtime: Runtime): Promise<HttpAnswer> {
  const id = http.pathParameters?.['id'] ?? '';
  if (!isJson(http.headers['content-type'])) return Promise.resolve(refusalAnswer({ code: 'unsupported_media_type' }));
  if (http.requestContext.routeKey.endsWith('/cancel')) return takeBack(deps, runtime, http, id);
  if (http.requestContext.routeKey.endsWith('/review')) return review(deps, afterwards, runtime, http, id);
  return vote(deps, afterwards, runtime, http, {
    id,
    verdict: http.requestContext.routeKey.endsWith('/approve') ? 'approve' : 'deny',
  });
}

async function vote(
  deps: VoteDeps,
  afterwards: Afterwards,
  runtime: Runtime,
  http: HttpEvent,
  on: { id: string; verdict: 'approve' | 'deny' },
): Promise<HttpAnswer> {
  const person = await identifyPerson(runtime, http.headers['authorization']);
  if (!person.ok) return refusalAnswer(person.error);
  // A no has no lease: its contract does not know the member.
  const schema = on.verdict === 'approve' ? approveRequestSchema : denyRequestSchema;
  const request = readRequest(bodyBytes(http), schema, runtime.bundle.gateway.limits);
  if (!request.ok) return refusalAnswer(request.error);
  const { seal, comment, lease } = request.value;
  const said = { ...(comment === undefined ? {} : { comment }), ...(lease === undefined ? {} : { lease }) };
  const cast = showingVotes(deps, afterwards, (ballot) => castBallot(deps, ballot));
  const receipt = await cast({
    session: on.id,
    seal,
    verdict: on.verdict,
    ...said,
    voter: { via: 'api', person: person.value.id },
  });
  return receipt.ok
    ? jsonAnswer(200, { session: on.id, ...receipt.value })
    : refusalAnswer(refusalOfBallot(receipt.error), { session: on.id });
}
