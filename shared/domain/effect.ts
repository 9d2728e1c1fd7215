/** Cedar action groups. A policy may name one of these or a single action of it. */
export const ACTION_GROUPS = ['read', 'write', 'destroy', 'define', 'execute', 'administer'] as const;
export type ActionGroup = (typeof ACTION_GROUPS)[number];

/** The worst class: what a connector could not read. Never permitted, whatever policies say. */
export const UNREADABLE = 'unreadable';

/**
 * Effects on columns that the configuration classifies, found out by the gateway and not by a connector (`inference.ts`). No
 * action group holds them: a policy that lets an agent read or write lets it find nothing out.
 */
export const CLASSIFIED = 'classified';

export type AttributeValue = boolean | number | string | readonly string[];

/** Offsets into the statement's text, in UTF-16 code units, end exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface EffectResource {
  /** What sort of thing: `relation`, `function`, `schema`, `setting`, `role`, `server`, … Fixed by the connector. */
  readonly kind: string;
  /** Canonical name inside the connection, e.g. `public.customers`. */
  readonly name: string;
  /** The columns touched, sorted, where the resource has columns and they are known. */
  readonly columns?: readonly string[];
}

/** What a statement would do: an action on a resource, with attributes that policies may ask about. */
export interface Effect {
  /** E.g. `sql:delete`; the connector's vocabulary lists each with its group. */
  readonly action: string;
  readonly group: ActionGroup | typeof CLASSIFIED | typeof UNREADABLE;
  readonly resource: EffectResource;
  readonly attributes: Readonly<Record<string, AttributeValue>>;
  /** Where in the text it comes from, so that an agent can correct itself and an approver can see why. */
  readonly at?: readonly Span[];
}

/** The effect of something a connector has no rule for. `why` is told to the agent. */
export function unreadable(why: string, at?: Span): Effect {
  return {
    action: UNREADABLE,
    group: UNREADABLE,
    resource: { kind: 'statement', name: 'statement' },
    attributes: { why },
    ...(at === undefined ? {} : { at: [at] }),
  };
}
