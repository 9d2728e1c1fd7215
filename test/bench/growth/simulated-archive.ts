import { encodeTime } from 'ulid';
import type { ObjectReader } from '../../../shared/gateway/ports/object-store.ts';
import { archiveBytes, archiveKey, dayOfKey, sessionOfKey } from '../../../shared/gateway/record/archive-object.ts';
import { ok } from '../../../shared/platform/result.ts';
import { body, chainOf, sessionFrom } from '../../support/chains.ts';

/** Sessions of a day. */
export const A_DAY = 1_000;
const DAY_MS = 86_400_000;
const BEGIN = Date.parse('2024-01-01T00:00:00.000Z');

const timeAt = (index: number): number =>
  BEGIN + Math.floor(index / A_DAY) * DAY_MS + (index % A_DAY) * Math.floor(DAY_MS / A_DAY);

export const dayAt = (index: number): string => new Date(timeAt(index)).toISOString().slice(0, 10);

/** Of every ten sessions one was asked for under an Idempotency-Key. */
const isKeyed = (index: number): boolean => index % 10 === 9;
const nearest = (index: number, keyed: boolean): number => Math.floor(index / 10) * 10 + (keyed ? 9 : 0);

export const idAt = (index: number): string => nameAt(nearest(index, false));
export const keyedIdAt = (index: number): string => nameAt(nearest(index, true));

const nameAt = (index: number): string =>
  isKeyed(index)
    ? `ses_k${index.toString(16).padStart(40, '0')}`
    : `ses_${encodeTime(timeAt(index)).toLowerCase()}${index.toString().padStart(16, '0')}`;

/** An archive of so many sessions that is nowhere: what is asked for is made then, and what is listed is counted. */
export function simulatedArchive(sessions: number): { readonly reader: ObjectReader; listed(): number } {
  let listed = 0;
  const bytesAt = (index: number): Uint8Array => archiveBytes(sessionAt(index));
  const reader: ObjectReader = {
    async *list(_prefix, after = '') {
      await Promise.resolve();
      for (let first = firstDay(after) * A_DAY; first < sessions; first += A_DAY) {
        for (const key of keysOfDay(first)) {
          if (key <= after) continue;
          listed += 1;
          yield ok({ key, bytes: 0 });
        }
      }
    },
    read: (key) => Promise.resolve(ok(bytesAt(indexOf(key)))),
    size: (key) => Promise.resolve(ok(bytesAt(indexOf(key)).byteLength)),
  };
  return { reader, listed: () => listed };
}

/** The day that a listing starts in: S3 goes there without listing what lies before. */
function firstDay(after: string): number {
  const [, year, month, day] = /^sessions\/(\d{4})\/(\d\d)\/(\d\d)/.exec(after) ?? [];
  return day === undefined
    ? 0
    : Math.max(0, (Date.parse(`${year ?? ''}-${month ?? ''}-${day}T00:00:00.000Z`) - BEGIN) / DAY_MS);
}

const keysOfDay = (first: number): readonly string[] =>
  Array.from({ length: A_DAY }, (_none, index) => keyAt(first + index)).toSorted();

const keyAt = (index: number): string =>
  archiveKey({ id: nameAt(index), startedAt: new Date(timeAt(index)).toISOString() });

const sessionAt = (index: number) =>
  sessionFrom(
    chainOf(nameAt(index), [body.submitted(), body.decided, body.intent, body.outcome], new Date(timeAt(index))),
  );

/** Back from a key: the index stands in the name, after the time or in hexadecimal. */
function indexOf(key: string): number {
  const [, keyed, plain] = /^ses_(?:k([0-9a-f]{40})|.{10}(\d{16}))$/.exec(sessionOfKey(key)) ?? [];
  if (dayOfKey(key) === undefined) throw new Error(`${key} is no key of a session`);
  return keyed === undefined ? Number(plain) : Number.parseInt(keyed, 16);
}
