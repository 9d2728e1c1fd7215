import { maskCards, maskIbans } from './checked-numbers.ts';

/** Replaces every find in a text by what `mask` makes of it; answers the text unchanged where there is none. */
type Detect = (text: string, mask: () => string) => string;

/** A detector of one structured kind of value. Each is linear in its input: hostile text is a column like any other. */
interface Detector {
  readonly class: string;
  readonly replace: Detect;
}

const byPattern =
  (pattern: RegExp): Detect =>
  (text, mask) =>
    text.replace(pattern, mask);

/**
 * Each pattern begins at most once in a run of its characters (the lookbehind) and never gives up more than that run,
 * so that `eyJ-eyJ-eyJ…` is read a few times, not once a start.
 */
const PATTERNS = {
  // To the END line, or to the end of the text where it was cut off: headers and JSON's own `\n` stand in between.
  privateKey:
    /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:[\s\S]*?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|[\s\S]*)/g,
  jwt: /(?<![\w-])(?=[\w-]*?eyJ[\w-]{8})[\w-]+\.[\w-]{2,}\.[\w-]*/g,
  awsKey: /(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])/g,
  email:
    /(?<![\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-])[\p{L}\p{M}\p{N}.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{M}\p{N}-]{1,63}(?:\.[\p{L}\p{M}\p{N}-]{1,63}){1,8}/gu,
};

export const DETECTORS = {
  'private-key': { class: 'secret.private_key', replace: byPattern(PATTERNS.privateKey) },
  jwt: { class: 'secret.jwt', replace: byPattern(PATTERNS.jwt) },
  'aws-key': { class: 'secret.aws_key', replace: byPattern(PATTERNS.awsKey) },
  email: { class: 'pii.email', replace: byPattern(PATTERNS.email) },
  iban: { class: 'pii.iban', replace: maskIbans },
  card: { class: 'pci.card', replace: maskCards },
} as const satisfies Record<string, Detector>;

export type DetectorName = keyof typeof DETECTORS;

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
    current = detector.replace(current, () => {
      classes.push(detector.class);
      return placeholder(detector.class);
    });
  }
  return { text: current, classes };
}
