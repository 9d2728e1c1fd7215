import type { Proposal } from './propose.ts';

export interface Report {
  readonly connection: string;
  readonly tables: number;
  readonly columns: number;
  /** Columns that the configuration classifies already. */
  readonly classified: number;
  readonly proposals: readonly Proposal[];
  /** Tables that could not be sampled, and why. */
  readonly unread: readonly { readonly table: string; readonly why: string }[];
}

const ORDER = { high: 0, medium: 1, low: 2 } as const;

/** A piece of gateway.yaml to review: evidence as comments, guesses of low confidence commented out. */
export function asYaml(report: Report): string {
  const { connection, tables, columns, classified, proposals, unread } = report;
  const lines = [
    `# Proposed for ${connection}: ${proposals.length} of ${columns} columns in ${tables} tables; ${classified} have a class already.`,
    '# A sample proves nothing of the rows it did not see. Review each line, then put it under masking.columns.',
    ...unread.map(({ table, why }) => `# Not sampled: ${table} (${oneLine(why)})`),
    'masking:',
    proposals.length === 0 ? '  columns: []' : '  columns:',
  ];
  for (const { match, class: name, confidence, because } of sorted(proposals)) {
    lines.push(`    # ${confidence}: ${because.join('; ')}`);
    lines.push(`    ${confidence === 'low' ? '# ' : ''}- { match: ${scalar(match)}, class: ${name} }`);
  }
  return lines.join('\n');
}

export const sorted = (proposals: readonly Proposal[]): readonly Proposal[] =>
  proposals.toSorted(
    (one, other) => ORDER[one.confidence] - ORDER[other.confidence] || (one.match < other.match ? -1 : 1),
  );

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 200);
/** Names are the database's: quoted where YAML could read them as something else. */
const scalar = (text: string): string => (/^[A-Za-z][\w.-]*$/.test(text) ? text : JSON.stringify(text));
