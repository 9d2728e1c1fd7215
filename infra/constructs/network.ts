import { Annotations } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '../deployment/settings.ts';

/** What putting a network interface into a VPC takes (Lambda developer guide, "Required IAM permissions"). EC2 can narrow none of it to an interface that is still to be made. */
const INTERFACES = [
  'ec2:CreateNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:DeleteNetworkInterface',
  'ec2:AssignPrivateIpAddresses',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * A VPC that is there already, named by its ids, so that synthesis looks nothing up. The functions that reach targets are
 * put into it; the others have no business there.
 */
export class Network extends Construct {
  readonly placement: {
    readonly vpc: IVpc;
    readonly vpcSubnets: { readonly subnetType: SubnetType };
    readonly securityGroups: ISecurityGroup[];
  };

  constructor(scope: Construct, { id, subnets, securityGroups }: NonNullable<Deployment['vpc']>) {
    super(scope, 'Network');
    const why = 'route tables matter to what adds routes, and nothing here does';
    Annotations.of(this).acknowledgeWarning('@aws-cdk/aws-ec2:noSubnetRouteTableId', why);
    this.placement = {
      vpc: Vpc.fromVpcAttributes(this, 'Vpc', {
        vpcId: id,
        availabilityZones: subnets.map(({ availabilityZone }) => availabilityZone),
        privateSubnetIds: subnets.map((subnet) => subnet.id),
      }),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: securityGroups.map((group) =>
        SecurityGroup.fromSecurityGroupId(this, group, group, { mutable: false }),
      ),
    };
  }

  grantInterfaces(role: IRole): void {
    role.addToPrincipalPolicy(new PolicyStatement({ actions: INTERFACES, resources: ['*'] }));
  }
}
