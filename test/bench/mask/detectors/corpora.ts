import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RE2JS } from 're2js';
import * as z from 'zod';
import type { DetectedClass } from '../../../../shared/contracts/config/detected-classes.ts';

/** Where the public corpora lie; the measure is skipped where they do not. */
const CORPORA = process.env['COUNTERSIGN_CORPORA'] ?? join(import.meta.dirname, '../../../../../shared/corpora');
const read = (path: string): string => readFileSync(join(CORPORA, path), 'utf8');

export const hasCorpora = (): boolean => existsSync(join(CORPORA, 'secrets'));

/** One text, and the values in it that a detector must name: where they stand, and of what class. */
export interface Sample {
  readonly id: string;
  readonly text: string;
  readonly spans: readonly { readonly start: number; readonly end: number; readonly class: DetectedClass }[];
}

const KINDS: ReadonlyMap<string, DetectedClass> = new Map<string, DetectedClass>([
  ['CREDIT_CARD', 'pci.card'],
  ['PHONE_NUMBER', 'pii.phone'],
  ['EMAIL_ADDRESS', 'pii.email'],
  ['IBAN_CODE', 'pii.iban'],
  ['US_SSN', 'pii.national_id'],
  ['IP_ADDRESS', 'pii.ip'],
]);

const sentencesSchema = z.array(
  z.looseObject({
    full_text: z.string(),
    spans: z.array(z.looseObject({ entity_type: z.string(), start_position: z.int(), end_position: z.int() })),
  }),
);

/** presidio-research's sentences. Names, places and dates in them are kinds that we do not claim. */
export function sentences(): readonly Sample[] {
  return sentencesSchema.parse(JSON.parse(read('pii-presidio/synth_dataset_v2.json'))).map((one, index) => ({
    id: `sentence ${String(index)}`,
    text: one.full_text,
    spans: one.spans.flatMap((span) => {
      const found = KINDS.get(span.entity_type);
      return found === undefined ? [] : [{ start: span.start_position, end: span.end_position, class: found }];
    }),
  }));
}

/** A text that holds a secret, or none. */
export interface SecretCase {
  readonly id: string;
  readonly rule: string;
  readonly secret: boolean;
  readonly text: string;
}

const caseSchema = z.looseObject({ id: z.string(), rule: z.string(), is_secret: z.boolean(), b64: z.string() });

export function secretCases(name: 'gitleaks' | 'detect_secrets'): readonly SecretCase[] {
  return read(`secrets/${name}_cases.jsonl`)
    .trim()
    .split('\n')
    .map((line) => {
      const { id, rule, is_secret: secret, b64 } = caseSchema.parse(JSON.parse(line));
      return { id, rule, secret, text: Buffer.from(b64, 'base64').toString('utf8') };
    });
}

export type Excluded =
  | 'labelled both ways'
  | 'no secret in the text'
  | 'another secret in the text'
  | 'a sample that its vendor prints'
  | 'a template that was not filled in';

/**
 * Cases that prove nothing, by what the corpus itself says: a text with both labels; a part of a file that gitleaks' own rule
 * finds no secret in; a text that is none for its rule and one for another; a text that its rule finds a secret in, and that
 * is labelled none because it is printed in the vendor's documents (a list of literals in `gitleaks.toml`: it says nothing of
 * the form); a template (`'{secret}'`) whose place for the value is still there.
 */
export function excluder(
  name: 'gitleaks' | 'detect_secrets',
  cases: readonly SecretCase[],
): (one: SecretCase) => Excluded | undefined {
  const both = new Set(
    [...Map.groupBy(cases, ({ text }) => text)]
      .filter(([, same]) => new Set(same.map(({ secret }) => secret)).size > 1)
      .map(([text]) => text),
  );
  const rules = name === 'gitleaks' ? gitleaksRules() : new Map<string, GitleaksRule>();
  return ({ rule, secret, text }) => {
    if (both.has(text)) return 'labelled both ways';
    if (/^\W*\{secret\}\W*$/.test(text)) return 'a template that was not filled in';
    if (name === 'detect_secrets') return undefined;
    const own = rules.get(rule);
    const fits = own?.engine.test(text) === true;
    if (secret) return fits ? undefined : 'no secret in the text';
    if (fits && own.samples.some((sample) => text.includes(sample))) return 'a sample that its vendor prints';
    const others = [...rules].some(([id, { engine }]) => id !== rule && id !== 'generic-api-key' && engine.test(text));
    return others ? 'another secret in the text' : undefined;
  };
}

interface GitleaksRule {
  readonly engine: RE2JS;
  /** Of its allow lists, what is a literal. */
  readonly samples: readonly string[];
}

function gitleaksRules(): ReadonlyMap<string, GitleaksRule> {
  const rules = new Map<string, GitleaksRule>();
  for (const block of read('secrets/gitleaks.toml').split('[[rules]]').slice(1)) {
    const id = /id = "([^"]+)"/.exec(block)?.[1];
    const pattern = /regex = '''([\s\S]*?)'''/.exec(block)?.[1];
    const allowed = block.split('[[rules.allowlists]]').slice(1).join('');
    const samples = [...allowed.matchAll(/'''(.*?)'''/g)].flatMap(([, text = '']) => literalOf(text) ?? []);
    if (id !== undefined && pattern !== undefined) rules.set(id, { engine: RE2JS.compile(pattern), samples });
  }
  return rules;
}

/** The text that a pattern matches, where it is one text. */
function literalOf(pattern: string): string | undefined {
  const literal = pattern.replaceAll(/\\([.*+?^${}()|[\]\\])/g, '$1');
  return /[.*+?^${}()|[\]\\]/.test(pattern.replaceAll(/\\./g, '')) || literal.length < 8 ? undefined : literal;
}
