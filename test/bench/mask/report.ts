import { CLASSES_OF_CASES } from './cases.ts';
import type { Measured } from './measure.ts';

/** One line a class: what was asked, what leaked, what was refused, what came back masked or as it is. */
export function table(all: readonly Measured[]): string {
  const count = (name: string, outcome: Measured['outcome']): number =>
    all.filter((one) => one.case.class === name && one.outcome === outcome).length;
  const lines = CLASSES_OF_CASES.map((name) => {
    const some = all.filter((one) => one.case.class === name).length;
    const cells = [
      some,
      count(name, 'leak'),
      count(name, 'refused'),
      count(name, 'kept'),
      count(name, 'changed'),
      count(name, 'broken'),
    ];
    return `| ${name.padEnd(8)} | ${cells.map((cell) => String(cell).padStart(8)).join(' | ')} |`;
  });
  return [
    '| class    |    cases |    leaks |  refused | answered |  changed |   broken |',
    '| -------- | -------: | -------: | -------: | -------: | -------: | -------: |',
    ...lines,
  ].join('\n');
}

export const wrong = (all: readonly Measured[]): readonly string[] =>
  all
    .filter(({ outcome }) => outcome === 'leak' || outcome === 'changed')
    .map((one) => `${one.outcome} [${one.case.class}] ${one.case.sql} | ${one.why}`);
