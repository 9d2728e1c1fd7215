import type * as z from 'zod';
import { err, ok } from '../../../platform/result.ts';
import type { Result } from '../../../platform/result.ts';
import type { TargetFault } from '../../connector.ts';
import type { settingsSchema, writerSchema } from './model.ts';

type Reader = Pick<
  z.output<typeof settingsSchema>,
  'searchPath' | 'standardConformingStrings' | 'rowSecurity' | 'statementTimeout'
>;
type Writer = z.output<typeof writerSchema>;

/**
 * What a statement means depends on settings of the session. Both logins must read names and literals as this gateway
 * does, or nothing that needs the catalogue is judged.
 */
export function agreedSettings(reader: Reader, writer: Writer): Result<undefined, TargetFault> {
  for (const [login, settings] of Object.entries({ read: reader, write: writer })) {
    if (!settings.standardConformingStrings)
      return refused(
        login,
        'standard_conforming_strings is off: literals would be read differently',
        'standard_conforming_strings = on',
      );
    if (!settings.rowSecurity) return refused(login, 'row_security is off', 'row_security = on');
    // The Data API gives up after 45 s, and what it could not cancel would go on.
    if (settings.statementTimeout === 0)
      return refused(login, 'statement_timeout is not set', `statement_timeout = '45s'`);
  }
  if (reader.searchPath.join('\0') === writer.searchPath.join('\0')) return ok(undefined);
  return err({
    message:
      `The logins that read and write see names in different schemas (${reader.searchPath.join(', ')} and ` +
      `${writer.searchPath.join(', ')}). Give both the same search_path (ALTER ROLE … SET search_path = …) and USAGE on the same schemas.`,
  });
}

function refused(login: string, what: string, setting: string): Result<never, TargetFault> {
  return err({ message: `For the login that ${login}s, ${what}. Run: ALTER ROLE … SET ${setting}.` });
}
