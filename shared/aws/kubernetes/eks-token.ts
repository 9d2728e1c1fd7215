import { Buffer } from 'node:buffer';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Clock } from '../../platform/clock.ts';
import { Sha256 } from '../sha256.ts';

type Credentials = ConstructorParameters<typeof SignatureV4>[0]['credentials'];

export interface EksCluster {
  readonly cluster: string;
  readonly region: string;
}

/** Makes the bearer token by which an EKS cluster knows an AWS role. */
export type EksToken = (of: EksCluster) => Promise<string>;

/** Seconds for which STS takes the signature; the cluster's authenticator takes the token for 15 minutes at most. */
const EXPIRES_SECONDS = 60;

/**
 * `k8s-aws-v1.` and, in base64url, a presigned GetCallerIdentity that names the cluster in a signed header, so that a token
 * for one cluster is worth nothing at another (kubernetes-sigs/aws-iam-authenticator, "API Authorization from Outside a
 * Cluster"). Made for each call by the function's own role: signing is local and costs no call to AWS.
 */
export function createEksToken(clock: Clock, credentials: Credentials = defaultProvider()): EksToken {
  return async ({ cluster, region }) => {
    const signer = new SignatureV4({ service: 'sts', region, credentials, sha256: Sha256 });
    const hostname = `sts.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
    const signed = await signer.presign(
      {
        method: 'GET',
        protocol: 'https:',
        hostname,
        path: '/',
        query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
        headers: { host: hostname, 'x-k8s-aws-id': cluster },
      },
      { expiresIn: EXPIRES_SECONDS, signingDate: clock() },
    );
    const query = Object.entries(signed.query ?? {}).map(
      ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
    );
    return `k8s-aws-v1.${Buffer.from(`https://${hostname}/?${query.join('&')}`, 'utf8').toString('base64url')}`;
  };
}
