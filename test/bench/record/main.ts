import { parseArgs } from 'node:util';
import { measureArchive } from './archive.ts';
import { measureLive } from './live.ts';

/**
 * `npm run bench:record [-- --sessions 1000,10000,100000] [--only archive|live]`: what the record costs an allowed
 * request, how long a finished session is on its way to the archive, and how fast an archive is verified and exported.
 */
const { values } = parseArgs({
  options: { sessions: { type: 'string', default: '1000,10000' }, only: { type: 'string', default: '' } },
});
if (values.only !== 'archive') await measureLive();
if (values.only !== 'live') await measureArchive(values.sessions.split(',').map(Number));
