import { hasCorpora } from './corpora.ts';
import { countSecrets, countSentences, precision, recall, type Counted } from './count.ts';
import { measureCost } from './cost.ts';

/** The detectors' half of `npm run bench:mask`: recall and precision over the public corpora, and what looking costs. */
export function measureDetectors(): readonly string[] {
  const { plainMs, maskedMs, ratio } = measureCost();
  const cost = `1,000 rows × 10 columns, settled: ${plainMs.toFixed(1)} ms unmasked, ${maskedMs.toFixed(1)} ms with every value looked at (× ${ratio.toFixed(2)})`;
  if (!hasCorpora())
    return ['detectors: no corpora here (COUNTERSIGN_CORPORA); recall and precision not measured', cost];
  const { counted, excluded } = countSecrets();
  return [
    'detectors: values found, missed, wrongly named; recall, precision',
    ...[...countSentences(), ...counted].map(line),
    ...[...excluded].map(([why, count]) => `  left out, ${why}: ${String(count)} cases`),
    cost,
  ];
}

function line({ what, half, count }: Counted): string {
  const share = (value: number): string => (Number.isNaN(value) ? '–' : `${(value * 100).toFixed(1)} %`).padStart(8);
  const numbers = [count.found, count.missed, count.wrong].map((number) => String(number).padStart(4)).join(' ');
  return `  ${what.padEnd(40)} ${half.padEnd(6)} ${numbers} ${share(recall(count))} ${share(precision(count))}`;
}

if (import.meta.main) for (const text of measureDetectors()) console.log(text);
