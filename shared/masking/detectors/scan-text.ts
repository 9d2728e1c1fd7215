import type { DetectedClass } from '../../contracts/config/detected-classes.ts';
import { findAssignments } from './assignments.ts';
import { findCards } from './cards.ts';
import { findEmails } from './email.ts';
import { encodedIn, mayEncode } from './encoded.ts';
import { apart, type Detector, type Finding } from './finding.ts';
import { findIbans } from './ibans.ts';
import { findIds } from './ids/index.ts';
import { findIps } from './ips.ts';
import { findPhones } from './phones.ts';
import { findSecrets } from './secrets.ts';
import { traitsOf, type Traits } from './traits.ts';
import { mayReadOtherwise, viewsOf } from './view.ts';

/** Base64 in base64 in base64; what is wrapped more often is not unwrapped. */
const MAX_UNWRAPPED = 3;

/** What a detector needs at least. Each finds one class, or one of `secret.*`. */
const FAMILIES: readonly {
  readonly finds: Detector;
  readonly needs: (has: Traits) => boolean;
  readonly off?: DetectedClass;
}[] = [
  { finds: findEmails, needs: (has) => has.at },
  { finds: findCards, needs: (has) => has.loose >= 12 },
  { finds: findPhones, needs: (has) => has.loose >= 7 },
  // Each rule says what it needs.
  { finds: findIds, needs: (has) => has.run >= 1 },
  { finds: findIbans, needs: (has) => has.run >= 2 && has.letter },
  { finds: findIps, needs: (has) => has.run >= 1 || has.colon, off: 'pii.ip' },
  { finds: findSecrets, needs: (has) => has.letter },
  { finds: findAssignments, needs: (has) => has.letter && has.sign },
];

/**
 * Every find in a text, in its plain reading and in those that its escapes, its look-alikes and its encodings stand for.
 * Positions are the text's own. Reads the text a bounded number of times: once as it is, at most eight times unescaped,
 * and what it encodes, which is shorter than it.
 */
export function findingsIn(text: string, near: string, on: ReadonlySet<DetectedClass>): readonly Finding[] {
  if (text.length < SHORTEST || isRandomId(text)) return NONE;
  const found = look(text, { near, on }, 0);
  return found.length === 0 ? NONE : apart(found.filter((finding) => on.has(finding.class)));
}

const NONE: readonly Finding[] = [];

/** `a@bc.de`, `1234567`: nothing that we name is shorter. */
const SHORTEST = 5;

/**
 * A UUID alone, by the bits of its version and variant (RFC 9562, 4): made to mean nothing, and a search of its digits finds
 * numbers by chance. One that a name makes a key is judged by that name before. Digits of a card put into hex have no version.
 */
const isRandomId = (text: string): boolean =>
  text.length === 36 && /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i.test(text);

interface Ask {
  readonly near: string;
  readonly on: ReadonlySet<DetectedClass>;
}

function look(text: string, ask: Ask, unwrapped: number): Finding[] {
  const traits = traitsOf(text);
  const found = read(text, traits, ask, unwrapped);
  if (!mayReadOtherwise(text, traits)) return found;
  for (const view of viewsOf(text)) {
    for (const finding of read(view.text, traitsOf(view.text), ask, unwrapped)) {
      const start = view.from[finding.start] ?? 0;
      const end = view.to[finding.end - 1] ?? text.length;
      found.push({ ...finding, start, end });
    }
  }
  return found;
}

function read(text: string, traits: Traits, ask: Ask, unwrapped: number): Finding[] {
  const found: Finding[] = [];
  const passage = { text, near: ask.near, traits };
  for (const { needs, finds, off } of FAMILIES)
    if (needs(traits) && (off === undefined || ask.on.has(off))) found.push(...finds(passage));
  if (unwrapped < MAX_UNWRAPPED && mayEncode(traits)) found.push(...wrapped(text, traits, ask, unwrapped));
  return found;
}

/** The whole run is masked for what any part of it stands for: it cannot be told which of its characters those are. */
const wrapped = (text: string, traits: Traits, ask: Ask, unwrapped: number): Finding[] =>
  encodedIn(text, traits).flatMap(({ start, end, text: inner }) =>
    look(inner, ask, unwrapped + 1).map(({ class: found, rule }) => ({ start, end, class: found, rule })),
  );
