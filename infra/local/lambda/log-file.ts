import { existsSync, renameSync, statSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';

/** A log is for reading, not for keeping: past 16 MiB it becomes FILE.1 and starts anew, so a chatty function cannot fill the disk. */
const LARGEST = 16 * 1024 * 1024;

/** Appends in order, never blocking an invocation on the disk; a disk that refuses costs lines, not requests. */
export class LogFile {
  readonly path: string;
  private size: number;
  private last: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.path = path;
    this.size = existsSync(path) ? statSync(path).size : 0;
  }

  write(text: string): void {
    this.last = this.last
      .then(async () => {
        if (this.size > LARGEST) {
          renameSync(this.path, `${this.path}.1`);
          this.size = 0;
        }
        this.size += Buffer.byteLength(text);
        await appendFile(this.path, text, { mode: 0o600 });
      })
      .catch(() => undefined);
  }

  flush(): Promise<void> {
    return this.last;
  }
}
