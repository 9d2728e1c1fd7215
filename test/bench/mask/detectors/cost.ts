import type { ResultSet } from '../../../../shared/domain/result-set.ts';
import { applyMasks } from '../../../../shared/masking/apply.ts';
import { createScanner } from '../../../../shared/masking/detectors/index.ts';
import type { ColumnMask, MaskPlan } from '../../../../shared/masking/plan.ts';
import { canonicalJson, sha256Hex } from '../../../../shared/platform/canonical.ts';
import { keyedDigest } from '../../../../shared/platform/keyed-digest.ts';
import { toJson, type JsonValue } from '../../../../shared/platform/json-value.ts';

const ROWS = 1_000;
const ROUNDS = 20;

/** A table as shops have them: ten columns, none of them like another, no value the same as in the row before. */
const TYPES = ['int8', 'text', 'text', 'numeric', 'timestamptz', 'uuid', 'jsonb', 'text', 'bool', 'text'];
function table(): ResultSet {
  const rows = Array.from({ length: ROWS }, (_, row): JsonValue[] => [
    1_000 + row,
    ['open', 'paid', 'shipped', 'returned'][row % 4] ?? '',
    `Customer no. ${String(row)} asked for a refund because the parcel arrived late and broken.`,
    `${String(row * 7)}.50`,
    `2026-11-${String((row % 28) + 1).padStart(2, '0')} 10:00:${String(row % 60).padStart(2, '0')}.123456+00`,
    `550e8400-e29b-41d4-a716-${String(446_655_440_000 + row)}`,
    `{"sku": "A-${String(row)}", "tags": ["new", "sale"], "weight": ${String(row / 8)}}`,
    `user${String(row)}@example.com`,
    row % 2 === 0,
    `https://shop.example/products/${String(row)}?ref=mail`,
  ]);
  return {
    columns: TYPES.map((type, index) => ({ name: `c${String(index)}`, type })),
    rows,
    rowCount: ROWS,
    truncated: false,
  };
}

const reveal: ColumnMask = { kind: 'reveal', class: 'none', rule: 'none' };
const scan: ColumnMask = { kind: 'scan', names: ['c'] };
const plan = (mask: ColumnMask): MaskPlan => ({ columns: TYPES.map(() => mask) });

export interface Cost {
  readonly plainMs: number;
  readonly maskedMs: number;
  readonly ratio: number;
}

/**
 * What the gateway does with an answer that has come in (its keyed digest, the masks, the form that is kept, its text for
 * the caller), with every value looked at against with none. Interleaved A B B A; the least of all rounds on each side.
 */
export function measureCost(): Cost {
  const result = table();
  const keyed = keyedDigest('the secret of a measure, as long as one that a stack makes');
  const tools = { scanner: createScanner({ on: [], off: [] }), keyed };
  const settle = (mask: ColumnMask): number => {
    const from = performance.now();
    keyed.of('answer', canonicalJson(toJson(result)));
    const masked = applyMasks(result, plan(mask), tools);
    sha256Hex(canonicalJson(toJson(masked)));
    JSON.stringify(masked);
    return performance.now() - from;
  };
  let [plainMs, maskedMs] = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const side of ['plain', 'masked', 'masked', 'plain'] as const) {
      if (side === 'plain') plainMs = Math.min(plainMs, settle(reveal));
      else maskedMs = Math.min(maskedMs, settle(scan));
    }
  }
  return { plainMs, maskedMs, ratio: maskedMs / plainMs };
}
