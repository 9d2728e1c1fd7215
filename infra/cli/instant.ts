import { InvalidArgumentError } from 'commander';
import * as z from 'zod';

const instantSchema = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

/** `2026-11-21` (its first instant, UTC) or `2026-11-21T07:00:00Z`. */
export function toInstant(text: string): string {
  const parsed = instantSchema.safeParse(text);
  if (!parsed.success) throw new InvalidArgumentError('Give a day (2026-11-21) or an instant (2026-11-21T07:00:00Z).');
  return new Date(parsed.data).toISOString();
}

/** The same, of a whole hour: digests are of hours. */
export function toHour(text: string): string {
  const instant = toInstant(text);
  if (!instant.endsWith(':00:00.000Z')) throw new InvalidArgumentError('Give a whole hour, e.g. 2026-11-21T07:00:00Z.');
  return instant;
}
