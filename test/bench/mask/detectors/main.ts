import { hasCorpora } from './corpora.ts';
import { countSecrets, countSentences, precision, recall, type Counted } from './count.ts';
import { measureCost } from './cost.ts';
import { lookAlikes, secretsAndPeople, type Made } from './generated/measure.ts';

/** Values of each form that are made, each time of its own. */
const MADE = 200;

/** What was made of forms that the corpora do not hold, and how much of it came out wrong. */
function generated(seed: number): readonly string[] {
  const said = (what: string, list: readonly Made[]): readonly string[] => {
    const [made, wrong] = [list.reduce((sum, one) => sum + one.made, 0), list.reduce((sum, one) => sum + one.wrong, 0)];
    const worst = list.filter((one) => one.wrong > 0).map((one) => `${one.what} ${String(one.wrong)}`);
    return [
      `  ${what}: ${String(list.length)} forms, ${String(made)} values, ${String(wrong)} wrong${worst.length === 0 ? '' : ` (${worst.join(', ')})`}`,
    ];
  };
  return [
    `detectors: made from seed ${String(seed)}`,
    ...said(
      'secrets and numbers of people, each in one of seven settings, not masked whole',
      secretsAndPeople(seed, MADE),
    ),
    ...said('look-alikes, masked', lookAlikes(seed, MADE)),
  ];
}

/** The detectors' half of `npm run bench:mask`: recall and precision over the public corpora, and what looking costs. */
export function measureDetectors(seed: number): readonly string[] {
  const { plainMs, maskedMs, ratio } = measureCost();
  const cost = `1,000 rows × 10 columns, settled: ${plainMs.toFixed(1)} ms unmasked, ${maskedMs.toFixed(1)} ms with every value looked at (× ${ratio.toFixed(2)})`;
  if (!hasCorpora())
    return [
      'detectors: no corpora here (COUNTERSIGN_CORPORA); recall and precision not measured',
      ...generated(seed),
      cost,
    ];
  const { counted, excluded } = countSecrets();
  return [
    'detectors: values found, missed, wrongly named; recall, precision',
    ...[...countSentences(), ...counted].map(line),
    ...[...excluded].map(([why, count]) => `  left out, ${why}: ${String(count)} cases`),
    ...generated(seed),
    cost,
  ];
}

function line({ what, half, count }: Counted): string {
  const share = (value: number): string => (Number.isNaN(value) ? '–' : `${(value * 100).toFixed(1)} %`).padStart(8);
  const numbers = [count.found, count.missed, count.wrong].map((number) => String(number).padStart(4)).join(' ');
  return `  ${what.padEnd(40)} ${half.padEnd(6)} ${numbers} ${share(recall(count))} ${share(precision(count))}`;
}

if (import.meta.main)
  for (const text of measureDetectors(Number(process.argv[2] ?? Math.floor(Math.random() * 1_000_000))))
    console.log(text);
