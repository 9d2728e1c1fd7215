import { DETECTED_CLASSES } from '../../../../shared/contracts/config/detected-classes.ts';
import { findingsIn } from '../../../../shared/masking/detectors/scan-text.ts';
import type { Finding } from '../../../../shared/masking/detectors/finding.ts';
import { excluder, secretCases, sentences, type Sample, type SecretCase } from './corpora.ts';

/** Found, missed, and named where nothing is. */
export interface Count {
  found: number;
  missed: number;
  wrong: number;
}
export type Half = 'first' | 'second';
export interface Counted {
  readonly what: string;
  readonly half: Half;
  readonly count: Count;
}

const ALL = new Set(DETECTED_CLASSES);
/** Rules that go by the name over a value, not by a form of its own. */
const NAMED = new Set(['password-named', 'random-named', 'vendor-named']);
const NAMED_KINDS =
  /^(?:generic-api-key|ibm|softlayer|cloudant|high_entropy|hashicorp-tf-password|nuget|heroku-api-key$|hubspot|snyk|sonar|messagebird|okta|mailchimp-api-key|sumologic|facebook-secret|cisco|cohere|etsy|discord-client|privateai|freemius)/;

/** Every second sample: rules were written looking at one half, and the other only measured. */
const halfOf = (index: number): Half => (index % 2 === 0 ? 'first' : 'second');

class Counts {
  readonly #counts = new Map<string, Counted>();
  at(what: string, half: Half): Count {
    const key = `${what}\0${half}`;
    const known = this.#counts.get(key) ?? { what, half, count: { found: 0, missed: 0, wrong: 0 } };
    this.#counts.set(key, known);
    return known.count;
  }
  list(): readonly Counted[] {
    return [...this.#counts.values()].toSorted((one, other) =>
      one.what + one.half < other.what + other.half ? -1 : 1,
    );
  }
}

/** By class: a value counts as found when it is masked whole, under its class. */
export function countSentences(): readonly Counted[] {
  const counts = new Counts();
  for (const [index, sample] of sentences().entries()) {
    const findings = findingsIn(sample.text, '', ALL);
    for (const span of sample.spans) {
      const count = counts.at(span.class, halfOf(index));
      if (findings.some((finding) => covers(finding, span))) count.found += 1;
      else count.missed += 1;
    }
    for (const finding of findings) if (!isReal(finding, sample)) counts.at(finding.class, halfOf(index)).wrong += 1;
  }
  return counts.list();
}

type Span = Sample['spans'][number];
const covers = (finding: Finding, span: Span): boolean =>
  finding.class === span.class && finding.start <= span.start && finding.end >= span.end;
const isReal = (finding: Finding, { spans }: Sample): boolean =>
  spans.some((span) => span.class === finding.class && finding.start < span.end && finding.end > span.start);

export interface CountedSecrets {
  readonly counted: readonly Counted[];
  readonly excluded: ReadonlyMap<string, number>;
}

/** By whether the kind has a form of its own, or is known by the name over it. */
export function countSecrets(): CountedSecrets {
  const counts = new Counts();
  const excluded = new Map<string, number>();
  for (const name of ['gitleaks', 'detect_secrets'] as const) {
    const cases = secretCases(name);
    const exclude = excluder(name, cases);
    for (const [index, one] of cases.entries()) {
      const findings = findingsIn(one.text, '', ALL).filter((finding) => isOfFamily(finding, one));
      tally(counts.at(`${name}, every case as labelled`, halfOf(index)), one, findings);
      const why = exclude(one) ?? besideTheLabel(one, findings);
      if (why !== undefined) {
        excluded.set(why, (excluded.get(why) ?? 0) + 1);
        continue;
      }
      const byName = NAMED_KINDS.test(one.rule) && findings.every(({ rule }) => NAMED.has(rule));
      tally(counts.at(`${name}, by ${byName ? 'the name over it' : 'its own form'}`, halfOf(index)), one, findings);
    }
  }
  return { counted: counts.list(), excluded };
}

function tally(count: Count, { secret }: SecretCase, findings: readonly Finding[]): void {
  if (secret && findings.length > 0) count.found += 1;
  else if (secret) count.missed += 1;
  else if (findings.length > 0) count.wrong += 1;
}

/** An address of a person in a case about addresses of machines is another find. */
const isOfFamily = ({ class: found }: Finding, { rule }: SecretCase): boolean =>
  rule === 'ip_public' ? found === 'pii.ip' : found.startsWith('secret.');

/**
 * A label says that a text holds nothing of one kind. Where that kind has a form, it says nothing of a value which a telling
 * name stands over; where it is no kind of password, nothing of what is called a password.
 */
function besideTheLabel({ rule, secret }: SecretCase, findings: readonly Finding[]): string | undefined {
  if (secret || findings.length === 0) return undefined;
  const isPassword = findings.every((finding) => finding.rule === 'password-named');
  if (isPassword && !/password|basic_auth|generic|entropy/.test(rule))
    return 'called a password, in a case about something else';
  const isNamed = findings.every((finding) => NAMED.has(finding.rule));
  return isNamed && !NAMED_KINDS.test(rule) ? 'under a telling name, in a case about a form' : undefined;
}

export const recall = ({ found, missed }: Count): number => found / (found + missed);
export const precision = ({ found, wrong }: Count): number => found / (found + wrong);
