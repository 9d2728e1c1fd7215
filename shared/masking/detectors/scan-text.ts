import type { DetectedClass } from '../../contracts/config/detected-classes.ts';
import { findAssignments } from './assignments.ts';
import { findCards } from './cards.ts';
import { findEmails } from './email.ts';
import { encodedIn } from './encoded.ts';
import { apart, type Detector, type Finding } from './finding.ts';
import { findIbans } from './ibans.ts';
import { findIds } from './ids/index.ts';
import { findIps } from './ips.ts';
import { findPhones } from './phones.ts';
import { findSecrets } from './secrets.ts';
import { viewsOf } from './view.ts';

/** Base64 in base64 in base64; what is wrapped more often is not unwrapped. */
const MAX_UNWRAPPED = 3;

/** What a detector needs at least, tested by one pass over the text each, so that most values meet no detector at all. */
const FAMILIES: readonly { readonly needs: RegExp; readonly finds: readonly Detector[] }[] = [
  { needs: /@/, finds: [findEmails] },
  { needs: /(?:[0-9][^0-9]{0,3}){6}[0-9]/, finds: [findCards, findPhones] },
  { needs: /[0-9]{2} ?[0-9]{2}(?: ?[0-9]{2}|[A-Z])|[0-9]{3}[-. ][0-9]|[A-Z][0-9]{3}[A-Z]/i, finds: [findIds] },
  { needs: /[A-Za-z]{2}[0-9]{2}[ .-]?[A-Za-z0-9]/, finds: [findIbans] },
  { needs: /[0-9]\.[0-9]{1,3}\.[0-9]|:[0-9a-fA-F]{0,4}:/, finds: [findIps] },
  { needs: /[A-Za-z]/, finds: [findSecrets, findAssignments] },
];

/**
 * Every find in a text, in its plain reading and in those that its escapes, its look-alikes and its encodings stand for.
 * Positions are the text's own. Reads the text a bounded number of times: once as it is, at most four times unescaped,
 * and what it encodes, which is shorter than it.
 */
export function findingsIn(text: string, near: string, on: ReadonlySet<DetectedClass>): readonly Finding[] {
  if (text.length < SHORTEST) return [];
  return apart(look(text, near, 0).filter((finding) => on.has(finding.class)));
}

/** `a@bc.de`, `1234567`: nothing that we name is shorter. */
const SHORTEST = 5;

function look(text: string, near: string, unwrapped: number): Finding[] {
  const found = [...plain(text, near), ...wrapped(text, near, unwrapped)];
  for (const view of viewsOf(text)) {
    for (const finding of [...plain(view.text, near), ...wrapped(view.text, near, unwrapped)]) {
      const start = view.from[finding.start] ?? 0;
      const end = view.to[finding.end - 1] ?? text.length;
      found.push({ ...finding, start, end });
    }
  }
  return found;
}

const plain = (text: string, near: string): Finding[] =>
  FAMILIES.flatMap(({ needs, finds }) =>
    needs.test(text) ? finds.flatMap((detector) => detector({ text, near })) : [],
  );

/** The whole run is masked for what any part of it stands for: it cannot be told which of its characters those are. */
function wrapped(text: string, near: string, unwrapped: number): Finding[] {
  if (unwrapped >= MAX_UNWRAPPED) return [];
  return encodedIn(text).flatMap(({ start, end, text: inner }) =>
    look(inner, near, unwrapped + 1).map(({ class: found, rule }) => ({ start, end, class: found, rule })),
  );
}
