import type { Bundle } from '../../../shared/contracts/config/bundle.ts';
import { developmentIssuerUrl } from '../oidc/addresses.ts';

export type LocalAddresses = {
  readonly publicUrl: string;
  /** Names of the issuers that are played here. The others keep their URL: they are real ones. */
  readonly playedIssuers: readonly string[];
  readonly slackApiUrl: string;
};

/** The configuration as this stack serves it: the same rules, with the addresses of what is played here. */
export function localBundle(bundle: Bundle, addresses: LocalAddresses): Bundle {
  const { publicUrl, playedIssuers, slackApiUrl } = addresses;
  const { gateway } = bundle;
  const issuers = gateway.issuers.map((issuer) =>
    playedIssuers.includes(issuer.name) ? { ...issuer, url: developmentIssuerUrl(publicUrl, issuer.name) } : issuer,
  );
  const slack = gateway.slack === undefined ? {} : { slack: { ...gateway.slack, apiUrl: slackApiUrl } };
  return { ...bundle, gateway: { ...gateway, publicUrl, issuers, ...slack } };
}
