import { secretArnsOf } from '../../../shared/contracts/config/connection.ts';
import type { GatewayConfig } from '../../../shared/contracts/config/gateway.ts';
import { functions, type FunctionSpec } from '../../functions.ts';
import { about, nameOf, type Finding } from './finding.ts';
import type { Place } from './place.ts';

/** Grants that read each secret of the configuration; a connection's write login is for who runs or tries statements. */
export function readersOf(gateway: GatewayConfig): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, string[]>();
  const add = (arn: string | undefined, ...grants: string[]): void => {
    if (arn !== undefined) readers.set(arn, [...(readers.get(arn) ?? []), ...grants]);
  };
  for (const connection of gateway.connections) {
    const { all, read } = secretArnsOf(connection);
    for (const arn of all) add(arn, 'targets:execute', 'targets:preview');
    for (const arn of read) add(arn, 'targets:read');
  }
  add(gateway.slack?.secretArn, 'slack:read');
  return readers;
}

/** Every secret against every function's role: who needs it may read it, and nobody else may. */
export async function checkSecrets(place: Place, gateway: GatewayConfig): Promise<Finding[]> {
  const { roles } = place;
  const secrets = [...readersOf(gateway)];
  if (roles === undefined)
    return secrets.map(([arn]) =>
      about('secret', arn).unknown({ says: 'there is no IAM here that could be asked who may read it' }),
    );
  return Promise.all(secrets.map(([arn, grants]) => checkSecret(roles, arn, grants)));
}

async function checkSecret(
  roles: NonNullable<Place['roles']>,
  arn: string,
  grants: readonly string[],
): Promise<Finding> {
  const say = about('secret', arn);
  try {
    const wrong: string[] = [];
    for (const [name, ask] of roles) {
      const spec = Object.entries<FunctionSpec>(functions).find(([known]) => known === name)?.[1];
      const needs = spec?.grants.some((grant) => grants.includes(grant)) ?? false;
      const may = (await ask(arn)) === 'allowed';
      if (needs !== may) wrong.push(`${name} ${may ? 'may read it and should not' : 'may not read it and should'}`);
    }
    if (wrong.length === 0) return say.ok('readable by the functions that need it, and by no other');
    return say.wrong({
      says: wrong.join('; '),
      remedy: 'deploy the stack again; look for policies that were added by hand',
    });
  } catch (error) {
    return say.unknown({
      says: `IAM could not be asked: ${nameOf(error)}`,
      remedy: 'it takes iam:SimulatePrincipalPolicy',
    });
  }
}
