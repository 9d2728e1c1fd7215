import type { JsonObject } from '../../../shared/platform/json-value.ts';
import { isObject } from '../lambda/json.ts';
import type { LogFile } from '../lambda/log-file.ts';
import type { InvocationOutcome } from '../lambda/protocol.ts';
import type { StreamMapping } from '../template/plan.ts';
import { passesFilter } from './filter.ts';

type Invoke = (functionArn: string, event: JsonObject) => Promise<InvocationOutcome>;

/**
 * Lambda's event source mapping of a DynamoDB stream: filter, invoke, retry; what fails once too often is set aside.
 * Each record is a batch of its own (a batch is "up to" its size), so one bad record holds nobody up and there is
 * nothing to bisect. A rejected promise asks the stream to bring the record again.
 */
export function streamListener(mapping: StreamMapping, invoke: Invoke, deadLetters: LogFile) {
  const attempts = new Map<string, number>();
  return async (record: JsonObject & { readonly eventID: string }): Promise<void> => {
    if (!wanted(mapping, record)) return;
    const event = { Records: [{ ...record, eventSourceARN: mapping.EventSourceArn }] };
    const problem = problemOf(await invoke(mapping.functionArn, event));
    const made = (attempts.get(record.eventID) ?? 0) + 1;
    if (problem === undefined) attempts.delete(record.eventID);
    else if (mapping.MaximumRetryAttempts >= 0 && made > mapping.MaximumRetryAttempts) {
      attempts.delete(record.eventID);
      deadLetters.write(
        `${JSON.stringify({ at: new Date().toISOString(), function: mapping.functionArn, problem, record })}\n`,
      );
    } else {
      attempts.set(record.eventID, made);
      throw new Error(problem);
    }
  };
}

function wanted(mapping: StreamMapping, record: JsonObject): boolean {
  const filters = mapping.FilterCriteria?.Filters;
  return (
    filters === undefined || filters.length === 0 || filters.some((filter) => passesFilter(filter.Pattern, record))
  );
}

/** A function says that a record failed by throwing, or by naming it in `batchItemFailures`. */
function problemOf(outcome: InvocationOutcome): string | undefined {
  if (!outcome.ok) return `${outcome.error.errorType}: ${outcome.error.errorMessage}`;
  const failures = isObject(outcome.value) ? outcome.value['batchItemFailures'] : undefined;
  return Array.isArray(failures) && failures.length > 0 ? 'the function reported the record as failed' : undefined;
}
