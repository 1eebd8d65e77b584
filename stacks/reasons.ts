import { logDeliveryActions } from './log-delivery.ts';

/** A permission whose resource cannot be named in full, with the reason. */
interface Wildcard {
  readonly actions: readonly string[];
  /** What the resource looks like in the policy. */
  readonly resource: RegExp;
  readonly reason: string;
}

/** Every wildcard in a policy of this program. One that is not here fails the tests, and so does one that is here for nothing. */
const wildcards: readonly Wildcard[] = [
  {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resource: /:log-group:\/[a-z0-9-]+\/[a-z0-9-]+\/(api|consumers|jobs|tasks|triggers)\/[a-z-]+:\*$/,
    reason: "The streams of the function's own log group: Lambda names one for each execution environment.",
  },
  {
    actions: [
      'cognito-idp:ListUsers',
      'cognito-idp:AdminListGroupsForUser',
      'cognito-idp:AdminLinkProviderForUser',
      'cognito-idp:AdminUserGlobalSignOut',
    ],
    resource: /:userpool\/\*$/,
    reason:
      'The pool names its triggers, so the policy of a trigger cannot name the pool. A condition on the tag of the stage leaves that pool alone.',
  },
  {
    actions: logDeliveryActions,
    resource: /^\*$/,
    reason: 'Step Functions sets up the delivery of its logs with these; IAM knows no resources for them.',
  },
  {
    actions: [
      'dynamodb:CreateTable',
      'dynamodb:DescribeTable',
      'dynamodb:UpdateTimeToLive',
      'dynamodb:UpdateContinuousBackups',
      'dynamodb:TagResource',
    ],
    resource: /:table\/[a-z0-9-]+-silo-\*$/,
    reason:
      "Onboarding makes a siloed tenant's table, whose name holds an id that no deployment knows. No action reads or writes items.",
  },
  {
    actions: ['servicequotas:GetServiceQuota'],
    resource: /^\*$/,
    reason: 'IAM knows no resource for it; it shows what the account may have, and nothing of a tenant.',
  },
  {
    actions: ['dynamodb:DeleteTable'],
    resource: /:table\/[a-z0-9-]+-silo-\*$/,
    reason:
      'Deletion removes the table that onboarding made, and so does an onboarding that is taken back while the table is empty; reconciliation removes one whose tenant is gone. Each looks first at the row of the tenant.',
  },
  {
    actions: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
    resource: /:table\/[a-z0-9-]+-silo-\*-events\/stream\/\*$/,
    reason: 'The streams of those tables, which the archive reads for all tenants alike.',
  },
  {
    actions: ['lambda:CreateEventSourceMapping'],
    resource: /^\*$/,
    reason: 'A mapping has no ARN before it is made; a condition names the only function that it may lead to.',
  },
  {
    actions: ['lambda:ListEventSourceMappings'],
    resource: /^\*$/,
    reason:
      'IAM knows no resource for it; it shows which streams lead to which functions, and nothing of their content.',
  },
  {
    actions: ['states:StopExecution'],
    resource: /:execution:[a-z0-9-]+-training:\*$/,
    reason: 'The names of trainings hold ids of tenants that no deployment knows.',
  },
  {
    actions: ['dynamodb:ListTables'],
    resource: /^\*$/,
    reason:
      'IAM knows no resource for it; it shows names of tables, which are counted before a silo is promised, and among which those of silos without a tenant are found.',
  },
  {
    actions: ['lambda:DeleteEventSourceMapping'],
    resource: /:event-source-mapping:\*$/,
    reason:
      'The ids of mappings are given when silos are made; a condition names the only function whose mappings may go.',
  },
  {
    actions: ['eks:DeletePodIdentityAssociation'],
    resource: /:podidentityassociation\/[a-z0-9-]+\/\*$/,
    reason: 'The ids of associations are given when silos are made; they are those of the one cluster for silos.',
  },
  {
    actions: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
    resource:
      /^arn:aws:s3:::[a-z0-9-]+\/(models|archive|exports)\/(ten_)?\$\{aws:PrincipalTag\/[A-Za-z-]+\}\/((catalogue|serving|training)\/|mdl_)?\*$/,
    reason: "The objects below one tenant's prefix.",
  },
];

/** Policies of AWS's own that are attached: AWS demands them for what EKS Auto Mode does in the account. */
const managedPolicies: Readonly<Record<string, readonly string[]>> = {
  SilosCluster: [
    'arn:aws:iam::aws:policy/AmazonEKSBlockStoragePolicy',
    'arn:aws:iam::aws:policy/AmazonEKSClusterPolicy',
    'arn:aws:iam::aws:policy/AmazonEKSComputePolicy',
    'arn:aws:iam::aws:policy/AmazonEKSLoadBalancingPolicy',
    'arn:aws:iam::aws:policy/AmazonEKSNetworkingPolicy',
  ],
  SilosNode: [
    'arn:aws:iam::aws:policy/AmazonEC2ContainerRegistryPullOnly',
    'arn:aws:iam::aws:policy/AmazonEKSWorkerNodeMinimalPolicy',
  ],
};

/** What can be reached from the internet beside the API and the site. */
const exposures: Readonly<Record<string, string>> = {
  Silos:
    'Provisioning is a function outside the VPC; it comes with an IAM identity, and the access entries know only two.',
};

/** Secrets that a function finds in its environment. */
const secretVariables: Readonly<Record<string, string>> = {
  STRIPE_SECRET_KEY: 'SST keeps it in its encrypted secrets, and only the functions that call Stripe get it.',
  WEBHOOK_SECRET_KEY: 'The same, for the two functions that seal and open the signing secrets of webhooks.',
  STRIPE_WEBHOOK_SECRET: 'The same, for the one function that verifies signatures.',
};

/** Whatever a rule of the policy linter would refuse, with the reason why it is so. */
export const reasons = { wildcards, managedPolicies, exposures, secretVariables };
