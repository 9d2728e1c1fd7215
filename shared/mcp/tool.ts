import type * as z from 'zod';
import type { Refusal } from '../domain/refusal.ts';
import { check } from '../gateway/intake/read-request.ts';
import type { JsonValue } from '../platform/json-value.ts';
import type { Result } from '../platform/result.ts';
import type { ToolAnswer } from './answer.ts';
import type { Desk } from './desk.ts';

/**
 * What a tool does to the gate, so that no tool is added without somebody having thought about it:
 * `looks` changes nothing; `proposes` hands a statement to the same judgement as everybody's; `withdraws` takes back the
 * caller's own waiting statement. There is no class for a tool that votes, administers, or makes credentials.
 */
export type ToolClass = 'looks' | 'proposes' | 'withdraws';

/** Hints of MCP for clients that ask a person before a call. Policy never reads them. */
export interface Annotations {
  readonly title: string;
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly class: ToolClass;
  /** Why it is of that class. */
  readonly because: string;
  readonly annotations: Annotations;
  readonly input: z.ZodType;
  /** Arguments that are not as the contract says are a refusal that names the member. */
  call(desk: Desk, given: JsonValue): Promise<ToolAnswer>;
}

/** A tool whose arguments are read by its own schema, strictly, before it sees them. */
export function tool<T>(
  about: Omit<Tool, 'call' | 'input'> & { readonly input: z.ZodType<T> },
  work: (desk: Desk, input: T) => Promise<ToolAnswer>,
): Tool {
  return {
    ...about,
    call: (desk, given) => {
      const input: Result<T, Refusal> = check(about.input, given);
      return input.ok ? work(desk, input.value) : Promise.resolve({ kind: 'refused', refusal: input.error });
    },
  };
}
