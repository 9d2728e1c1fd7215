import { CfnOutput } from 'aws-cdk-lib';
import { DomainName, SecurityPolicy } from 'aws-cdk-lib/aws-apigatewayv2';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, AaaaRecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayv2DomainProperties } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/settings.ts';

/** The API under a name of one's own: a regional domain with a certificate that is there already. */
export class OwnDomain extends Construct {
  readonly name: DomainName;

  constructor(scope: Construct, { name, certificateArn, hostedZone }: NonNullable<Deployment['domain']>) {
    super(scope, 'Domain');
    this.name = new DomainName(this, 'Name', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    const { regionalDomainName, regionalHostedZoneId } = this.name;
    new CfnOutput(this, 'Target', { value: regionalDomainName });
    if (hostedZone === undefined) return;
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: hostedZone.id,
      zoneName: hostedZone.name,
    });
    const target = RecordTarget.fromAlias(new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId));
    new ARecord(this, 'A', { zone, recordName: `${name}.`, target });
    new AaaaRecord(this, 'Aaaa', { zone, recordName: `${name}.`, target });
  }
}
