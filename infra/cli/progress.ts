/** Least time between two updates: a terminal cannot show more, and drawing costs. */
const EVERY_MS = 100;
const BAR = 24;

/** Progress of long work on stderr, on one line that is drawn over; nothing where stderr is no terminal. */
export class Progress {
  readonly #stream: NodeJS.WriteStream;
  #drawn = 0;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  /** `share` from 0 to 1 draws a bar; without it only the text is shown. */
  show(text: string, share?: number): void {
    if (!this.#stream.isTTY || Date.now() - this.#drawn < EVERY_MS) return;
    this.#drawn = Date.now();
    this.#stream.write(`\r\x1b[2K${share === undefined ? '' : `${bar(share)} `}${text}`);
  }

  clear(): void {
    if (this.#stream.isTTY && this.#drawn > 0) this.#stream.write('\r\x1b[2K');
  }
}

function bar(share: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * BAR);
  return `[${'='.repeat(full)}${' '.repeat(BAR - full)}] ${String(Math.round((full / BAR) * 100)).padStart(3)}%`;
}

/** `1.5 MB`. */
export function bytesText(bytes: number): string {
  const unit = bytes < 1e3 ? 0 : bytes < 1e6 ? 1 : bytes < 1e9 ? 2 : 3;
  return unit === 0 ? `${bytes} B` : `${(bytes / 1e3 ** unit).toFixed(1)} ${['B', 'kB', 'MB', 'GB'][unit] ?? ''}`;
}
