import { hourAfter } from '../../shared/domain/digest.ts';
import type { Metrics } from '../../shared/gateway/ports/metrics.ts';
import { writeDigests, type DigestDeps, type DigestReport } from '../../shared/gateway/record/digests/write-digests.ts';

/** Every few minutes: hours that have ended get their digest. Fails loudly, so that an alarm hears of it. */
export const createHandler = (deps: DigestDeps & { readonly metrics: Metrics }) => async (): Promise<DigestReport> => {
  const report = await writeDigests(deps);
  if (!report.ok) {
    deps.log.error('digest not written', { fault: report.error.message });
    throw new Error(report.error.message);
  }
  if (report.value.written > 0) deps.log.info('digests written', { ...report.value });
  const { newest } = report.value;
  if (newest !== undefined)
    deps.metrics.record({ DigestAge: (deps.clock().getTime() - Date.parse(hourAfter(newest))) / 1_000 });
  return report.value;
};
