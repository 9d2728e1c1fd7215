import picomatch from 'picomatch';
import type { ConfigPath } from '../contracts/config/fault.ts';
import type { GatewayConfig } from '../contracts/config/gateway.ts';
import { nearest } from './nearest.ts';

/** A part of the configuration that names something which is not there, or names one thing twice. */
export interface ReferenceFault {
  readonly path: ConfigPath;
  readonly message: string;
  readonly remedy: string;
}

/** Everything that one zod schema cannot see: names used against names given. Pure. */
export function checkReferences(config: GatewayConfig): ReferenceFault[] {
  return [
    ...duplicates(config),
    ...config.people.flatMap((person, at) => checkPerson(config, person, at)),
    ...config.issuers.flatMap((issuer, at) => checkIssuer(config, issuer, at)),
    ...checkSlack(config),
    ...checkMasking(config),
    ...checkLimits(config),
  ];
}

/** Names and identities that must be one person's, one issuer's, one connection's. */
function duplicates(config: GatewayConfig): ReferenceFault[] {
  const people = config.people.map((person) => person.id);
  const subjects = config.people.flatMap((person, at) =>
    person.identities.map((identity, i) => ({
      key: `${identity.issuer} ${identity.subject}`,
      path: ['people', at, 'identities', i, 'subject'],
    })),
  );
  const slackUsers = config.people.flatMap((person, at) =>
    person.slack === undefined
      ? []
      : [{ key: `${person.slack.team} ${person.slack.user}`, path: ['people', at, 'slack', 'user'] }],
  );
  return [
    ...repeated('issuer name', named(config.issuers, 'issuers')),
    // One URL, one speaker: were it listed twice, a token of the agents' issuer might be read as a person's.
    ...repeated(
      'issuer url',
      config.issuers.map((issuer, at) => ({ key: issuer.url.replace(/\/+$/, ''), path: ['issuers', at, 'url'] })),
    ),
    ...repeated('group', named(config.groups, 'groups')),
    ...repeated('connection', named(config.connections, 'connections')),
    ...repeated(
      'person id',
      people.map((key, at) => ({ key, path: ['people', at, 'id'] })),
    ),
    ...repeated('identity', subjects),
    ...repeated('Slack user', slackUsers),
  ];
}

interface Keyed {
  readonly key: string;
  readonly path: ConfigPath;
}

const named = (items: readonly { readonly name: string }[], part: string): Keyed[] =>
  items.map(({ name }, at) => ({ key: name, path: [part, at, 'name'] }));

function repeated(what: string, entries: readonly Keyed[]): ReferenceFault[] {
  const seen = new Set<string>();
  return entries.flatMap(({ key, path }) => {
    if (!seen.has(key)) return (seen.add(key), []);
    return [
      {
        path,
        message: `${what} "${key}" is given twice`,
        remedy: 'keep one: two owners of one name cannot be told apart',
      },
    ];
  });
}

function missing(path: ConfigPath, what: string, name: string, known: readonly string[]): ReferenceFault[] {
  if (known.includes(name)) return [];
  const close = nearest(name, known);
  return [
    {
      path,
      message: `no ${what} is named "${name}"`,
      remedy:
        close === undefined
          ? `add it, or use one of: ${known.slice(0, 20).join(', ') || '(none yet)'}`
          : `did you mean "${close}"?`,
    },
  ];
}

function checkPerson(config: GatewayConfig, person: GatewayConfig['people'][number], at: number): ReferenceFault[] {
  const groups = config.groups.map((group) => group.name);
  const issuers = config.issuers.filter((issuer) => issuer.for === 'people').map((issuer) => issuer.name);
  return [
    ...person.groups.flatMap((group, i) => missing(['people', at, 'groups', i], 'group', group, groups)),
    ...person.identities.flatMap((identity, i) =>
      missing(['people', at, 'identities', i, 'issuer'], 'issuer for people', identity.issuer, issuers),
    ),
  ];
}

function checkIssuer(config: GatewayConfig, issuer: GatewayConfig['issuers'][number], at: number): ReferenceFault[] {
  if (issuer.for !== 'agents') return [];
  const groups = config.groups.map((group) => group.name);
  const people = config.people.map((person) => person.id);
  return [
    ...repeated(
      'rule',
      issuer.rules.map((rule, i) => ({ key: rule.name, path: ['issuers', at, 'rules', i, 'name'] })),
    ),
    ...issuer.rules.flatMap((rule, i) => [
      ...rule.groups.flatMap((group, j) => missing(['issuers', at, 'rules', i, 'groups', j], 'group', group, groups)),
      ...(rule.owner === undefined ? [] : missing(['issuers', at, 'rules', i, 'owner'], 'person', rule.owner, people)),
    ]),
  ];
}

/** Who is to be reached over Slack needs a Slack, and the same workspace: a click from another is refused. */
function checkSlack({ slack, groups, people }: GatewayConfig): ReferenceFault[] {
  const need = 'add the `slack` section (team, secretArn)';
  return [
    ...groups.flatMap((group, at) =>
      group.slackChannel !== undefined && slack === undefined
        ? [
            {
              path: ['groups', at, 'slackChannel'],
              message: 'a Slack channel is named but no Slack is configured',
              remedy: need,
            },
          ]
        : [],
    ),
    ...people.flatMap((person, at): ReferenceFault[] => {
      if (person.slack === undefined) return [];
      if (slack === undefined)
        return [
          { path: ['people', at, 'slack'], message: 'a Slack user is named but no Slack is configured', remedy: need },
        ];
      if (person.slack.team === slack.team) return [];
      return [
        {
          path: ['people', at, 'slack', 'team'],
          message: `workspace ${person.slack.team} is not the configured one`,
          remedy: `use ${slack.team}: votes from other workspaces are refused`,
        },
      ];
    }),
  ];
}

/** A limit on a name that is not there limits nothing. */
function checkLimits({ limits, groups, connections }: GatewayConfig): ReferenceFault[] {
  const names = (items: readonly { readonly name: string }[]) => items.map(({ name }) => name);
  return [
    ...Object.keys(limits.groups).flatMap((name) => missing(['limits', 'groups', name], 'group', name, names(groups))),
    ...Object.keys(limits.connections).flatMap((name) =>
      missing(['limits', 'connections', name], 'connection', name, names(connections)),
    ),
  ];
}

/** A glob that fits no connection protects nothing, and a misspelt one looks just like a good one. */
function checkMasking({ masking, connections }: GatewayConfig): ReferenceFault[] {
  const names = connections.map((connection) => connection.name);
  return masking.columns.flatMap(({ match }, at) => {
    const part = match.split('.')[0] ?? '';
    if (names.some((name) => picomatch.isMatch(name, part))) return [];
    const close = nearest(part, names);
    return [
      {
        path: ['masking', 'columns', at, 'match'],
        message: `"${part}" fits no connection, so this line would mask nothing`,
        remedy:
          close === undefined ? `begin with one of: ${names.slice(0, 20).join(', ')}` : `did you mean "${close}"?`,
      },
    ];
  });
}
