import { reasonRequestSchema, stopRequestSchema } from '../../shared/contracts/api/controls.ts';
import type { HttpEvent } from '../../shared/contracts/lambda-event.ts';
import type { Refusal } from '../../shared/domain/refusal.ts';
import { listLeases, revokeLease } from '../../shared/gateway/controls/leases.ts';
import { listStops, resume, stop, type ControlDeps } from '../../shared/gateway/controls/stop.ts';
import { identify, identifyPerson } from '../../shared/gateway/intake/identify.ts';
import { readRequest } from '../../shared/gateway/intake/read-request.ts';
import type { Runtime } from '../../shared/gateway/runtime.ts';
import { bodyBytes } from '../../shared/platform/http.ts';
import { ok, type Result } from '../../shared/platform/result.ts';

type Route = (deps: ControlDeps, runtime: Runtime, http: HttpEvent) => Promise<Result<object, Refusal>>;

/** Who asks, what is asked, the story; one a route. */
export const ROUTES: Readonly<Record<string, Route | undefined>> = {
  'POST /v1/stops': async (deps, runtime, http) => {
    const person = await identifyPerson(runtime, http.headers['authorization']);
    if (!person.ok) return person;
    const request = readRequest(bodyBytes(http), stopRequestSchema, runtime.bundle.gateway.limits);
    return request.ok ? stop(deps, runtime.bundle.gateway, person.value, request.value) : request;
  },
  'GET /v1/stops': async (deps, runtime, http) => {
    const person = await identifyPerson(runtime, http.headers['authorization']);
    const listed = person.ok ? await listStops(deps, runtime.bundle.gateway, person.value) : person;
    return listed.ok ? ok({ stops: listed.value }) : listed;
  },
  'POST /v1/stops/{id}/resume': async (deps, runtime, http) => {
    const person = await identifyPerson(runtime, http.headers['authorization']);
    const reason = person.ok ? reasonOf(http, runtime) : person;
    if (!person.ok || !reason.ok) return reason.ok ? person : reason;
    const lifted = await resume(deps, runtime.bundle.gateway, person.value, idOf(http), reason.value);
    return lifted.ok ? ok({ stop: lifted.value }) : lifted;
  },
  'GET /v1/leases': async (deps, runtime, http) => {
    const caller = await identify(runtime, http.headers['authorization']);
    const listed = caller.ok ? await listLeases(deps, runtime.bundle.gateway, caller.value) : caller;
    return listed.ok ? ok({ leases: listed.value }) : listed;
  },
  'POST /v1/leases/{id}/revoke': async (deps, runtime, http) => {
    const person = await identifyPerson(runtime, http.headers['authorization']);
    const reason = person.ok ? reasonOf(http, runtime) : person;
    if (!person.ok || !reason.ok) return reason.ok ? person : reason;
    const revoked = await revokeLease(deps, runtime.bundle.gateway, person.value, idOf(http), reason.value);
    return revoked.ok ? ok({ lease: revoked.value }) : revoked;
  },
};

const idOf = (http: HttpEvent): string => http.pathParameters?.['id'] ?? '';

function reasonOf(http: HttpEvent, runtime: Runtime): Result<string, Refusal> {
  const bytes = bodyBytes(http);
  const body = bytes.byteLength === 0 ? Buffer.from('{}') : bytes;
  const request = readRequest(body, reasonRequestSchema, runtime.bundle.gateway.limits);
  return request.ok ? ok(request.value.reason ?? '') : request;
}
