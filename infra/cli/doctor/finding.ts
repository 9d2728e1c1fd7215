/** What was looked at, and how it stands. `unknown`: it could not be found out from here, which is no fault by itself. */
export interface Finding {
  /** Kind of check: `gateway`, `clock`, `configuration`, `issuer`, `secret`, `data-api`, `slack`, `digest`. */
  readonly check: string;
  /** Which one, where there are several. Empty otherwise. */
  readonly about: string;
  readonly state: 'ok' | 'wrong' | 'unknown';
  readonly says: string;
  /** What to do, where it is not `ok`. */
  readonly remedy?: string;
}

type Told = Pick<Finding, 'says'> & { readonly remedy?: string };

export const about = (check: string, what = '') => ({
  ok: (says: string): Finding => ({ check, about: what, state: 'ok', says }),
  wrong: (told: Required<Told>): Finding => ({ check, about: what, state: 'wrong', ...told }),
  unknown: (told: Told): Finding => ({ check, about: what, state: 'unknown', ...told }),
});

const MARK = { ok: '✓', wrong: '✗', unknown: '?' } as const;

export function tell({ check, about: what, state, says, remedy }: Finding): string {
  const head = `${MARK[state]} ${[check, what].filter(Boolean).join(' ')}: ${says}`;
  return remedy === undefined ? head : `${head}\n    ${remedy}`;
}

/** Name of an SDK's error, or of any other: its message may quote what was asked. */
export const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown error');
