import type { Agent, Caller, Person } from '../../domain/caller.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { describeRefusal } from '../../identity/describe-refusal.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import { span } from '../../platform/spans.ts';
import type { Runtime } from '../runtime.ts';

/** Who is calling, agent or person. */
export async function identify(runtime: Runtime, authorization: string | undefined): Promise<Result<Caller, Refusal>> {
  const caller = await span('authenticate', () => runtime.authenticator.authenticate(authorization));
  if (caller.ok) return caller;
  const { status, code, ...rest } = describeRefusal(caller.error);
  return err({ code: 'unauthenticated', status, reason: code, ...rest });
}

export async function identifyAgent(
  runtime: Runtime,
  authorization: string | undefined,
): Promise<Result<Agent, Refusal>> {
  const caller = await identify(runtime, authorization);
  if (!caller.ok) return caller;
  return caller.value.kind === 'agent' ? ok(caller.value) : err({ code: 'not_an_agent' });
}

/** Only a token of an issuer that speaks for people makes a person, whatever groups another token claims. */
export async function identifyPerson(
  runtime: Runtime,
  authorization: string | undefined,
): Promise<Result<Person, Refusal>> {
  const caller = await identify(runtime, authorization);
  if (!caller.ok) return caller;
  return caller.value.kind === 'person' ? ok(caller.value) : err({ code: 'not_a_person' });
}
