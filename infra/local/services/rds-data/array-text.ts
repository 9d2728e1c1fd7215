/** One dimension of PostgreSQL's text form of an array ("Arrays", I/O syntax); undefined for more dimensions. */
export function parseArray(text: string): readonly (string | null)[] | undefined {
  const body = /^(?:\[[^=]*\]=)?\{([^]*)\}$/.exec(text)?.[1];
  if (body === undefined) return undefined;
  if (body === '') return [];
  const items: (string | null)[] = [];
  const item = /(?:"((?:[^"\\]|\\[^])*)"|([^",{}]+))(,|$)/gy;
  while (item.lastIndex < body.length) {
    const found = item.exec(body);
    if (found === null) return undefined;
    const [, quoted, bare] = found;
    if (quoted !== undefined) items.push(quoted.replaceAll(/\\([^])/g, '$1'));
    else items.push(bare === undefined || bare === 'NULL' ? null : bare);
  }
  return items;
}
