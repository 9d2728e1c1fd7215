/** A row of a table in Markdown, by the names of its columns. */
export type Row = Readonly<Record<string, string>>;

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** The tables of a text: rows of cells between bars, the first of them the head. */
export function tablesIn(text: string): readonly (readonly Row[])[] {
  const blocks = text.split(/\n(?!\|)/).map((block) => block.split('\n').filter((line) => line.startsWith('|')));
  return blocks.flatMap(([head, ...lines]) => {
    if (head === undefined) return [];
    const names = cellsOf(head);
    const rows = lines.map(cellsOf).filter((cells) => !cells.every((cell) => /^:?-+:?$/.test(cell)));
    return [rows.map((cells) => Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ''])))];
  });
}
