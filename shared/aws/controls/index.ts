import type { Controls } from '../../gateway/ports/controls.ts';
import type { Table } from '../session-store/write.ts';
import { actsIn } from './acts.ts';
import { leasesIn } from './leases.ts';
import { meterIn } from './meter.ts';
import { pendingIn } from './pending.ts';
import { reviewsIn } from './reviews.ts';
import { stopsIn } from './stops.ts';

/** What people hold the gateway in check with, in the table of the sessions: a guard and the session it guards are one write. */
export const createControls = (table: Table): Controls => ({
  stops: stopsIn(table),
  leases: leasesIn(table),
  meter: meterIn(table),
  acts: actsIn(table),
  pending: pendingIn(table),
  reviews: reviewsIn(table),
});
