import type { CryptoKey } from 'jose';
import type { Clock } from '../../platform/clock.ts';
import { err, ok, type Result } from '../../platform/result.ts';
import type { Algorithm } from '../algorithms.ts';
import type { IdentityRefusal } from '../refusal.ts';
import type { PublishedKey } from './admit.ts';
import { fetchKeys } from './discovery.ts';
import type { HttpGet } from './get-json.ts';

const SECOND = 1_000;
/** Keys are read again after this: how long a key that its issuer has withdrawn is still believed. */
const MAX_AGE_MS = 600 * SECOND;
/** While the issuer cannot be reached, keys this old still serve: an hour of its outage does not stop production work. */
const STALE_LIMIT_MS = 3_600 * SECOND;
/** The shortest time from one question to the next: a stranger sending unknown `kid`s cannot make us a hammer. */
const COOLDOWN_MS = 30 * SECOND;
/** The same while there are no keys to serve with: recover quickly, yet do not make each caller wait for a dead issuer. */
const EMPTY_COOLDOWN_MS = 5 * SECOND;

/** Where signing keys come from; shared by all authenticators of a process, so that new configuration costs no fetch. */
export interface IssuerKeys {
  find(issuer: KeyIssuer, alg: Algorithm, kid: string): Promise<Result<CryptoKey, IdentityRefusal>>;
}

export interface KeyIssuer {
  readonly name: string;
  readonly url: string;
}

interface KeyState {
  keys: readonly PublishedKey[];
  fetchedAt: number;
  attemptedAt: number;
  failure?: string;
  pending?: Promise<void>;
}

export function createIssuerKeys(ports: { readonly clock: Clock; readonly get: HttpGet }): IssuerKeys {
  const states = new Map<string, KeyState>();
  return {
    async find(issuer, alg, kid) {
      const state = states.get(issuer.url) ?? { keys: [], fetchedAt: -Infinity, attemptedAt: -Infinity };
      states.set(issuer.url, state);
      if (isDue(state, kid, now(ports.clock))) await refresh(state, issuer.url, ports);
      return pick(state, issuer, { alg, kid }, now(ports.clock));
    },
  };
}

const now = (clock: Clock) => clock().getTime();

/** A clock that jumped back makes an age negative: that counts as old, so keys are asked for again. */
const within = (since: number, at: number, span: number) => at >= since && at - since <= span;

function isDue(state: KeyState, kid: string, at: number): boolean {
  if (within(state.fetchedAt, at, MAX_AGE_MS) && state.keys.some((key) => key.kid === kid)) return false;
  return state.pending !== undefined || !within(state.attemptedAt, at, cooldown(state, at));
}

const cooldown = (state: KeyState, at: number) =>
  within(state.fetchedAt, at, STALE_LIMIT_MS) ? COOLDOWN_MS : EMPTY_COOLDOWN_MS;

/** One fetch at a time an issuer; whoever comes meanwhile waits for the same one. */
async function refresh(state: KeyState, url: string, ports: { clock: Clock; get: HttpGet }): Promise<void> {
  state.pending ??= fetchInto(state, url, ports).finally(() => {
    delete state.pending;
  });
  await state.pending;
}

async function fetchInto(state: KeyState, url: string, ports: { clock: Clock; get: HttpGet }): Promise<void> {
  const fetched = await fetchKeys(ports.get, url);
  state.attemptedAt = now(ports.clock);
  if (fetched.ok) {
    state.keys = fetched.value;
    state.fetchedAt = state.attemptedAt;
    delete state.failure;
  } else {
    state.failure = fetched.error;
  }
}

async function pick(
  state: KeyState,
  issuer: KeyIssuer,
  wanted: { alg: Algorithm; kid: string },
  at: number,
): Promise<Result<CryptoKey, IdentityRefusal>> {
  const retryAfterSeconds = cooldown(state, at) / SECOND;
  const unavailable = { kind: 'issuer_unavailable', issuer: issuer.name, retryAfterSeconds } as const;
  if (!within(state.fetchedAt, at, STALE_LIMIT_MS)) {
    return err({ ...unavailable, reason: state.failure ?? 'its keys are too old' });
  }
  const fitting = state.keys.flatMap((key) => (key.kid === wanted.kid ? (key.forAlgorithm(wanted.alg) ?? []) : []));
  const [only, another] = fitting;
  if (only && !another) return importedKey(only);
  // The key may be one that the issuer published since: while it cannot be asked, nothing is known about the token.
  return err(state.failure === undefined ? { kind: 'unknown_key' } : { ...unavailable, reason: state.failure });
}

/** A key whose numbers are no key (a point off its curve) verifies nothing. */
async function importedKey(key: Promise<CryptoKey>): Promise<Result<CryptoKey, IdentityRefusal>> {
  try {
    return ok(await key);
  } catch {
    return err({ kind: 'unknown_key' });
  }
}
