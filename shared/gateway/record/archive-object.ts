import * as z from 'zod';
import { findChainFault } from '../../domain/chain.ts';
import { SESSIONS } from '../../domain/digest.ts';
import type { Session } from '../../domain/session.ts';
import { canonicalJson } from '../../platform/canonical.ts';
import { pack, unpack } from '../../platform/gzip.ts';
import { toJson } from '../../platform/json-value.ts';
import { err, ok, type Result } from '../../platform/result.ts';

/** Where a session lies for ever: by the day it began and its id, so that a second delivery finds the first. */
export function archiveKey(session: Pick<Session, 'id' | 'startedAt'>): string {
  return `${SESSIONS}${session.startedAt.slice(0, 10).replaceAll('-', '/')}/${session.id}.ndjson.gz`;
}

export const sessionOfKey = (key: string): string => key.slice(key.lastIndexOf('/') + 1).replace(/\.ndjson\.gz$/, '');

/** `2026-11-21` of a session's key; `undefined` for a key that is none. */
export function dayOfKey(key: string): string | undefined {
  const [, year, month, day] = /^sessions\/(\d{4})\/(\d\d)\/(\d\d)\/[^/]+\.ndjson\.gz$/.exec(key) ?? [];
  return day === undefined ? undefined : `${year ?? ''}-${month ?? ''}-${day}`;
}

const linesOf = (events: readonly unknown[]): string =>
  events.map((event) => `${canonicalJson(toJson(event))}\n`).join('');

/** The object: one event a line in canonical JSON, gzip without a timestamp, so that the same chain is the same bytes. */
export const archiveBytes = (session: { readonly events: readonly object[] }): Uint8Array =>
  pack(linesOf(session.events));

/** A session item holds 400 KB; what unpacks to more was not written by the gateway. Bounds what a bomb can take. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/** The text of an object; `undefined` when it does not unpack. */
export function archivedText(bytes: Uint8Array): string | undefined {
  const unpacked = unpack(bytes, MAX_TEXT_BYTES);
  if (unpacked === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(unpacked);
  } catch {
    return undefined;
  }
}

/** Why an object is not a session of the archive, in words for people. */
export interface ObjectFault {
  readonly kind: 'truncated' | 'corrupt' | 'foreign' | 'misplaced' | 'unfinished' | 'broken_chain' | 'backdated';
  readonly message: string;
}

const linkSchema = z.looseObject({
  v: z.literal(1),
  type: z.string(),
  session: z.string(),
  seq: z.int(),
  at: z.iso.datetime({ precision: 3 }),
  prev: z.string(),
  hash: z.string(),
});
type Link = z.output<typeof linkSchema>;

/** A chain as it lies in the archive, proven to hold together, whatever its events tell. */
export interface ArchivedChain {
  readonly session: string;
  readonly startedAt: string;
  readonly endedAt: string;
  readonly events: readonly [Link, ...Link[]];
}

/** Reads an object and trusts nothing in it: its place, its form, every hash of its chain. */
export function readChain(key: string, bytes: Uint8Array): Result<ArchivedChain, ObjectFault> {
  const text = archivedText(bytes);
  if (text === undefined) return fault('truncated', 'it does not unpack: truncated, added to, or not gzip');
  const events = linksOf(text);
  if (!events.ok) return events;
  const [first] = events.value;
  const broken = findChainFault(events.value);
  if (broken?.fault === 'backdated')
    return fault('backdated', `its event ${broken.seq} is dated before the one it follows`);
  if (broken !== undefined) return fault('broken_chain', `its event ${broken.seq} breaks the chain: ${broken.fault}`);
  if (linesOf(events.value) !== text) return fault('corrupt', 'its lines are not canonical JSON');
  const chain = { session: first.session, startedAt: first.at, endedAt: events.value.at(-1)?.at ?? first.at };
  if (archiveKey({ id: chain.session, startedAt: chain.startedAt }) !== key)
    return fault('misplaced', `it holds ${chain.session} of ${chain.startedAt}, which belongs elsewhere`);
  return ok({ ...chain, events: events.value });
}

function linksOf(text: string): Result<readonly [Link, ...Link[]], ObjectFault> {
  if (!text.endsWith('\n')) return fault('truncated', 'its last line has no end');
  const links: Link[] = [];
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const json = parsed(line);
    if (json === undefined) return fault('corrupt', `its line ${index + 1} is not JSON`);
    const link = linkSchema.safeParse(json);
    if (!link.success) return fault('foreign', `its line ${index + 1} is no event of a session`);
    links.push(link.data);
  }
  const [first, ...rest] = links;
  return first === undefined ? fault('truncated', 'it is empty') : ok([first, ...rest]);
}

function parsed(line: string): unknown {
  try {
    const json: unknown = JSON.parse(line);
    return json;
  } catch {
    return undefined;
  }
}

export const fault = (kind: ObjectFault['kind'], message: string): { ok: false; error: ObjectFault } =>
  err({ kind, message });
