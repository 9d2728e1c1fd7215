/** Digits that stand together, and what stands between them. */
export interface Group {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
  /** Between this group and the one before; empty for the first. */
  readonly separator: string;
}

/** Up to three signs of punctuation or space: how people break numbers up, and how people break up what is looked for. */
const RUN = /[0-9]+(?:[-\s._/\\:|*#,·]{1,3}[0-9]+)*/g;
const GROUP = /([^0-9]*)([0-9]+)/g;

/** Runs of digit groups. Signs and digits have nothing in common, so each character is read once. */
export function runsOf(text: string): readonly (readonly Group[])[] {
  return [...text.matchAll(RUN)].map((run) =>
    [...run[0].matchAll(GROUP)].map(([, separator = '', digits = ''], index, all) => {
      const start = run.index + (all[index]?.index ?? 0) + separator.length;
      return { digits, start, end: start + digits.length, separator };
    }),
  );
}
