/** An XML document with S3's namespace; `children` are already XML. */
export function xml(name: string, children: readonly string[]): string {
  const space = name === 'Error' ? '' : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}${space}>${children.join('')}</${name}>`;
}

export const group = (name: string, children: readonly string[]): string => `<${name}>${children.join('')}</${name}>`;

export const element = (name: string, value: string | number | boolean): string =>
  `<${name}>${escape(String(value))}</${name}>`;

/** Control characters cannot stand in XML 1.0 at all; as references they are what S3 sends, and what SDKs read. */
function escape(text: string): string {
  return text.replace(/[&<>"'\p{Cc}]/gu, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * The leaves of a small request document, such as `Mode` → `GOVERNANCE`: all that S3's configuration bodies need.
 * Doctypes, CDATA and entities are not read, so there is nothing to expand; names that come twice are refused.
 */
export function leaves(body: Buffer): Map<string, string> | undefined {
  const text = body.toString('utf8');
  if (text.length > 10_000 || /<!|&/.test(text)) return undefined;
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/<([A-Za-z]+)(?:\s[^<>]*)?>([^<>]*)<\/\1>/g)) {
    if (found.has(name)) return undefined;
    found.set(name, value.trim());
  }
  return found;
}
