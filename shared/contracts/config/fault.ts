/** A place in the configuration: member names and list positions from the root of a file. */
export type ConfigPath = readonly (string | number)[];

/** Something in the configuration that must be mended before anything runs. All faults are listed at once. */
export interface ConfigFault {
  /** Relative to the configuration folder, e.g. `gateway.yaml`. */
  readonly file: string;
  /** 1-based; absent where the file itself is at fault. */
  readonly line?: number;
  readonly column?: number;
  /** E.g. `issuers[0].rules[1].owner`, or the policy's id. Empty for the whole file. */
  readonly path: string;
  readonly message: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** `gateway.yaml:12:5 people[0].id: message. Remedy` — the form that editors turn into a link. */
export function formatFault(fault: ConfigFault): string {
  const place = [fault.file, fault.line, fault.column].filter((part) => part !== undefined).join(':');
  const path = fault.path === '' ? '' : ` ${fault.path}:`;
  return visible(`${place}${path} ${fault.message}; ${fault.remedy}`);
}

/** `a.b[0].c`, as people write it. */
export function formatPath(path: ConfigPath): string {
  return path
    .map((part, at) => (typeof part === 'number' ? `[${String(part)}]` : at === 0 ? part : `.${part}`))
    .join('');
}

/** Control, bidirectional and invisible characters as escapes: a quoted piece of a file must not redraw a terminal. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (letter) => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`);
}
