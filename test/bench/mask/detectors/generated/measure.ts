import { DETECTED_CLASSES, OFF_BY_DEFAULT } from '../../../../../shared/contracts/config/detected-classes.ts';
import { createScanner } from '../../../../../shared/masking/detectors/index.ts';
import { randomFrom, type Random } from '../../../guard/names.ts';
import { LOOK_ALIKES } from './look-alikes.ts';
import { OF_PEOPLE } from './people.ts';
import { filled } from './templates.ts';
import { PLACED_FORMS, VENDOR_FORMS } from './vendor-forms.ts';

const scanner = createScanner({ on: DETECTED_CLASSES.filter((name) => !OFF_BY_DEFAULT.has(name)), off: [] });

/** Of one form: how often it was made, how often it came out wrong, and the first that did. */
export interface Made {
  readonly what: string;
  readonly made: number;
  readonly wrong: number;
  readonly example: string | undefined;
}

function tryOut(what: string, count: number, one: () => string | undefined): Made {
  const wrong = Array.from({ length: count }, one).filter((example) => example !== undefined);
  return { what, made: count, wrong: wrong.length, example: wrong[0] };
}

/** What must stay as it is, each under the name of a column that it usually stands in. */
export function lookAlikes(seed: number, count: number): readonly Made[] {
  const random = randomFrom(seed);
  return LOOK_ALIKES.map(([what, column, make]) =>
    tryOut(what, count, () => {
      const value = typeof make === 'string' ? filled(make, random) : make(random);
      const shown = scanner.value(value, column);
      return shown.value === value ? undefined : `${value} → ${JSON.stringify(shown.value)}`;
    }),
  );
}

/** Where a value is found: alone, in a sentence, in JSON, in JSON as text of JSON, in an address, in CSV, in a row. */
const SETTINGS: readonly ((value: string) => string)[] = [
  (value) => value,
  (value) => `they used ${value} yesterday`,
  (value) => JSON.stringify({ note: value, n: 1 }),
  (value) => JSON.stringify({ event: JSON.stringify({ note: [value] }) }),
  (value) => `https://shop.example/?q=${encodeURIComponent(value)}&page=2`,
  (value) => `7,"${value}",x`,
  (value) => `(1,"${value}",t)`,
];

/** Values that must be masked whole: of 8 characters in a row of them none may be left. */
export function secretsAndPeople(seed: number, count: number): readonly Made[] {
  const random = randomFrom(seed);
  const forms: readonly (readonly [string, (from: Random) => string])[] = [
    ...VENDOR_FORMS.map(([what, template]) => [what, (from: Random) => filled(template, from)] as const),
    ...OF_PEOPLE.map(([what, , make]) => [what, make] as const),
  ];
  const bare = forms.map(([what, make]) =>
    tryOut(what, count, () => {
      const value = make(random);
      const text = SETTINGS[Math.floor(random() * SETTINGS.length)]?.(value) ?? value;
      return leftOf(scanner.text(text).value, value) ? text : undefined;
    }),
  );
  const placed = PLACED_FORMS.map(([what, template]) =>
    tryOut(what, count, () => {
      const text = filled(template, random);
      const [, secret = ''] = /‹(.*)›/s.exec(text) ?? [];
      return leftOf(scanner.text(text.replaceAll(/[‹›]/g, '')).value, secret) ? text : undefined;
    }),
  );
  return [...bare, ...placed];
}

const PIECE = 8;
function leftOf(shown: string, value: string): boolean {
  if (shown.includes(value)) return true;
  // What every value of its form begins or ends with tells nothing.
  const inner = value.slice(4, -2);
  for (let at = 0; at + PIECE <= inner.length; at += 1) if (shown.includes(inner.slice(at, at + PIECE))) return true;
  return false;
}
