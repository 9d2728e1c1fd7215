import type { Bundle } from '../../../shared/contracts/config/bundle.ts';
import type { Connection, PostgresConnection } from '../../../shared/contracts/config/connection.ts';
import { createObjectStore } from '../../../shared/aws/object-store.ts';
import { s3Client } from '../../../shared/aws/clients.ts';
import { hourAfter } from '../../../shared/domain/digest.ts';
import { lastDigest } from '../../../shared/gateway/record/digests/last-digest.ts';
import { fetchKeys } from '../../../shared/identity/keys/discovery.ts';
import { about, nameOf, type Finding } from './finding.ts';
import type { Place } from './place.ts';

/** Tokens are read with 30 s of tolerance; clocks further apart refuse good ones. */
const MAX_SKEW_MS = 30_000;
/** As the alarm `digest-age`: an hour is signed within 12 minutes of its end. */
const MAX_DIGEST_AGE_MS = 9_000_000;
const PATIENCE_MS = 10_000;

/** Answers at all, and tells the same time. */
export async function checkGateway({ url }: Place, now: () => Date): Promise<Finding[]> {
  try {
    const answer = await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
    const date = Date.parse(answer.headers.get('date') ?? '');
    if (!answer.ok)
      return [
        about('gateway', url).wrong({
          says: `answers ${String(answer.status)}`,
          remedy: 'see the log of the function meta',
        }),
      ];
    return [about('gateway', url).ok('answers'), clock(date - now().getTime())];
  } catch (error) {
    return [
      about('gateway', url).wrong({
        says: `does not answer: ${nameOf(error)}`,
        remedy: 'check the address, DNS and the certificate',
      }),
    ];
  }
}

function clock(skewMs: number): Finding {
  const say = about('clock');
  // The header has whole seconds.
  const seconds = Math.round(skewMs / 1_000);
  if (Number.isNaN(seconds)) return say.unknown({ says: 'the gateway did not say what time it is' });
  return Math.abs(skewMs) <= MAX_SKEW_MS
    ? say.ok(`the gateway and this machine are ${String(Math.abs(seconds))} s apart`)
    : say.wrong({
        says: `the gateway is ${String(seconds)} s from this machine`,
        remedy: 'set the clock of this machine by NTP; tokens made here are refused otherwise',
      });
}

/** Each issuer's discovery document and keys, as the gateway itself reads them. */
export const checkIssuers = (issuers: Bundle['gateway']['issuers']): Promise<Finding[]> =>
  Promise.all(
    issuers.map(async ({ name, url }) => {
      const say = about('issuer', name);
      const keys = await fetchKeys(fetch, url).catch((error: unknown) => ({
        ok: false as const,
        error: nameOf(error),
      }));
      if (!keys.ok) return say.wrong({ says: keys.error, remedy: `open ${url}/.well-known/openid-configuration` });
      if (keys.value.length === 0)
        return say.wrong({ says: 'publishes no key that may sign', remedy: 'ask its operator' });
      return say.ok(`reachable, with ${String(keys.value.length)} keys`);
    }),
  );

/** Of the cluster of every connection that is a database. */
export const checkDataApis = (place: Place, connections: Bundle['gateway']['connections']): Promise<Finding[]> =>
  Promise.all(
    connections.filter(isDatabase).map(async (connection) => {
      const say = about('data-api', connection.name);
      try {
        const fault = await place.dataApiFault(connection);
        return fault === undefined
          ? say.ok('on')
          : say.wrong({ says: fault, remedy: `aws rds enable-http-endpoint --resource-arn ${connection.resourceArn}` });
      } catch (error) {
        return say.unknown({
          says: `could not be found out: ${nameOf(error)}`,
          remedy: 'it takes rds:DescribeDBClusters',
        });
      }
    }),
  );

const isDatabase = (connection: Connection): connection is PostgresConnection => connection.kind === 'postgres';

export async function checkDigest(place: Place, now: Date): Promise<Finding> {
  const say = about('digest');
  const last = await lastDigest(createObjectStore({ client: s3Client(), name: place.archiveBucket }), now);
  if (!last.ok)
    return say.unknown({
      says: last.error.message,
      remedy: 'it takes s3:ListBucket and s3:GetObject on digests/ of the archive',
    });
  if (last.value === undefined)
    return say.unknown({ says: 'there is none yet; the first comes within ten minutes of the deployment' });
  const { hour } = last.value.signed.digest;
  return now.getTime() - Date.parse(hourAfter(hour)) <= MAX_DIGEST_AGE_MS
    ? say.ok(`the newest is of the hour ${hour}`)
    : say.wrong({ says: `the newest is of the hour ${hour}`, remedy: 'RUNBOOK.md, "Alarm: digest-age"' });
}
