import type { DetectedClass } from '../../contracts/config/detected-classes.ts';
import type { Finding } from './finding.ts';
import { placeholder, type Found, type Scanned } from './found.ts';
import { findingsIn } from './scan-text.ts';

/** The text with a placeholder for each find. In JSON a bare number becomes a string, so that it stays JSON. */
export function maskText(text: string, near: string, on: ReadonlySet<DetectedClass>): Scanned<string> {
  const findings = findingsIn(text, near, on);
  if (findings.length === 0) return { value: text, found: [] };
  const bare = isJson(text) ? bareNumbers(text) : () => undefined;
  let masked = '';
  let told = 0;
  for (const finding of findings) {
    const span = bare(finding) ?? finding;
    if (span.start < told) continue;
    const shown = placeholder(finding.class);
    masked += text.slice(told, span.start) + (span === finding ? shown : `"${shown}"`);
    told = span.end;
  }
  return { value: masked + text.slice(told), found: distinct(findings) };
}

export function distinct(findings: readonly Found[]): readonly Found[] {
  return [...new Map(findings.map((finding) => [finding.rule, { class: finding.class, rule: finding.rule }])).values()];
}

const isJson = (text: string): boolean => /^\s{0,100}[[{]/.test(text) && /[\]}]\s{0,100}$/.test(text);

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where a find is (part of) a number outside of all strings: the span of that number. Goes through the text once, with the finds. */
function bareNumbers(text: string): (finding: Finding) => Span | undefined {
  let at = 0;
  let inString = false;
  return ({ start, end }) => {
    for (; at < start; at += 1) {
      if (text[at] === '\\') at += 1;
      else if (text[at] === '"') inString = !inString;
    }
    if (inString) return undefined;
    const before = /[-+0-9.eE]{0,40}$/.exec(text.slice(Math.max(0, start - 40), start))?.[0].length ?? 0;
    const after = /^[-+0-9.eE]{0,40}/.exec(text.slice(end, end + 40))?.[0].length ?? 0;
    return { start: start - before, end: end + after };
  };
}
