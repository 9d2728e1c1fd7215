/** The value below which the share `q` of the measurements lies (nearest rank). */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

/** One line of a table that reads in a terminal and as Markdown. */
export const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.padEnd(11)).join(' | ')} |`;

/** A table in Markdown. */
export const table = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...lines.map(row)].join('\n');
