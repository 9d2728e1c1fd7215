/**
 * All matches of a global pattern, in order. What `matchAll` gives, without the copy of the pattern that it makes each
 * time: a detector is asked for every value of an answer, and mostly finds nothing.
 */
export function eachMatch(pattern: RegExp, text: string, visit: (match: RegExpExecArray) => void): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const next = pattern.lastIndex;
    visit(match);
    pattern.lastIndex = match[0] === '' ? next + 1 : next;
  }
}
