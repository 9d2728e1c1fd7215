/**
 * Tokens of which two readers may disagree where they end. Beside parameters that decides what is one: after `E'\\''` a
 * reader who knows no backslashes is inside a literal when we are not, and takes `:id` for text. How the Data API reads
 * is not documented, so such tokens are refused for whoever may read differently: backslashes or not, dollar quotes or
 * not, comments or not, nested or not, ended by a carriage return or not.
 */
export function readTwoWays(raw: string, next: string): boolean {
  if (raw.startsWith('--')) return /['"]|\/\*|\$\w*\$/.test(raw) || (next.startsWith('\r') && !next.startsWith('\r\n'));
  if (raw.startsWith('/*')) return /['"]|--|\$\w*\$|\/\*|\*\//.test(raw.slice(2, -2));
  if (/^\$\w*\$/.test(raw)) return /['"]|--|\/\*|\*\//.test(raw);
  if (/^(?:[enbx]|u&)?'/i.test(raw)) return /\\'|--|\/\*|\*\/|\$\w*\$/.test(raw);
  if (/^(?:u&)?"/i.test(raw)) return /['\\]|--|\/\*|\*\/|\$\w*\$/.test(raw);
  return false;
}
