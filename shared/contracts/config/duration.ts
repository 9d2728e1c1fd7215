import * as z from 'zod';

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

/** "30s", "30m", "2h" → seconds. */
export const durationSchema = z
  .string()
  .regex(/^[1-9][0-9]{0,4}[smh]$/, 'a duration is a whole number and a unit, e.g. "30s", "30m" or "2h"')
  .transform((text) => Number(text.slice(0, -1)) * (UNIT_SECONDS[text.slice(-1)] ?? Number.NaN));

/** Seconds → the shortest such text. */
export function formatDuration(seconds: number): string {
  if (seconds % 3_600 === 0) return `${String(seconds / 3_600)}h`;
  return seconds % 60 === 0 ? `${String(seconds / 60)}m` : `${String(seconds)}s`;
}
