import type { Refusal } from '../domain/refusal.ts';
import type { Session } from '../domain/session.ts';
import type { MaskedResult } from '../domain/result-set.ts';
import type { JsonObject, JsonValue } from '../platform/json-value.ts';

/** What a tool has to say, before it is put into words for a model. */
export type ToolAnswer =
  | {
      readonly kind: 'done';
      readonly session: Session;
      readonly result: MaskedResult | undefined;
      readonly recorded: boolean;
      /** This is the session of an earlier, same call; nothing ran now. */
      readonly repeated: boolean;
    }
  | { readonly kind: 'waiting'; readonly session: Session; readonly repeated: boolean }
  | {
      readonly kind: 'refused';
      readonly refusal: Refusal;
      readonly session?: string;
      readonly recorded?: boolean;
      /** What became of an earlier, same call; nothing was asked now. */
      readonly repeated?: boolean;
      /** Effects of the statement that policy lets through by themselves: what is left when the rest is left out. */
      readonly fine?: readonly string[];
    }
  | {
      readonly kind: 'told';
      readonly words: string;
      readonly facts: JsonObject;
      /** Names or values that come from a target. */
      readonly untrusted?: JsonValue;
    };
