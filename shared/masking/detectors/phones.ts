import { eachMatch } from './each-match.ts';
import type { Detector, Finding } from './finding.ts';
import { speaksOf } from './topics.ts';

/** Signs of a number as people write it. Runs of them are read once. */
const RUN = /[+(]?[0-9][0-9 ()./+-]*(?:(?:x|ext\.? ?)[0-9]{1,5}(?![0-9A-Za-z]))?/g;
/** Inside a run, what separates two numbers. */
const NEXT = / {2,}| ?\/ ?(?=[+(0])|(?<=[0-9)]) ?(?=\+)/g;

/** E.164: at most 15 digits; with fewer than 7 it is an extension. */
const LEAST = 7;
const MOST = 15;

export const findPhones: Detector = ({ text, near }) => {
  const found: Finding[] = [];
  eachMatch(RUN, text, (run) => {
    if (run[0].length < LEAST) return;
    for (const [start, end] of numbersIn(run[0])) {
      const finding = judged(text, near, run.index + start, run.index + end);
      if (finding !== undefined) found.push(finding);
    }
  });
  return found;
};

function numbersIn(run: string): readonly (readonly [number, number])[] {
  if (!/ {2}|[+/]/.test(run)) return [[0, run.length]];
  const cuts = [...run.matchAll(NEXT)];
  return [...cuts.map((cut) => cut.index + cut[0].length), 0]
    .toSorted((one, other) => one - other)
    .map((start, index): readonly [number, number] => [start, cuts[index]?.index ?? run.length]);
}

function judged(text: string, near: string, from: number, to: number): Finding | undefined {
  const written = withoutTail(text.slice(from, to));
  const end = from + written.length;
  if (!isLong(written) || isJoined(text[from - 1]) || isJoined(text[end]) || isOfResource(text, from, end))
    return undefined;
  if (isInternational(written) || isNorthAmerican(written))
    return { start: from, end, class: 'pii.phone', rule: 'phone' };
  return !isDateOrSum(written) && speaksOf('phone', near, text, from, end)
    ? { start: from, end, class: 'pii.phone', rule: 'phone-named' }
    : undefined;
}

/** Signs after the last digit belong to the sentence. By hand: a pattern that ends in `+$` starts anew at every sign. */
function withoutTail(written: string): string {
  let end = written.length;
  while (end > 0 && ' ./+(-'.includes(written[end - 1] ?? 'x')) end -= 1;
  return written.slice(0, end);
}

/** 7 to 15 digits, without the extension, in 40 signs at most. */
function isLong(written: string): boolean {
  const digits = (/^[^x]*/.exec(written)?.[0] ?? '').replaceAll(/[^0-9]/g, '').length;
  return digits >= LEAST && digits <= MOST && written.length <= 40;
}

/** Part of a word, a path or a longer number. */
const isJoined = (beside: string | undefined): boolean => beside !== undefined && /[\p{L}\p{N}_@#$€£%]/u.test(beside);

/** `arn:aws:sns:eu-west-1:123456789012:on-call`: an account, between the colons of a name. */
const isOfResource = (text: string, start: number, end: number): boolean =>
  text[start - 1] === ':' && text[end] === ':';

/** `+`, country, number (ITU-T E.164), with the trunk zero in brackets that Europeans add. */
const isInternational = (written: string): boolean =>
  /^(?:\+|00(?=[1-9][0-9]{0,2}[ .-]))[ (]?[1-9][0-9]{0,3}[ ()./-]{0,3}(?:\(0\)[ .-]?)?[0-9][0-9 ()./-]{4,20}(?:x[0-9]+)?$/.test(
    written,
  ) &&
  written.replaceAll(/[^0-9]/g, '').length >= (written.startsWith('0') ? 10 : 8) &&
  !/^00[0-9]{1,3}\.[0-9]+$/.test(written);

/** Area and exchange begin with 2 to 9; broken up 3-3-4 or bracketed. */
const isNorthAmerican = (written: string): boolean =>
  /^(?:\+?1[ .-]?)?(?:\([2-9][0-9]{2}\) ?|[2-9][0-9]{2}([.-]))[2-9][0-9]{2}[.-][0-9]{4}(?: ?(?:x|ext\.? ?)[0-9]{1,5})?$/.test(
    written,
  );

/** What stands beside phones in a table, and is none: days, times, amounts, addresses of machines. */
const isDateOrSum = (written: string): boolean =>
  /^(?:19|20)[0-9]{2}[-./ ](?:0?[1-9]|1[0-2])[-./ ][0-3]?[0-9]/.test(written) ||
  /^[0-3]?[0-9][-./][0-1]?[0-9][-./](?:19|20)[0-9]{2}/.test(written) ||
  /^[0-9]+\.[0-9]{1,2}$/.test(written) ||
  /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/.test(written);
