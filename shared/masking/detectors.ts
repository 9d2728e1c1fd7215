/** A detector of one structured kind of value. Patterns have bounded quantifiers only, so each is linear in its input. */
interface Detector {
  readonly class: string;
  readonly pattern: RegExp;
  /** Confirms a candidate, where the kind has a check digit: keeps order numbers from being called cards. */
  readonly confirm?: (candidate: string) => boolean;
}

export const DETECTORS = {
  'private-key': {
    class: 'secret.private_key',
    pattern:
      /-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[A-Za-z0-9+/=\s]{0,16384}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
  },
  jwt: { class: 'secret.jwt', pattern: /\beyJ[A-Za-z0-9_-]{8,4096}\.[A-Za-z0-9_-]{2,8192}\.[A-Za-z0-9_-]{0,2048}/g },
  'aws-key': { class: 'secret.aws_key', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  email: {
    class: 'pii.email',
    pattern: /[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}/g,
  },
  iban: {
    class: 'pii.iban',
    pattern: /\b[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g,
    confirm: isIban,
  },
  card: { class: 'pci.card', pattern: /\b[0-9](?:[ -]?[0-9]){12,18}\b/g, confirm: isCard },
} as const satisfies Record<string, Detector>;

export type DetectorName = keyof typeof DETECTORS;

/** Luhn check (ISO/IEC 7812-1 annex B) over 13 to 19 digits that begin as payment cards do. */
function isCard(candidate: string): boolean {
  const digits = candidate.replace(/[ -]/g, '');
  if (!/^[2-6]/.test(digits)) return false;
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

/** Check digits of an IBAN (ISO 13616): rearranged and read as a number it is 1 modulo 97. */
function isIban(candidate: string): boolean {
  const text = candidate.replaceAll(' ', '');
  if (text.length < 15 || text.length > 34) return false;
  let remainder = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    for (const digit of String(Number.parseInt(character, 36))) remainder = (remainder * 10 + Number(digit)) % 97;
  }
  return remainder === 1;
}

export interface Detection {
  readonly text: string;
  readonly classes: readonly string[];
}

/** Replaces what the named detectors find. `classes` lists what was found, in the order of the detectors. */
export function replaceDetected(
  text: string,
  names: readonly DetectorName[],
  placeholder: (name: string) => string,
): Detection {
  const classes: string[] = [];
  let current = text;
  for (const name of names) {
    const detector: Detector = DETECTORS[name];
    current = current.replace(detector.pattern, (found) => {
      if (detector.confirm !== undefined && !detector.confirm(found)) return found;
      classes.push(detector.class);
      return placeholder(detector.class);
    });
  }
  return { text: current, classes };
}
