import type { Preview } from '../../connectors/connector.ts';
import type { Connection } from '../../contracts/config/connection.ts';
import { classifiedEffects } from '../../domain/classified-effects.ts';
import type { Impact } from '../../domain/impact.ts';
import type { MaskedResult } from '../../domain/result-set.ts';
import type { Session } from '../../domain/session.ts';
import type { Statement } from '../../domain/statement.ts';
import { applyMasks } from '../../masking/apply.ts';
import { within } from '../../platform/within.ts';
import { circumstancesOnRecord } from '../intake/circumstances.ts';
import { mayBeCounted, understand, type JudgeDeps } from '../run/judge.ts';
import { masksFor } from '../run/masks.ts';
import type { Runtime, Surroundings } from '../runtime.ts';

/** People wait for the question behind it; the parts of a preview end within this by themselves, unless the target hangs. */
const PREVIEW_MS = 15_000;
/** As JSON. Kept in the session's item, beside what keep.ts reckons with. */
const SAMPLE_BYTES = 8_192;
/** Characters of one value: a sample is to recognise rows by. */
const VALUE_CHARACTERS = 120;

export interface Found {
  readonly impact: Impact;
  /** Why a number of rows cannot be enforced on this statement. */
  readonly unbindable?: string;
}

/** Asks the connector what the statement would touch, under the names of this moment. Whatever goes wrong is an answer: it blocks nothing. */
export async function findImpact(
  deps: Surroundings & JudgeDeps,
  runtime: Runtime,
  session: Session,
  connection: Connection,
  statement: Statement,
): Promise<Found> {
  try {
    const preview = await within(PREVIEW_MS, previewOf(deps, runtime, session, connection, statement));
    if (preview === undefined) return unknown(`there was no answer within ${PREVIEW_MS / 1_000} s`);
    const sample =
      preview.sample === undefined ? undefined : maskedSample(runtime, session, connection, preview.sample);
    const { rows, uncounted, unbindable } = preview;
    return {
      impact: { rows, uncounted, ...(sample === undefined ? {} : { sample }) },
      ...(unbindable === undefined ? {} : { unbindable }),
    };
  } catch (error) {
    deps.log.error('preview failed', { session: session.id, error: error instanceof Error ? error.name : 'unknown' });
    return unknown('the check itself failed');
  }
}

const unknown = (why: string): Found => ({ impact: { rows: { basis: 'unknown', why }, uncounted: [] } });

async function previewOf(
  deps: JudgeDeps,
  runtime: Runtime,
  session: Session,
  connection: Connection,
  statement: Statement,
): Promise<Preview> {
  const connector = deps.connectors.get(connection.kind);
  const understood =
    connector === undefined ? undefined : await understand(deps.catalogues, connector, connection, statement);
  if (connector === undefined || understood?.ok !== true)
    return { rows: { basis: 'unknown', why: 'the statement can no longer be read' }, uncounted: [] };
  const { effects, flows, catalogue } = understood.value;
  const tells = classifiedEffects(flows, (column) => runtime.classify(connection.name, column)?.class);
  const { agent } = session.submitted;
  // The agent sees this before anybody has agreed to what the number would tell it.
  if (!mayBeCounted(runtime, agent, connection, tells, circumstancesOnRecord(session.submitted, [])))
    return { rows: { basis: 'unknown', why: TELLS }, uncounted: [], unbindable: `${TELLS}.` };
  return connector.preview(statement, connection, effects, catalogue);
}

const TELLS = 'the number would tell the agent of classified columns before anybody has agreed to it';

/** Masked as the agent's own answer would be: an approver sees nothing here that the record may not keep. */
function maskedSample(
  runtime: Runtime,
  session: Session,
  connection: Connection,
  { result, lineage }: NonNullable<Preview['sample']>,
): MaskedResult | undefined {
  const circumstances = circumstancesOnRecord(session.submitted, []);
  const masks = masksFor(runtime, session.submitted.agent, connection, lineage, circumstances);
  const masked = applyMasks(result, masks, runtime);
  const sample = { ...masked, rows: masked.rows.map((row) => row.map(shortened)) };
  return Buffer.byteLength(JSON.stringify(sample)) > SAMPLE_BYTES ? undefined : sample;
}

function shortened<T>(value: T): T | string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length <= VALUE_CHARACTERS ? value : `${Array.from(text).slice(0, VALUE_CHARACTERS).join('')}…`;
}
