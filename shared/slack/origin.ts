import type { Interaction } from '../contracts/slack.ts';

/**
 * Whether an interaction comes from the workspace that configuration trusts. Fails closed: no team configured, or none
 * in the payload, is foreign. In a channel shared with another company the message's team is ours while the person's
 * is theirs, so both are compared.
 */
export function isFromTeam(interaction: Interaction, team: string | undefined): boolean {
  if (team === undefined || team === '') return false;
  // An organisation (E…) holds several workspaces; which of them a person votes from is mapped by configuration.
  if (team.startsWith('E')) return interaction.enterprise?.id === team;
  return interaction.team?.id === team && (interaction.user.team_id ?? team) === team;
}

/** Who pressed, as Bolt and our own contract both have it. */
export interface Origin {
  readonly team: { readonly id: string } | null;
  readonly user: { readonly id: string; readonly team_id?: string | undefined };
}

/** How configuration knows the person: the immutable ids of Slack, never `user.name` or an e-mail address. */
export function voterOf(origin: Origin): { readonly via: 'slack'; readonly team: string; readonly user: string } {
  const team = origin.user.team_id ?? origin.team?.id ?? '';
  return { via: 'slack', team, user: origin.user.id };
}
