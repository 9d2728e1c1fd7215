import type { Masked, Outcome, UnmaskedDigest } from '../../domain/event.ts';
import type { Statement } from '../../domain/statement.ts';
import type { MaskedResult, ResultSet, TargetOutcome } from '../../domain/result-set.ts';
import { accountOf } from '../../masking/account.ts';
import { applyMasks } from '../../masking/apply.ts';
import type { Scanner } from '../../masking/detectors/index.ts';
import { maskTargetMessage } from '../../masking/errors.ts';
import type { MaskPlan } from '../../masking/plan.ts';
import { canonicalJson } from '../../platform/canonical.ts';
import { toJson } from '../../platform/json-value.ts';
import type { KeyedDigest } from '../../platform/keyed-digest.ts';
import type { Log } from '../../platform/log.ts';
import type { Result } from '../../platform/result.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { StoreFault } from '../ports/session-store.ts';
import { keepResult } from './keep.ts';

/** What of an answer may be seen. */
export interface Showing {
  readonly masks: MaskPlan;
  readonly scanner: Scanner;
  /** What was run: a message of the target may quote it, and nothing else. */
  readonly statement: string;
}

/** All that an agent said: whatever of it a target quotes is nothing new to it. */
export const saidIn = ({ text, body }: Statement): string =>
  body === undefined ? text : `${text}\n${JSON.stringify(body)}`;

export interface Settled {
  readonly outcome: Outcome;
  /** What was masked of it, on record before it. */
  readonly masked?: Masked;
  readonly result?: MaskedResult;
  /** An answer too large for its item. */
  readonly large?: LargeAnswer;
}

export interface LargeAnswer {
  readonly bytes: Uint8Array;
  /** Settles when it is durable in S3. */
  readonly stored: Promise<Result<unknown, StoreFault>>;
}

/** What settling needs beside the answer. */
export interface SettleDeps {
  readonly blobs: BlobStore;
  readonly log: Log;
  readonly keyed: KeyedDigest;
  /** The session that it is the answer of. */
  readonly session: string;
}

/** From what the target said to what is kept and told. Past this point nothing unmasked exists, but for its digest. */
export function settle(deps: SettleDeps, answer: TargetOutcome, showing: Showing, targetMs: number): Settled {
  switch (answer.kind) {
    case 'done':
      return succeeded(deps, answer.result, showing, targetMs);
    case 'refused': {
      const { code, message } = answer;
      const shown = showing.scanner.text(maskTargetMessage(code, message, showing.statement)).value;
      return failed(code, shown, targetMs, unmaskedDigest(deps, { code, message }));
    }
    case 'unavailable':
      return failed('target_unavailable', showing.scanner.text(answer.message).value, targetMs);
    case 'unknown':
      return { outcome: { kind: 'unknown_outcome', message: showing.scanner.text(answer.message).value, targetMs } };
  }
}

/**
 * Over the session and all that the target said: columns and rows of an answer, or code and message of a refusal. Without
 * the session, equal answers would have equal digests, and whoever may read a record could try a guess out:
 * `SELECT 'ada@example.com' AS email` beside `SELECT email … WHERE id = 7`.
 */
export const unmaskedDigest = (
  { keyed, session }: Pick<SettleDeps, 'keyed' | 'session'>,
  answer: object,
): UnmaskedDigest => ({
  key: keyed.key,
  hmac: keyed.of('answer', canonicalJson(toJson({ session, answer }))),
});

const failed = (code: string, message: string, targetMs: number, unmasked?: UnmaskedDigest): Settled => ({
  outcome: { kind: 'failed', code, message, targetMs, ...(unmasked === undefined ? {} : { unmasked }) },
});

/** It ran. If its answer cannot be masked it is withheld, and the session says that it ran. */
function succeeded(deps: SettleDeps, result: ResultSet, showing: Showing, targetMs: number): Settled {
  const unmasked = unmaskedDigest(deps, result);
  try {
    const masked = applyMasks(result, showing.masks, { scanner: showing.scanner, keyed: deps.keyed });
    const { kept, large } = keepResult(deps.blobs, masked);
    const account = accountOf(showing.masks, masked.columns);
    return {
      outcome: { kind: 'succeeded', result: kept, targetMs, unmasked },
      result: masked,
      ...(account === undefined ? {} : { masked: account }),
      ...(large === undefined ? {} : { large }),
    };
  } catch (error) {
    deps.log.error('masking failed', { error: error instanceof Error ? error.name : 'unknown' });
    const withheld: MaskedResult = { columns: [], rows: [], rowCount: result.rowCount, truncated: true };
    return { outcome: { kind: 'succeeded', result: { inline: withheld }, targetMs, unmasked }, result: withheld };
  }
}
