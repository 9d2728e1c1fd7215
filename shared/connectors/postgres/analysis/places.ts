import type { Span } from '../../../domain/effect.ts';
import { Locator } from '../grammar/locator.ts';
import type { Offsets } from '../grammar/offsets.ts';
import type { Finding } from './collector.ts';

/** Where in the agent's text something stands. Definitions of the catalogue have no place in it. */
export class Places {
  readonly #offsets: Offsets | undefined;
  readonly #locator: Locator | undefined;

  constructor(offsets: Offsets | undefined) {
    this.#offsets = offsets;
    this.#locator = offsets === undefined ? undefined : new Locator(offsets.text);
  }

  /** The place of a token, from the parser's byte offset. */
  span(location: number | undefined): Span | undefined {
    return this.#offsets?.token(location);
  }

  /** The place of a name, where the parser keeps none: the next token run that spells it. */
  locate(parts: readonly string[]): Span | undefined {
    return this.#locator?.next(parts);
  }

  /** The first word of the statement: the place of an effect that has no name of its own. */
  verb(): Span | undefined {
    return this.#locator?.verb();
  }

  /** Where the tree keeps no place, the name itself is looked for in the text. */
  ofName({ name, kind, attributes }: Finding): Span | undefined {
    if (this.#locator === undefined || kind === 'constant' || attributes?.indirect === true) return undefined;
    const parts = name.split('.');
    return this.locate([name]) ?? this.locate(parts) ?? this.locate(parts.slice(-1));
  }
}
