/** Digits that stand together, and what stands between them. */
export interface Group {
  readonly digits: string;
  readonly start: number;
  readonly end: number;
  /** Between this group and the one before; empty for the first. */
  readonly separator: string;
}

const GROUP = /[0-9]+/g;
/** Up to three signs of punctuation or space: how people break numbers up, and how people break up what is looked for. */
const SEPARATOR = /^[-+\s._/\\:|*#,·]{1,3}$/;

/** Runs of digit groups with at least so many digits in all. Each character is read once. */
export function runsOf(text: string, least: number): readonly (readonly Group[])[] {
  const runs: Group[][] = [];
  let run: Group[] = [];
  let total = 0;
  const close = (): void => {
    if (total >= least) runs.push(run);
    run = [];
    total = 0;
  };
  GROUP.lastIndex = 0;
  for (let found = GROUP.exec(text); found !== null; found = GROUP.exec(text)) {
    const between = run.length === 0 ? '' : text.slice(run.at(-1)?.end ?? 0, found.index);
    const joins = between.length <= 3 && SEPARATOR.test(between);
    if (!joins) close();
    run.push({
      digits: found[0],
      start: found.index,
      end: found.index + found[0].length,
      separator: joins ? between : '',
    });
    total += found[0].length;
  }
  close();
  return runs;
}
