import type { DetailedError } from '@cedar-policy/cedar-wasm/nodejs';
import type { PolicyFile } from '../../contracts/config/bundle.ts';
import { err, ok } from '../../platform/result.ts';
import type { Result } from '../../platform/result.ts';
import { parsePolicy } from '../cedar.ts';
import { readAnnotations } from './annotations.ts';
import { beyondBounds } from './bounds.ts';
import { faultAt } from './policy.ts';
import type { LoadedPolicy, PolicyFault } from './policy.ts';
import { splitPolicies } from './split.ts';
import type { PolicyText } from './split.ts';

/** Pre-parsing grows by a tenth of a millisecond a policy; ten thousand is a second of start-up. */
const MAX_POLICIES = 10_000;

/** Files → policies by their own `@id`, or every fault with its place. */
export function readPolicies(files: readonly PolicyFile[]): Result<readonly LoadedPolicy[], PolicyFault[]> {
  const texts = files.flatMap(({ name, text }) => splitPolicies(name, text));
  if (texts.length === 0)
    return err([
      {
        file: 'policies',
        path: '',
        message: 'there is no policy',
        remedy: 'write at least one: nothing is permitted without one',
      },
    ]);
  if (texts.length > MAX_POLICIES)
    return err([
      {
        file: 'policies',
        path: '',
        message: `there are more than ${String(MAX_POLICIES)} policies`,
        remedy: 'name groups instead of single agents and resources',
      },
    ]);
  const read = texts.map(readOne);
  const policies = read.flatMap((one) => (one.ok ? [one.value] : []));
  const faults = [...read.flatMap((one) => (one.ok ? [] : one.error)), ...sameId(policies)];
  return faults.length > 0 ? err(faults) : ok(policies);
}

function readOne(source: PolicyText): Result<LoadedPolicy, PolicyFault[]> {
  const beyond = beyondBounds(source.text);
  if (beyond !== undefined) return err([faultAt(source, '', beyond.message, beyond.remedy)]);
  const answer = parsePolicy(source.text);
  if (answer === 'broken')
    return err([faultAt(source, '', 'the policy parser failed', 'simplify this policy, then start again')]);
  if (answer.type === 'failure') return err(answer.errors.map((error) => parseFault(source, error)));
  const annotations = readAnnotations(answer.json.annotations);
  if (!annotations.ok)
    return err(
      annotations.error.map(({ message, remedy }) => faultAt(source, idOf(answer.json.annotations), message, remedy)),
    );
  return ok({ ...annotations.value, source, json: answer.json });
}

function parseFault(source: PolicyText, error: DetailedError): PolicyFault {
  const where = error.sourceLocations?.[0];
  const expected = where?.label ?? error.help;
  return faultAt(
    source,
    '',
    error.message.replace('failed to parse policy from string: ', ''),
    expected ?? 'write one Cedar policy here, ended by ";"',
    where?.start ?? 0,
  );
}

const idOf = (annotations: Readonly<Record<string, string | null>> | undefined): string => annotations?.['id'] ?? '';

/** Cedar takes two policies with one `@id` without a word; one of them would then speak in the other's name. */
function sameId(policies: readonly LoadedPolicy[]): PolicyFault[] {
  const first = new Map<string, LoadedPolicy>();
  return policies.flatMap((policy) => {
    const other = first.get(policy.id);
    if (other === undefined) return (first.set(policy.id, policy), []);
    return [
      faultAt(
        policy.source,
        policy.id,
        `this id is already taken at policies/${other.source.file}:${String(other.source.line)}`,
        'give each policy an id of its own',
      ),
    ];
  });
}
