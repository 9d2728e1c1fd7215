import { streamEventSchema } from '../../shared/contracts/lambda-event.ts';
import { archiveSession, type ArchiveDeps } from '../../shared/gateway/record/archive-session.ts';

interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/**
 * Finished sessions from the table's stream to the archive. The first that fails is reported, so that the stream comes
 * back from there (Lambda developer guide, "Reporting batch item failures"); repeating the ones before it is safe.
 */
export const createHandler =
  (deps: ArchiveDeps) =>
  async (event: unknown): Promise<BatchAnswer> => {
    for (const record of streamEventSchema.parse(event).Records) {
      const archived = await archiveSession(deps, record.dynamodb.Keys.pk.S.replace(/^SESSION#/, ''));
      if (!archived.ok) {
        deps.log.error('session not archived', { fault: archived.error.message });
        return { batchItemFailures: [{ itemIdentifier: record.dynamodb.SequenceNumber ?? '' }] };
      }
    }
    return { batchItemFailures: [] };
  };
