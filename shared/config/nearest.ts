/** The known name closest to what was typed, if it is close enough to be a slip of the fingers. */
export function nearest(typed: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: editDistance(typed.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, Math.floor(typed.length / 3)) ? best.name : undefined;
}

/** Levenshtein distance, one row at a time. Input is bounded: a key of a person's file, cut at 100 characters. */
function editDistance(left: string, right: string): number {
  const target = right.slice(0, 100);
  let row = Array.from({ length: target.length + 1 }, (_, at) => at);
  for (const [i, letter] of Array.from(left.slice(0, 100)).entries()) {
    const next = [i + 1];
    for (let j = 1; j <= target.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (target[j - 1] === letter ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
