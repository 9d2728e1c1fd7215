import * as cedar from '@cedar-policy/cedar-wasm/nodejs';
import type {
  AuthorizationAnswer,
  PolicyToJsonAnswer,
  SchemaJson,
  StatefulAuthorizationCall,
  ValidationAnswer,
} from '@cedar-policy/cedar-wasm/nodejs';

/**
 * The one door to Cedar's WebAssembly module. A throw out of it (memory, stack) means that its memory may be damaged and that
 * what it says afterwards may be wrong, so the door then stays shut until the process is started again: refusal, never a guess.
 */
let broken = false;

function guarded<T>(call: () => T): T | 'broken' {
  if (broken) return 'broken';
  try {
    return call();
  } catch {
    broken = true;
    return 'broken';
  }
}

export const cedarIsBroken = (): boolean => broken;

export function parsePolicy(text: string): PolicyToJsonAnswer | 'broken' {
  return guarded(() => cedar.policyToJson(text));
}

export function validateStrictly(
  schema: SchemaJson<string>,
  policies: Record<string, string>,
): ValidationAnswer | 'broken' {
  return guarded(() =>
    cedar.validate({ schema, policies: { staticPolicies: policies }, validationSettings: { mode: 'strict' } }),
  );
}

/** Parses once and keeps under a name. The name must be a digest of the content: the module keeps it for ever. */
export function prepareSchema(name: string, schema: SchemaJson<string>): boolean {
  const answer = guarded(() => cedar.preparseSchema(name, schema));
  return answer !== 'broken' && answer.type === 'success';
}

export function preparePolicies(name: string, policies: Record<string, string>): boolean {
  const answer = guarded(() => cedar.preparsePolicySet(name, { staticPolicies: policies }));
  return answer !== 'broken' && answer.type === 'success';
}

/** Always with request validation: a context that does not fit the schema would make forbids error, and so be skipped. */
export function authorize(call: Omit<StatefulAuthorizationCall, 'validateRequest'>): AuthorizationAnswer | 'broken' {
  return guarded(() => cedar.statefulIsAuthorized({ ...call, validateRequest: true }));
}
