import { writeDigests, type DigestDeps, type DigestReport } from '../../shared/gateway/record/digests/write-digests.ts';

/** Every few minutes: hours that have ended get their digest. Fails loudly, so that an alarm hears of it. */
export const createHandler = (deps: DigestDeps) => async (): Promise<DigestReport> => {
  const report = await writeDigests(deps);
  if (!report.ok) {
    deps.log.error('digest not written', { fault: report.error.message });
    throw new Error(report.error.message);
  }
  if (report.value.written > 0) deps.log.info('digests written', { ...report.value });
  return report.value;
};
