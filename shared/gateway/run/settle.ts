import type { Outcome } from '../../domain/event.ts';
import type { MaskedResult, ResultSet, TargetOutcome } from '../../domain/result-set.ts';
import { applyMasks } from '../../masking/apply.ts';
import type { DetectorName } from '../../masking/detectors.ts';
import { maskTargetMessage } from '../../masking/errors.ts';
import type { MaskPlan } from '../../masking/plan.ts';
import type { Log } from '../../platform/log.ts';
import type { Result } from '../../platform/result.ts';
import type { BlobStore } from '../ports/blob-store.ts';
import type { StoreFault } from '../ports/session-store.ts';
import { keepResult } from './keep.ts';

/** What of an answer may be seen. */
export interface Showing {
  readonly masks: MaskPlan;
  readonly detectors: readonly DetectorName[];
  /** What was run: a message of the target may quote it, and nothing else. */
  readonly statement: string;
}

export interface Settled {
  readonly outcome: Outcome;
  readonly result?: MaskedResult;
  /** Settles when a large answer is durable in S3. */
  readonly stored?: Promise<Result<unknown, StoreFault>>;
}

/** From what the target said to what is kept and told. Past this point nothing unmasked exists. */
export function settle(
  deps: { blobs: BlobStore; log: Log },
  answer: TargetOutcome,
  showing: Showing,
  targetMs: number,
): Settled {
  switch (answer.kind) {
    case 'done':
      return succeeded(deps, answer.result, showing, targetMs);
    case 'refused':
      return failed(answer.code, maskTargetMessage(answer.code, answer.message, showing.statement), targetMs);
    case 'unavailable':
      return failed('target_unavailable', answer.message, targetMs);
    case 'unknown':
      return { outcome: { kind: 'unknown_outcome', message: answer.message, targetMs } };
  }
}

const failed = (code: string, message: string, targetMs: number): Settled => ({
  outcome: { kind: 'failed', code, message, targetMs },
});

/** It ran. If its answer cannot be masked it is withheld, and the session says that it ran. */
function succeeded(
  deps: { blobs: BlobStore; log: Log },
  result: ResultSet,
  showing: Showing,
  targetMs: number,
): Settled {
  try {
    const masked = applyMasks(result, showing.masks, showing.detectors);
    const { kept, stored } = keepResult(deps.blobs, masked);
    return { outcome: { kind: 'succeeded', result: kept, targetMs }, result: masked, stored };
  } catch (error) {
    deps.log.error('masking failed', { error: error instanceof Error ? error.name : 'unknown' });
    const withheld: MaskedResult = { columns: [], rows: [], rowCount: result.rowCount, truncated: true };
    return { outcome: { kind: 'succeeded', result: { inline: withheld }, targetMs }, result: withheld };
  }
}
