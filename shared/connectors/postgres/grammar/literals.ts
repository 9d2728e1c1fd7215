import { scanTokens } from '../execute/sql-tokens.ts';

/**
 * Where a plain literal ends depends on standard_conforming_strings once it holds a backslash: off, `'\\'` goes on. So
 * does whether U&'…' may be used at all. The offset of the first such literal; undefined when there is none.
 */
export function settingDependentLiteral(text: string): number | undefined {
  if (!text.includes('\\') && !/U&'/i.test(text)) return undefined;
  const tokens = scanTokens(text);
  if (!tokens.ok) return 0;
  for (const { start, end } of tokens.value) {
    const raw = text.slice(start, end);
    if (/^U&'/i.test(raw) || (/^(N?'|[xXbB]')/i.test(raw) && raw.includes('\\'))) return start;
  }
  return undefined;
}
