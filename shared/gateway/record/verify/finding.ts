/** What is wrong with an object, in one word. */
export type Wrong =
  /** Its bytes are not those that were signed, or do not hold together. */
  | 'altered'
  /** It was signed for, or is referred to, and is not there. */
  | 'deleted'
  /** It is genuine and lies in the place of another. */
  | 'reordered'
  /** It tells of an hour that was signed already, without it. */
  | 'backdated'
  /** Nobody signed for it, and it can be nothing that the gateway left there. */
  | 'added';

export interface Finding {
  readonly what: Wrong;
  readonly key: string;
  readonly message: string;
}

/** Findings that are kept. The first is what counts; a thousand more say no more than a hundred. */
const MAX_KEPT = 100;

/** Findings in the order in which they were met: digests in time, then objects by key. */
export class Findings {
  readonly kept: Finding[] = [];
  #count = 0;

  add(what: Wrong, key: string, message: string): void {
    this.#count += 1;
    if (this.kept.length < MAX_KEPT) this.kept.push({ what, key, message });
  }

  addAll(findings: readonly Finding[]): void {
    for (const { what, key, message } of findings.toSorted((a, b) => (a.key < b.key ? -1 : 1)))
      this.add(what, key, message);
  }

  get count(): number {
    return this.#count;
  }
}

/**
 * Objects that hold together by themselves and that nothing signed refers to: what belongs to a session that has not
 * ended yet, or what a crash left behind, or what somebody laid there. Nobody can tell which, so they are named.
 */
export class Loose {
  readonly kept: string[] = [];
  #count = 0;

  add(key: string): void {
    this.#count += 1;
    if (this.kept.length < MAX_KEPT) this.kept.push(key);
  }

  get count(): number {
    return this.#count;
  }
}
