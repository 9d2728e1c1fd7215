import type { GatewayConfig } from '../../contracts/config/gateway.ts';
import type { PersonConfig } from '../../contracts/config/people.ts';
import type { Person } from '../../domain/caller.ts';
import type { Ballot } from '../ports/ballot.ts';

/** The person behind a ballot, as configuration has it at this moment. By immutable ids only. */
export function voterOf(config: GatewayConfig, voter: Ballot['voter']): Person | undefined {
  const found = config.people.find((person) =>
    voter.via === 'api'
      ? person.id === voter.person
      : person.slack?.team === voter.team && person.slack.user === voter.user,
  );
  return found === undefined ? undefined : personOf(config, found);
}

/** Identities carry the issuer's URL, as tokens do, so that they compare with an agent's `act` chain. */
export function personOf(config: GatewayConfig, person: PersonConfig): Person {
  const urlOf = new Map(config.issuers.map((issuer) => [issuer.name, issuer.url]));
  return {
    kind: 'person',
    id: person.id,
    name: person.name,
    groups: person.groups,
    identities: person.identities.map(({ issuer, subject }) => ({ issuer: urlOf.get(issuer) ?? issuer, subject })),
  };
}
