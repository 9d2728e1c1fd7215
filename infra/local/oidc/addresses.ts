/** Folder below the state folder that holds the development issuers' keys and the client secret. */
export const OIDC_FOLDER = 'oidc';

/** Where an issuer of the configuration is played: its `iss`, and the URL it has in the served configuration. */
export const developmentIssuerUrl = (publicUrl: string, name: string) => `${publicUrl.replace(/\/$/, '')}/oidc/${name}`;
