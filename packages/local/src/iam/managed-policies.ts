import { type Policy, parsePolicy } from './policy.ts';

const logging = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

const allow = (...actions: readonly string[]): Policy =>
  parsePolicy({ Version: '2012-10-17', Statement: { Effect: 'Allow', Action: actions, Resource: '*' } }, 'identity');

/** Grants only actions of services that do not run on this machine (EC2, ELB, ECR, SSM), so that here it grants nothing. */
const nothingHere: Policy = { kind: 'identity', statements: [] };

/** AWS's own policies, by the last part of their ARN. */
const managedPolicies: Readonly<Record<string, Policy>> = {
  'service-role/AWSLambdaBasicExecutionRole': allow(...logging),
  'service-role/AWSLambdaVPCAccessExecutionRole': allow(
    ...logging,
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ),
  'service-role/AWSLambdaSQSQueueExecutionRole': allow(
    'sqs:ReceiveMessage',
    'sqs:DeleteMessage',
    'sqs:GetQueueAttributes',
    ...logging,
  ),
  'service-role/AWSLambdaDynamoDBExecutionRole': allow(
    'dynamodb:DescribeStream',
    'dynamodb:GetRecords',
    'dynamodb:GetShardIterator',
    'dynamodb:ListStreams',
    ...logging,
  ),
  AWSXRayDaemonWriteAccess: allow(
    'xray:PutTraceSegments',
    'xray:PutTelemetryRecords',
    'xray:GetSamplingRules',
    'xray:GetSamplingTargets',
    'xray:GetSamplingStatisticSummaries',
  ),
  'service-role/AmazonAPIGatewayPushToCloudWatchLogs': allow(
    'logs:CreateLogGroup',
    'logs:CreateLogStream',
    'logs:DescribeLogGroups',
    'logs:DescribeLogStreams',
    'logs:PutLogEvents',
    'logs:GetLogEvents',
    'logs:FilterLogEvents',
  ),
  AmazonEC2ContainerRegistryPullOnly: nothingHere,
  AmazonEC2ContainerRegistryReadOnly: nothingHere,
  AmazonEKS_CNI_Policy: nothingHere,
  AmazonEKSBlockStoragePolicy: nothingHere,
  AmazonEKSClusterPolicy: nothingHere,
  AmazonEKSComputePolicy: nothingHere,
  AmazonEKSLoadBalancingPolicy: nothingHere,
  AmazonEKSNetworkingPolicy: nothingHere,
  // Each also lets a node fetch pod credentials (`eks-auth:AssumeRoleForPodIdentity`), which here pods do themselves.
  AmazonEKSWorkerNodeMinimalPolicy: nothingHere,
  AmazonEKSWorkerNodePolicy: nothingHere,
  AmazonSSMManagedInstanceCore: nothingHere,
};

/** @throws {Error} for a policy whose document is not known here, with its ARN. */
export function managedPolicy(arn: string): Policy {
  const name = arn.startsWith('arn:aws:iam::aws:policy/') ? arn.slice('arn:aws:iam::aws:policy/'.length) : '';
  const policy = Object.hasOwn(managedPolicies, name) ? managedPolicies[name] : undefined;
  if (!policy) throw new Error(`The managed policy ${arn} is not known here.`);
  return policy;
}
