import type { KeyedDigest } from '../platform/keyed-digest.ts';
import type { Scanner } from './detectors/index.ts';

/** What masking takes beside the plan. */
export interface MaskTools {
  readonly scanner: Scanner;
  /** For keyed hashes; where it is absent they are redacted. */
  readonly keyed?: KeyedDigest;
}
