import type { Span } from '../../../domain/effect.ts';

/**
 * PostgreSQL counts in UTF-8 bytes, JavaScript in UTF-16 code units. Made once a statement; the table exists only when
 * the text is not pure ASCII.
 */
export class Offsets {
  readonly text: string;
  readonly #units: Uint32Array | undefined;

  constructor(text: string) {
    this.text = text;
    const bytes = Buffer.byteLength(text, 'utf8');
    this.#units = bytes === text.length ? undefined : unitsByByte(text, bytes);
  }

  /** UTF-16 offset of a byte offset; an offset outside the text is clamped to it. */
  unit(byte: number): number {
    const inside = Math.max(0, byte);
    if (this.#units === undefined) return Math.min(inside, this.text.length);
    return this.#units[inside] ?? this.text.length;
  }

  /** The token that starts at this byte: an identifier with its dots, or one character. Undefined where the parser knew none. */
  token(byte: number | undefined): Span | undefined {
    if (byte === undefined || byte < 0) return undefined;
    const start = this.unit(byte);
    const word = /^(?:(?:U&)?"(?:[^"]|"")*"|[\p{L}\p{N}_$])+(?:\.(?:"(?:[^"]|"")*"|[\p{L}\p{N}_$*])+)*/u.exec(
      this.text.slice(start, start + 256),
    );
    return { start, end: Math.min(this.text.length, start + (word?.[0].length ?? 1)) };
  }

  whole(): Span {
    return { start: 0, end: this.text.length };
  }
}

function unitsByByte(text: string, bytes: number): Uint32Array {
  const table = new Uint32Array(bytes + 1);
  let byte = 0;
  let unit = 0;
  for (const character of text) {
    const width = Buffer.byteLength(character, 'utf8');
    table.fill(unit, byte, byte + width);
    byte += width;
    unit += character.length;
  }
  table[bytes] = text.length;
  return table;
}
