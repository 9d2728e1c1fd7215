import { sweep, type SweepDeps, type SweepReport } from '../../shared/gateway/record/sweep.ts';

/** Every minute: what was left behind is brought on. */
export const createHandler = (deps: SweepDeps) => async (): Promise<SweepReport> => {
  const report = await sweep(deps);
  deps.log.info('swept', report);
  return report;
};
