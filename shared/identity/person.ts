import type { Issuer } from '../contracts/config/issuer.ts';
import type { PersonConfig } from '../contracts/config/people.ts';
import type { Person } from '../domain/caller.ts';

/** A person as the gateway compares them: identities carry the issuer's URL, as an agent's `act` chain does. */
export function toPerson(config: PersonConfig, issuers: readonly Issuer[]): Person {
  const urls = new Map(issuers.map((issuer) => [issuer.name, issuer.url]));
  return {
    kind: 'person',
    id: config.id,
    name: config.name,
    groups: config.groups,
    identities: config.identities.flatMap(({ issuer, subject }) => {
      const url = urls.get(issuer);
      return url === undefined ? [] : [{ issuer: url, subject }];
    }),
  };
}

/**
 * Persons by issuer and subject. Only issuers that speak for people are in it, so that no token of an agents' issuer
 * finds anybody; an identity that two persons claim belongs to neither.
 */
export function peopleByIdentity(
  people: readonly PersonConfig[],
  issuers: readonly Issuer[],
): (issuer: Issuer, subject: string) => Person | undefined {
  const speaking = new Set(issuers.filter((issuer) => issuer.for === 'people').map((issuer) => issuer.name));
  const index = new Map<string, Person | null>();
  for (const config of people) {
    const person = toPerson(config, issuers);
    for (const { issuer, subject } of config.identities.filter((identity) => speaking.has(identity.issuer))) {
      const key = `${issuer} ${subject}`;
      index.set(key, index.has(key) ? null : person);
    }
  }
  return (issuer, subject) =>
    issuer.for === 'people' ? (index.get(`${issuer.name} ${subject}`) ?? undefined) : undefined;
}
