import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as z from 'zod';

const arn = (service: string, example: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:.+$`), `an ARN of ${service}, e.g. ${example}`);
const id = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}-[0-9a-f]{8,17}$`), `an id like ${prefix}-0123456789abcdef0`);

/** A name of one's own for the API. The certificate must be of the gateway's region. */
const domainSchema = z.strictObject({
  name: z.string().regex(/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'a host name in lower case'),
  certificateArn: arn('acm', 'arn:aws:acm:eu-west-1:123456789012:certificate/…'),
  /** Where the alias record is made; absent: make it by hand, to the output `DomainTarget`. */
  hostedZone: z.strictObject({ id: z.string().regex(/^Z[A-Z0-9]+$/), name: z.string().min(3) }).optional(),
});

/**
 * A web ACL in front of the API. AWS WAF cannot be attached to an HTTP API (AWS WAF developer guide, "Resources that you
 * can protect": REST APIs yes, HTTP APIs no), so it stands at a CloudFront distribution. Its scope is therefore CLOUDFRONT, and its region
 * us-east-1, wherever the gateway is.
 */
const wafSchema = z.strictObject({
  webAclArn: z
    .string()
    .regex(/^arn:aws:wafv2:us-east-1:[0-9]{12}:global\/webacl\/.+$/, 'a web ACL of scope CLOUDFRONT, in us-east-1'),
});

/** Only for the functions that reach targets: private EKS endpoints, and databases without the Data API. */
const vpcSchema = z.strictObject({
  id: id('vpc'),
  /** Private subnets with a way out (NAT, or endpoints for everything that RUNBOOK.md lists). */
  subnets: z
    .array(z.strictObject({ id: id('subnet'), availabilityZone: z.string().regex(/^[a-z0-9-]+[a-z]$/) }))
    .min(1)
    .max(16),
  securityGroups: z.array(id('sg')).min(1).max(5),
});

const alarmsSchema = z.strictObject({
  /** Subscribed to the topic of the alarms; AWS sends it a link to confirm. */
  email: z.email().optional(),
  /** An SNS topic that is there already, instead of one of our own. */
  topicArn: arn('sns', 'arn:aws:sns:eu-west-1:123456789012:on-call').optional(),
  /** Where RUNBOOK.md can be read; each alarm's description ends in a link to its article there. */
  runbook: z.string().min(1).default('RUNBOOK.md'),
});

/** `deployment.yaml` of a configuration folder: how the gateway is put into AWS, as opposed to what it does. */
export const deploymentSchema = z.strictObject({
  version: z.literal(1),
  domain: domainSchema.optional(),
  waf: wafSchema.optional(),
  vpc: vpcSchema.optional(),
  alarms: alarmsSchema.prefault({}),
  /**
   * Requests a second that the HTTP API lets in, and how many at once. 100 is well above what agents and approvers send, and
   * well below what would exhaust an account's default 1,000 concurrent functions.
   */
  throttle: z
    .strictObject({
      ratePerSecond: z.int().min(1).max(10_000).default(100),
      burst: z.int().min(1).max(5_000).default(200),
    })
    .prefault({}),
  /**
   * Keeps concurrency for the functions that reach targets, and bounds it. Off where the account has less than 300 (new
   * accounts begin with 10): Lambda leaves 100 unreserved, and would refuse the deployment.
   */
  reserveConcurrency: z.boolean().default(true),
  /** Long enough for an incident to be noticed and looked into. Logs are no record: that is the archive. */
  logDays: z.enum(RetentionDays).default(RetentionDays.THREE_MONTHS),
  /** Customer-managed KMS keys that encrypt the secrets named in `gateway.yaml`; absent: AWS's own key. */
  secretKeyArns: z.array(arn('kms', 'arn:aws:kms:eu-west-1:123456789012:key/…')).max(50).default([]),
  /** On every resource, beside `application: countersign`: for cost allocation. */
  tags: z
    .record(
      z
        .string()
        .min(1)
        .max(128)
        .regex(/^(?!aws:)/, "keys that begin with aws: are AWS's"),
      z.string().max(256),
    )
    .default({}),
  /** A second stack with a small Aurora database to try the gateway on. Never for real data. */
  sample: z.boolean().default(false),
});

export type Deployment = z.output<typeof deploymentSchema>;
export const DEFAULT_DEPLOYMENT: Deployment = deploymentSchema.parse({ version: 1 });
