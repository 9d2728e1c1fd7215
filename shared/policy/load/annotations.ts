import * as z from 'zod';
import { durationSchema } from '../../contracts/config/duration.ts';
import type { RowBound } from '../../domain/row-bound.ts';
import { err, ok } from '../../platform/result.ts';
import type { Result } from '../../platform/result.ts';
import { rowBoundAnnotations, rowBoundOf } from './row-bound.ts';

/** What a policy asks of people: every group named must be heard as far as the policy's condition says. */
export interface Approval {
  readonly groups: readonly string[];
  /** Distinct people of each group. */
  readonly quorum: number;
  readonly expiresSeconds: number;
  /** Distinct people whose no ends it. */
  readonly denials: number;
  /** False: nobody is reminded. */
  readonly reminds: boolean;
  /** A second group, asked beside the first once it has been silent for so long. */
  /** The longest that an approver may answer for statements of one shape. Absent: never. */
  readonly leaseSeconds?: number;
  readonly escalation?: { readonly group: string; readonly afterSeconds?: number };
  /** How many rows a yes is good for. */
  readonly bound?: RowBound;
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
  denials: z
    .string()
    .regex(/^([1-9]|10)$/, '@denials is a whole number from 1 to 10')
    .transform(Number)
    .optional(),
  remind: z.enum(['on', 'off'], '@remind is "on" or "off"').optional(),
  escalate: z.string().min(1, '@escalate names a group').optional(),
  escalate_after: durationSchema.optional(),
  lease: durationSchema
    .refine((seconds) => seconds >= 60 && seconds <= MAX_EXPIRES, '@lease lies between 60s and 24h')
    .optional(),
  ...rowBoundAnnotations,
});

/** Half an hour: long enough to be seen over lunch, short enough that the reason is still the reason. */
const DEFAULT_EXPIRES = 1_800;
const KNOWN =
  'known are @id, @message, @approval, @quorum, @expires, @denials, @remind, @escalate, @escalate_after, @lease, @rows_max, @rows_tolerance';
/** Say how an approval is given, and so stand beside an @approval only. */
const WITH_APPROVAL = [
  'quorum',
  'expires',
  'denials',
  'remind',
  'escalate',
  'escalate_after',
  'lease',
  'rows_max',
  'rows_tolerance',
] as const;

/** Reads a policy's annotations as Cedar gives them: name → text, or null where there is no text. */
export function readAnnotations(raw: unknown): Result<Annotations, AnnotationFault[]> {
  const parsed = annotationsSchema.safeParse(raw ?? {});
  if (!parsed.success) return err(parsed.error.issues.map(explain));
  const { id, message, approval } = parsed.data;
  const lone = approval === undefined ? WITH_APPROVAL.filter((name) => parsed.data[name] !== undefined) : [];
  if (lone.length > 0)
    return err([
      {
        message: `${lone.map((name) => `@${name}`).join(', ')}: says how an approval is given, but there is no @approval`,
        remedy: 'add @approval("GROUP") or remove it',
      },
    ]);
  const asked = approval === undefined ? ok(undefined) : readApproval(approval, parsed.data);
  if (!asked.ok) return asked;
  return ok({
    id,
    ...(message === undefined ? {} : { message }),
    ...(asked.value === undefined ? {} : { approval: asked.value }),
  });
}

function readApproval(
  groups: readonly string[],
  given: z.output<typeof annotationsSchema>,
): Result<Approval, AnnotationFault[]> {
  const expiresSeconds = given.expires ?? DEFAULT_EXPIRES;
  const escalation = readEscalation(groups, given, expiresSeconds);
  if (!escalation.ok) return escalation;
  return ok({
    groups,
    quorum: given.quorum ?? 1,
    expiresSeconds,
    denials: given.denials ?? 1,
    reminds: given.remind !== 'off',
    ...(escalation.value === undefined ? {} : { escalation: escalation.value }),
    ...(given.lease === undefined ? {} : { leaseSeconds: given.lease }),
    ...rowBoundOf(given),
  });
}

function readEscalation(
  groups: readonly string[],
  { escalate, escalate_after: afterSeconds }: z.output<typeof annotationsSchema>,
  expiresSeconds: number,
): Result<Approval['escalation'], AnnotationFault[]> {
  const fault = (message: string, remedy: string) => err([{ message, remedy }]);
  if (escalate === undefined)
    return afterSeconds === undefined
      ? ok(undefined)
      : fault('@escalate_after says when, but there is no @escalate', 'add @escalate("GROUP") or remove it');
  if (groups.length > 1)
    return fault(
      '@escalate stands beside an @approval of one group',
      'ask each group in a policy of its own, each with its second group',
    );
  if (groups.includes(escalate))
    return fault(`@escalate("${escalate}") names the group that is asked already`, 'name another group');
  if (afterSeconds !== undefined && (afterSeconds < 1 || afterSeconds >= expiresSeconds))
    return fault('@escalate_after lies past the end of the approval', 'make it shorter than @expires');
  return ok({ group: escalate, ...(afterSeconds === undefined ? {} : { afterSeconds }) });
}

function explain(issue: z.core.$ZodIssue): AnnotationFault {
  if (issue.code === 'unrecognized_keys')
    return { message: `unknown annotation ${issue.keys.map((key) => `@${key}`).join(', ')}`, remedy: KNOWN };
  if (issue.code === 'invalid_type' && issue.path[0] !== 'id')
    return { message: `@${String(issue.path[0])} needs a text`, remedy: KNOWN };
  return { message: issue.message, remedy: 'mend the annotation' };
}
