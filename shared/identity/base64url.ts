/**
 * Base64url as RFC 7515 section 2 has it, and only so: no padding, no white space, and the unused bits of the last
 * character zero. Readers that are laxer accept several spellings of one signature, so that a token that was refused
 * or remembered comes back under another name.
 */
export function decodeBase64url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/** Strict UTF-8: a malformed byte or a byte order mark is an error, not a replacement character. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
