import { Fn } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { accept } from './accept.ts';

/**
 * A CloudFront distribution in front of the API, for the web ACL that an HTTP API cannot carry. It caches nothing and
 * passes everything on. Whoever knows the API's own address still gets past it: the ACL is for noise and floods, while
 * authentication, policy and limits stand in the functions, behind either way.
 */
export class Edge extends Construct {
  readonly url: string;

  constructor(scope: Construct, apiUrl: string, webAclId: string) {
    super(scope, 'Edge');
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Countersign',
      webAclId,
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: new HttpOrigin(hostOf(apiUrl), { protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        // `Authorization` too; not `Host`, by which the API would not know itself.
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      },
    });
    accept(distribution, 'CFR1', 'agents run wherever their CI does; who may call is the business of tokens');
    accept(distribution, 'CFR3', 'the API behind it logs every request');
    accept(
      distribution,
      'CFR4',
      "without a name of its own it has CloudFront's certificate, whose TLS version cannot be chosen",
    );
    this.url = `https://${distribution.distributionDomainName}/`;
  }
}

/** `https://HOST/` → `HOST`, also where it is known only at deployment. */
const hostOf = (url: string): string => Fn.select(2, Fn.split('/', url));
