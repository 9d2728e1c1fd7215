import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { openBundle } from '../config/deployed-bundle.ts';
import type { Bundle } from '../contracts/config/bundle.ts';
import type { ConfigurationFault, Runtime, RuntimeSource } from '../gateway/runtime.ts';
import { createAuthenticator, type Authenticator } from '../identity/authenticator.ts';
import { createIssuerKeys, type IssuerKeys } from '../identity/keys/issuer-keys.ts';
import { createClassifier } from '../masking/classify.ts';
import { createScanner } from '../masking/detectors/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { err, ok, type Result } from '../platform/result.ts';
import type { PolicyEngine } from '../policy/engine.ts';
import type { PolicyFault } from '../policy/load/policy.ts';

interface Place {
  readonly client: S3Client;
  readonly bucket: string;
  readonly key: string;
  readonly maxAgeSeconds: number;
}

/** Makes the judge of a bundle, or says why its policies do not hold together. */
export type EngineOf = (bundle: Bundle) => Result<PolicyEngine, readonly PolicyFault[]>;

interface Held {
  readonly runtime: Runtime;
  readonly etag: string;
  readonly readAt: number;
}

/** Rides out an outage of S3. Longer, and a policy that was withdrawn would go on permitting for as long as it lasts. */
const LAST_GOOD_MS = 30 * 60_000;

/**
 * The configuration bundle in S3, as a running gateway. Read at the first call and again when it is older than its
 * age; only a changed bundle is parsed. A bundle that does not hold together, or cannot be had, does not replace one
 * that does: the last good one stays in force for a while, loudly. Not for `fresh`, which is asked where membership and
 * policy of this very moment decide.
 */
export function createRuntimeSource(place: Place, clock: Clock, log: Log, engineOf: EngineOf): RuntimeSource {
  const keys = createIssuerKeys({ clock, get: fetch });
  let held: Held | undefined;
  let reading: Promise<Result<Runtime, ConfigurationFault>> | undefined;

  async function read(): Promise<Result<Runtime, ConfigurationFault>> {
    const found = await fetchBundle(place, held?.etag);
    if (!found.ok) return notTaken(found.error.message);
    const readAt = clock().getTime();
    if (found.value === 'unchanged') {
      if (held === undefined) return fault('the configuration is unchanged and was never read');
      held = { ...held, readAt };
      return ok(held.runtime);
    }
    const runtime = build(found.value.text, engineOf, { keys, clock, log });
    if (!runtime.ok) return notTaken(runtime.error.message);
    const { engine } = runtime.value.runtime;
    log.info('configuration taken', { bundle: runtime.value.sha256, policyVersion: engine.version });
    held = { runtime: runtime.value.runtime, etag: found.value.etag, readAt };
    return ok(held.runtime);
  }

  function notTaken(message: string): Result<Runtime, ConfigurationFault> {
    log.error('configuration not taken', { fault: message, readBefore: held !== undefined });
    return fault(message);
  }

  const fresh = (): Promise<Result<Runtime, ConfigurationFault>> =>
    (reading ??= read().finally(() => (reading = undefined)));
  const heldSince = (ms: number): Runtime | undefined =>
    held !== undefined && clock().getTime() - held.readAt < ms ? held.runtime : undefined;
  async function current(): Promise<Result<Runtime, ConfigurationFault>> {
    const young = heldSince(place.maxAgeSeconds * 1_000);
    if (young !== undefined) return ok(young);
    const read = await fresh();
    const lastGood = read.ok ? undefined : heldSince(LAST_GOOD_MS);
    return lastGood === undefined ? read : ok(lastGood);
  }
  return { fresh, current };
}

interface Parts {
  readonly keys: IssuerKeys;
  readonly clock: Clock;
  readonly log: Log;
}

function build(
  text: string,
  engineOf: EngineOf,
  { keys, clock, log }: Parts,
): Result<{ readonly runtime: Runtime; readonly sha256: string }, ConfigurationFault> {
  const opened = openBundle(text);
  if (!opened.ok) return fault(opened.error.map(({ path, message }) => `${path}: ${message}`).join('; '));
  const { bundle, sha256 } = opened.value;
  const engine = engineOf(bundle);
  if (!engine.ok) return fault(engine.error.map(({ file, message }) => `${file}: ${message}`).join('; '));
  const { issuers, people, groups, masking } = bundle.gateway;
  const authenticator = logged(createAuthenticator({ issuers, people, groups, keys, clock }), log);
  const masks = { classify: createClassifier(masking), scanner: createScanner(masking.detectors) };
  return ok({ sha256, runtime: { bundle, engine: engine.value, authenticator, ...masks } });
}

async function fetchBundle(
  place: Place,
  etag: string | undefined,
): Promise<Result<'unchanged' | { text: string; etag: string }, ConfigurationFault>> {
  try {
    const found = await place.client.send(
      new GetObjectCommand({
        Bucket: place.bucket,
        Key: place.key,
        ...(etag === undefined ? {} : { IfNoneMatch: etag }),
      }),
    );
    if (found.Body === undefined) return fault('the configuration object is empty');
    return ok({ text: await found.Body.transformToString('utf-8'), etag: found.ETag ?? '' });
  } catch (error) {
    if (isNotModified(error)) return ok('unchanged');
    return fault(error instanceof Error ? `${error.name}: ${error.message}` : 'unknown error');
  }
}

/** S3 answers 304 to `If-None-Match`; the SDK has no class for it. */
function isNotModified(error: unknown): boolean {
  return (
    error instanceof Error && '$metadata' in error && Reflect.get(Object(error.$metadata), 'httpStatusCode') === 304
  );
}

const fault = (message: string): { ok: false; error: ConfigurationFault } =>
  err({ code: 'configuration_unavailable', message });

/** Who is refused leaves no session, or anyone could fill the table; the reason is in the log, without the token. */
function logged(authenticator: Authenticator, log: Log): Authenticator {
  return {
    authenticate: async (header) => {
      const caller = await authenticator.authenticate(header);
      if (!caller.ok) log.info('caller refused', { reason: caller.error.kind });
      return caller;
    },
  };
}
