/** One policy as it stands in its file. Line and column are 1-based. */
export interface PolicyText {
  readonly file: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
}

/** Comment, string, white space, the end of a policy, anything else. Linear: no two alternatives begin alike. */
const TOKEN = /\/\/[^\n\r]*|"[^"\\]*(?:\\[\s\S][^"\\]*)*"?|\s+|;|[^\s;"/]+|\//g;

/**
 * Cuts a file into policies at each `;` outside strings and comments, keeping where each begins. Cedar's own splitter
 * renumbers policies (policy0, policy1, policy10, …) and forgets their places. A wrong cut cannot do harm: every piece must
 * then be read by Cedar as exactly one policy. Comments: `//` up to LF or CR, as in Cedar's grammar.
 */
export function splitPolicies(file: string, text: string): PolicyText[] {
  const pieces: PolicyText[] = [];
  let open: { readonly start: number; readonly line: number; readonly column: number } | undefined;
  let line = 1;
  let lineStart = 0;
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    if (token.trim() !== '' && !token.startsWith('//')) open ??= { start: index, line, column: index - lineStart + 1 };
    if (token === ';' && open !== undefined) {
      pieces.push({ file, text: text.slice(open.start, index + 1), line: open.line, column: open.column });
      open = undefined;
    }
    const breaks = token.split('\n').length - 1;
    line += breaks;
    if (breaks > 0) lineStart = index + token.lastIndexOf('\n') + 1;
  }
  if (open !== undefined) pieces.push({ file, text: text.slice(open.start), line: open.line, column: open.column });
  return pieces;
}

/** Where an offset inside a policy stands in the file. Cedar counts UTF-8 bytes. */
export function placeIn(policy: PolicyText, byteOffset: number): { readonly line: number; readonly column: number } {
  const before = Buffer.from(policy.text).subarray(0, byteOffset).toString().split('\n');
  const last = before.at(-1) ?? '';
  return {
    line: policy.line + before.length - 1,
    column: before.length === 1 ? policy.column + last.length : last.length + 1,
  };
}
