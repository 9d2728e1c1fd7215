import { bundleSchema, type Bundle } from '../../shared/contracts/config/bundle.ts';

const secret = (name: string): string => `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}`;
const cluster = (name: string): string => `arn:aws:rds:eu-west-1:123456789012:cluster:${name}`;

/** Two databases, one with a login of its own for reading and one without; and a cluster. */
export const bundle: Bundle = bundleSchema.parse({
  gateway: {
    version: 1,
    publicUrl: 'https://gateway.example.com',
    issuers: [{ name: 'people', for: 'people', url: 'https://login.example.com', audience: 'countersign' }],
    connections: [
      {
        name: 'orders',
        kind: 'postgres',
        environment: 'production',
        resourceArn: cluster('orders'),
        secretArn: secret('orders/write-AbCdEf'),
        readSecretArn: secret('orders/read-AbCdEf'),
        database: 'orders',
      },
      {
        name: 'billing',
        kind: 'postgres',
        environment: 'production',
        resourceArn: cluster('billing'),
        secretArn: secret('billing-AbCdEf'),
        database: 'billing',
      },
      {
        name: 'shop',
        kind: 'kubernetes',
        environment: 'production',
        server: 'https://shop.k8s.example.com',
        certificateAuthority: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
        credential: {
          kind: 'service-account',
          secretArn: secret('shop/write-AbCdEf'),
          readSecretArn: secret('shop/read-AbCdEf'),
        },
      },
    ],
    slack: { team: 'T0ACME0001', secretArn: secret('slack-AbCdEf') },
    retention: { archiveDays: 400 },
  },
  policies: [{ name: 'none.cedar', text: '@id("none")\nforbid (principal, action, resource);' }],
});
