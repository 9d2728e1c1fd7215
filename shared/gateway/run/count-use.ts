import { Buffer } from 'node:buffer';
import type { Run, TailDeps } from './run-statement.ts';
import type { Settled } from './settle.ts';

/**
 * What a run has used goes on the counters, and what it did not use of a lease's rows goes back. A run whose outcome
 * is not known may have used all that was set aside, so nothing goes back.
 */
export async function countUse(deps: TailDeps, run: Run, settled: Settled): Promise<void> {
  const { outcome } = settled;
  if (outcome.kind === 'unknown_outcome') return;
  const rows = settled.result?.rowCount ?? 0;
  const bytes = settled.result === undefined ? 0 : Buffer.byteLength(JSON.stringify(settled.result.rows));
  const { meter, leases } = deps.controls;
  const done = await Promise.all([
    rows + bytes === 0 ? undefined : meter.spend(run.scopes, { rows, bytes }, deps.clock()),
    ...(run.leases ?? []).map((use) => (use.rows > rows ? leases.giveBack(use.lease, use.rows - rows) : undefined)),
  ]);
  // It has run: its answer stands, and the counters lag by one run. Rows of a lease that stay set aside are lost to it.
  if (done.some((one) => one?.ok === false))
    deps.log.error('use not counted', { connection: run.judgement.connection.name });
}
