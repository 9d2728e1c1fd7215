/**
 * The Data API's own reading of `:name`: a lexer of its own, and on purpose not PostgreSQL's, so that tests find where
 * two readers of one statement come apart. It knows quotes, `E''` strings, dollar quotes and nested comments.
 */
const skip =
  /'(?:[^']|'')*'?|"(?:[^"]|"")*"?|--[^\r\n]*|\/\*|\$([A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$|[Ee]'(?:[^'\\]|\\[^]|'')*'?|::|:=|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|:([A-Za-z0-9_]+)/g;

export interface PositionalStatement {
  /** With `$1`, `$2`, … in order of first appearance. */
  readonly text: string;
  readonly names: readonly string[];
}

export function toPositional(sql: string): PositionalStatement {
  const names: string[] = [];
  let text = '';
  let from = 0;
  const lexer = new RegExp(skip);
  for (let token = lexer.exec(sql); token !== null; token = lexer.exec(sql)) {
    const [raw, tag, name] = token;
    if (raw === '/*') lexer.lastIndex = commentEnd(sql, lexer.lastIndex);
    else if (raw.startsWith('$')) lexer.lastIndex = dollarEnd(sql, tag ?? '', lexer.lastIndex);
    else if (name !== undefined) {
      if (!names.includes(name)) names.push(name);
      text += `${sql.slice(from, token.index)}$${names.indexOf(name) + 1}`;
      from = lexer.lastIndex;
    }
  }
  return { text: text + sql.slice(from), names };
}

/** Comments nest in PostgreSQL. */
function commentEnd(sql: string, from: number): number {
  const marks = /\/\*|\*\//g;
  marks.lastIndex = from;
  for (let depth = 1; depth > 0;) {
    const mark = marks.exec(sql);
    if (mark === null) return sql.length;
    depth += mark[0] === '/*' ? 1 : -1;
  }
  return marks.lastIndex;
}

function dollarEnd(sql: string, tag: string, from: number): number {
  const end = sql.indexOf(`$${tag}$`, from);
  return end === -1 ? sql.length : end + tag.length + 2;
}
