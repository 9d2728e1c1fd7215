/**
 * Work of one walk, in visits of a plain expression (1 to 2 µs; dearer rules count for more). With the limits of the
 * grammar's side it keeps every shape that was found under 200 ms on one core; an honest statement of 24 KB takes 5,000.
 */
const MAX_STEPS = 60_000;

/** Shared by a walk and those inside it, so that definitions within definitions cannot multiply the work. */
export class Budget {
  #steps = 0;

  /** False once more was spent than any honest statement needs. */
  spend(cost: number): boolean {
    this.#steps += cost;
    return this.#steps <= MAX_STEPS;
  }
}
