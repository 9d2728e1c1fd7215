import { classByName } from './names.ts';

/** What a sample told of one column. Counts only: no value goes further than the sample. */
export interface Evidence {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
  /** Values that are not NULL. */
  readonly sampled: number;
  /** Of those, how many a detector masked. */
  readonly hits: number;
  /** What the detector found first. */
  readonly detected?: { readonly class: string; readonly rule: string };
  /** Masked already, by the configuration. */
  readonly classified?: string;
}

export interface Proposal {
  readonly match: string;
  readonly class: string;
  /** `high`: most values, or some and the name. `medium`: the name, or many values. `low`: a few values in other text. */
  readonly confidence: 'high' | 'medium' | 'low';
  readonly because: readonly string[];
}

/** Shares of the sampled values from which a column is of the class, and from which it is likely to be. */
const MOST = 0.5;
const MANY = 0.05;

export function propose(connection: string, evidence: Evidence): Proposal | undefined {
  const { schema, table, column, hits, detected, classified } = evidence;
  if (classified !== undefined) return undefined;
  const named = classByName(column);
  const found = hits > 0 ? detected : undefined;
  const proposed = named ?? found?.class;
  if (proposed === undefined) return undefined;
  return {
    match: [connection, schema, table, column].map(part).join('.'),
    class: proposed,
    confidence: confidenceOf(evidence, named),
    because: reasons(evidence, named),
  };
}

function confidenceOf({ sampled, hits }: Evidence, named: string | undefined): Proposal['confidence'] {
  const share = sampled === 0 ? 0 : hits / sampled;
  if (share >= MOST || (named !== undefined && hits > 0)) return 'high';
  return named !== undefined || share >= MANY ? 'medium' : 'low';
}

function reasons({ sampled, hits, detected }: Evidence, named: string | undefined): readonly string[] {
  const seen =
    hits > 0 && detected !== undefined
      ? [`${hits} of ${sampled} values look like ${detected.class} (${detected.rule})`]
      : [];
  const said = named === undefined ? [] : [`the name says ${named}`];
  return [...seen, ...said, ...(sampled === 0 ? ['no value was there to look at'] : [])];
}

/** A pattern has four parts between dots: a name with a dot in it is matched by a star in its place. */
const part = (name: string): string => name.replaceAll('.', '*');
