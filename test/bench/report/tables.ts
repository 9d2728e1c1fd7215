/** A row of a table in Markdown, by the names of its columns. */
export type Row = Readonly<Record<string, string>>;

const cellsOf = (line: string): string[] =>
  line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());

/** A text as Markdown shows it: tables get the line under their head, and what is set in columns keeps its places. */
export function asMarkdown(text: string): string {
  return text
    .split(/\n{2,}/)
    .map(blockOf)
    .join('\n\n');
}

function blockOf(block: string): string {
  const lines = block.split('\n');
  const at = lines.findIndex((line) => line.startsWith('|'));
  if (at === -1) return block.includes('  ') ? `\`\`\`text\n${block}\n\`\`\`` : block;
  const end = lines.findIndex((line, index) => index > at && !line.startsWith('|'));
  const [before, rows, after] = [
    lines.slice(0, at),
    lines.slice(at, end === -1 ? undefined : end),
    end === -1 ? [] : lines.slice(end),
  ];
  const [head = '', second = ''] = rows;
  const ruled = /^\|[\s|:-]+\|$/.test(second) ? rows : [head, head.replaceAll(/[^|]+/g, ' --- '), ...rows.slice(1)];
  return [before, ruled, after]
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n');
}

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
