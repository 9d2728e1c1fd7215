import * as z from 'zod';
import { durationSchema } from '../../contracts/config/duration.ts';
import { err, ok } from '../../platform/result.ts';
import type { Result } from '../../platform/result.ts';

/** What a policy asks of people: every group named must be heard as far as the policy's condition says. */
export interface Approval {
  readonly groups: readonly string[];
  /** Distinct people of each group. */
  readonly quorum: number;
  readonly expiresSeconds: number;
}

export interface Annotations {
  readonly id: string;
  readonly message?: string;
  readonly approval?: Approval;
}

export interface AnnotationFault {
  readonly message: string;
  readonly remedy: string;
}

/** Below ten seconds nobody can answer; past a day the question is about yesterday's data. */
const MIN_EXPIRES = 10;
const MAX_EXPIRES = 86_400;

const expiresSchema = durationSchema.refine(
  (seconds) => seconds >= MIN_EXPIRES && seconds <= MAX_EXPIRES,
  '@expires lies between 10s and 24h',
);

const groupsSchema = z
  .string()
  .transform((text) => text.split(',').map((name) => name.trim()))
  .refine(
    (names) => names.length <= 5 && new Set(names).size === names.length && names.every((name) => name !== ''),
    '@approval names one group, or up to five apart by commas',
  );

const annotationsSchema = z.strictObject({
  id: z
    .string('every policy needs an @id("…")')
    .regex(
      /^[a-z0-9][a-z0-9._-]{0,99}$/,
      '@id is lower-case letters, digits, ".", "_" and "-", at most 100, e.g. @id("writes-need-a-dba")',
    ),
  message: z
    .string('@message needs a text')
    .min(1, '@message is empty')
    .max(500, '@message is longer than 500 characters')
    .optional(),
  approval: groupsSchema.optional(),
  /** Ten people for one statement is already a meeting. */
  quorum: z
    .string()
    .regex(/^([1-9]|10)$/, '@quorum is a whole number from 1 to 10')
    .transform(Number)
    .optional(),
  expires: expiresSchema.optional(),
});

/** Half an hour: long enough to be seen over lunch, short enough that the reason is still the reason. */
const DEFAULT_EXPIRES = 1_800;
const KNOWN = 'known are @id, @message, @approval, @quorum, @expires';

/** Reads a policy's annotations as Cedar gives them: name → text, or null where there is no text. */
export function readAnnotations(raw: unknown): Result<Annotations, AnnotationFault[]> {
  const parsed = annotationsSchema.safeParse(raw ?? {});
  if (!parsed.success) return err(parsed.error.issues.map(explain));
  const { id, message, approval, quorum, expires } = parsed.data;
  if (approval === undefined && (quorum !== undefined || expires !== undefined))
    return err([
      {
        message: '@quorum and @expires say how an approval is given, but there is no @approval',
        remedy: 'add @approval("GROUP") or remove them',
      },
    ]);
  return ok({
    id,
    ...(message === undefined ? {} : { message }),
    ...(approval === undefined
      ? {}
      : { approval: { groups: approval, quorum: quorum ?? 1, expiresSeconds: expires ?? DEFAULT_EXPIRES } }),
  });
}

function explain(issue: z.core.$ZodIssue): AnnotationFault {
  if (issue.code === 'unrecognized_keys')
    return { message: `unknown annotation ${issue.keys.map((key) => `@${key}`).join(', ')}`, remedy: KNOWN };
  if (issue.code === 'invalid_type' && issue.path[0] !== 'id')
    return { message: `@${String(issue.path[0])} needs a text`, remedy: KNOWN };
  return { message: issue.message, remedy: 'mend the annotation' };
}
