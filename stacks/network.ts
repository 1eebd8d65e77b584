/** The address plan; a silo's network policies name the same ranges. */
const VPC_CIDR = '10.0.0.0/16';
const ZONES = 3;

const tags = (name: string, more: Readonly<Record<string, string>> = {}) => ({
  tags: { Name: `${$app.name}-${$app.stage}-${name}`, ...more },
});

/** A VPC over three zones: nodes in private subnets, load balancers and NAT gateways in public ones. */
export function createNetwork({ natGateways }: { natGateways: 1 | 3 }) {
  const zones = aws.getAvailabilityZonesOutput({ state: 'available' }).names;
  const vpc = new aws.ec2.Vpc('Vpc', {
    cidrBlock: VPC_CIDR,
    enableDnsSupport: true,
    enableDnsHostnames: true,
    ...tags('vpc'),
  });
  // The group that AWS makes lets its members talk freely; nothing is to be in it.
  new aws.ec2.DefaultSecurityGroup('VpcDefault', { vpcId: vpc.id, ingress: [], egress: [] });

  const gateway = new aws.ec2.InternetGateway('VpcGateway', { vpcId: vpc.id, ...tags('gateway') });
  const publicTable = new aws.ec2.RouteTable('VpcPublic', { vpcId: vpc.id, ...tags('public') });
  new aws.ec2.Route('VpcPublicRoute', {
    routeTableId: publicTable.id,
    destinationCidrBlock: '0.0.0.0/0',
    gatewayId: gateway.id,
  });

  const subnets = Array.from({ length: ZONES }, (_, zone) => {
    const availabilityZone = zones.apply((names) => names[zone] ?? '');
    const open = new aws.ec2.Subnet(`VpcPublic${zone}`, {
      vpcId: vpc.id,
      availabilityZone,
      cidrBlock: `10.0.${zone}.0/24`,
      ...tags(`public-${zone}`, { 'kubernetes.io/role/elb': '1' }),
    });
    new aws.ec2.RouteTableAssociation(`VpcPublic${zone}Routes`, { subnetId: open.id, routeTableId: publicTable.id });
    const closed = new aws.ec2.Subnet(`VpcPrivate${zone}`, {
      vpcId: vpc.id,
      availabilityZone,
      cidrBlock: `10.0.${64 * (zone + 1)}.0/18`,
      ...tags(`private-${zone}`, { 'kubernetes.io/role/internal-elb': '1' }),
    });
    return { open, closed };
  });

  const nats = subnets.slice(0, natGateways).map(({ open }, zone) => {
    const address = new aws.ec2.Eip(`VpcNat${zone}Address`, { domain: 'vpc', ...tags(`nat-${zone}`) });
    return new aws.ec2.NatGateway(`VpcNat${zone}`, {
      subnetId: open.id,
      allocationId: address.id,
      ...tags(`nat-${zone}`),
    });
  });
  const privateTables = subnets.map(({ closed }, zone) => {
    const table = new aws.ec2.RouteTable(`VpcPrivate${zone}`, { vpcId: vpc.id, ...tags(`private-${zone}`) });
    const nat = nats[zone % natGateways];
    if (!nat) throw new Error('There is no NAT gateway to route to.');
    new aws.ec2.Route(`VpcPrivate${zone}Route`, {
      routeTableId: table.id,
      destinationCidrBlock: '0.0.0.0/0',
      natGatewayId: nat.id,
    });
    new aws.ec2.RouteTableAssociation(`VpcPrivate${zone}Routes`, { subnetId: closed.id, routeTableId: table.id });
    return table;
  });

  // Free of charge, and keeps what silos read and write off the NAT gateways.
  for (const service of ['dynamodb', 's3']) {
    new aws.ec2.VpcEndpoint(`Vpc${service}`, {
      vpcId: vpc.id,
      serviceName: $interpolate`com.amazonaws.${aws.getRegionOutput().region}.${service}`,
      vpcEndpointType: 'Gateway',
      routeTableIds: privateTables.map(({ id }) => id),
    });
  }

  return { vpc, privateSubnetIds: subnets.map(({ closed }) => closed.id) };
}
