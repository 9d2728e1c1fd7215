import type { Bundle } from '../../../shared/contracts/config/bundle.ts';
import { developmentIssuerUrl } from '../oidc/addresses.ts';

export type LocalAddresses = {
  readonly publicUrl: string;
  /** Names of the issuers that are played here. The others keep their URL: they are real ones. */
  readonly playedIssuers: readonly string[];
  readonly slackApiUrl: string;
  /** Embedded clusters, by the connection that they stand for. The others keep their server: they are real ones. */
  readonly clusters: readonly { readonly connection: string; readonly url: string; readonly ca: string }[];
};

/** The configuration as this stack serves it: the same rules, with the addresses of what is played here. */
export function localBundle(bundle: Bundle, addresses: LocalAddresses): Bundle {
  const { publicUrl, playedIssuers, slackApiUrl } = addresses;
  const { gateway } = bundle;
  const issuers = gateway.issuers.map((issuer) =>
    playedIssuers.includes(issuer.name) ? { ...issuer, url: developmentIssuerUrl(publicUrl, issuer.name) } : issuer,
  );
  const slack = gateway.slack === undefined ? {} : { slack: { ...gateway.slack, apiUrl: slackApiUrl } };
  const connections = gateway.connections.map((connection) => {
    const played = addresses.clusters.find((cluster) => cluster.connection === connection.name);
    if (connection.kind !== 'kubernetes' || played === undefined) return connection;
    return { ...connection, server: played.url, certificateAuthority: played.ca };
  });
  return { ...bundle, gateway: { ...gateway, publicUrl, issuers, connections, ...slack } };
}
