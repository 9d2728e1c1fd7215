import type { ActionGroup, AttributeValue, EffectResource } from './effect.ts';

/** One attribute that every effect of a connector carries. The default is what an effect says that does not mention it. */
export interface AttributeSpec {
  readonly type: 'boolean' | 'number' | 'string' | 'strings';
  readonly default: AttributeValue;
}

/** The words a connector's effects are made of. Policies can say these, and nothing else: the Cedar schema is built from them. */
export interface Vocabulary {
  /** The kind of connection whose statements speak it. */
  readonly kind: string;
  readonly actions: Readonly<Record<string, ActionGroup>>;
  readonly resourceKinds: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeSpec>>;
  /** What resources lie in, inside their connection: an SQL schema, a Kubernetes namespace. */
  readonly container?: {
    /** Cedar entity type, e.g. `Schema`. */
    readonly type: string;
    /** `ambiguous` when the name can be read two ways: the effect is then refused rather than put in a wrong container. */
    of(resource: EffectResource): { readonly name: string } | 'none' | 'ambiguous';
  };
}
