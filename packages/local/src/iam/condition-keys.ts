/**
 * The condition keys that policies may use here. A misspelt key is absent from every request, which turns `ForAllValues`
 * and the negated operators true: so an unknown key is an error when the policy is loaded. A `/` ends a family, whose
 * members are named by tags and the like.
 */

const globalKeys = [
  'aws:CurrentTime',
  'aws:EpochTime',
  'aws:PrincipalAccount',
  'aws:PrincipalArn',
  'aws:PrincipalIsAWSService',
  'aws:PrincipalServiceName',
  'aws:PrincipalTag/',
  'aws:PrincipalType',
  'aws:RequestedRegion',
  'aws:RequestTag/',
  'aws:ResourceAccount',
  'aws:ResourceTag/',
  'aws:SecureTransport',
  'aws:SourceAccount',
  'aws:SourceArn',
  'aws:SourceIdentity',
  'aws:SourceIp',
  'aws:TagKeys',
  'aws:TokenIssueTime',
  'aws:UserAgent',
  'aws:userid',
  // Never present on this machine, which has no users, VPC, organisation, second factor or forwarding services.
  'aws:CalledVia',
  'aws:CalledViaFirst',
  'aws:CalledViaLast',
  'aws:MultiFactorAuthAge',
  'aws:MultiFactorAuthPresent',
  'aws:PrincipalOrgID',
  'aws:PrincipalOrgPaths',
  'aws:ResourceOrgID',
  'aws:ResourceOrgPaths',
  'aws:SourceOrgID',
  'aws:SourceOrgPaths',
  'aws:SourceVpc',
  'aws:SourceVpce',
  'aws:username',
  'aws:ViaAWSService',
  'aws:VpcSourceIp',
];

/** Of the services that run on this machine. Those of other services cannot be checked, nor can they be exercised. */
export const serviceKeys: Readonly<Record<string, readonly string[]>> = {
  dynamodb: [
    'dynamodb:Attributes',
    'dynamodb:EnclosingOperation',
    'dynamodb:FullTableScan',
    'dynamodb:LeadingKeys',
    'dynamodb:ReturnConsumedCapacity',
    'dynamodb:ReturnValues',
    'dynamodb:Select',
  ],
  s3: [
    's3:authType',
    's3:delimiter',
    's3:ExistingObjectTag/',
    's3:if-match',
    's3:if-none-match',
    's3:max-keys',
    's3:prefix',
    's3:RequestObjectTag/',
    's3:RequestObjectTagKeys',
    's3:ResourceAccount',
    's3:signatureAge',
    's3:signatureversion',
    's3:TlsVersion',
    's3:versionid',
    's3:x-amz-acl',
    's3:x-amz-content-sha256',
    's3:x-amz-copy-source',
    's3:x-amz-metadata-directive',
    's3:x-amz-server-side-encryption',
    's3:x-amz-server-side-encryption-aws-kms-key-id',
    's3:x-amz-storage-class',
  ],
  sts: ['sts:ExternalId', 'sts:RoleSessionName', 'sts:SourceIdentity', 'sts:TransitiveTagKeys'],
  lambda: [
    'lambda:CodeSigningConfigArn',
    'lambda:EventSourceToken',
    'lambda:FunctionArn',
    'lambda:FunctionUrlAuthType',
    'lambda:InvokedViaFunctionUrl',
    'lambda:Layer',
    'lambda:Principal',
    'lambda:SecurityGroupIds',
    'lambda:SourceFunctionArn',
    'lambda:SubnetIds',
    'lambda:VpcIds',
  ],
  iam: [
    'iam:AssociatedResourceArn',
    'iam:AWSServiceName',
    'iam:PassedToService',
    'iam:PermissionsBoundary',
    'iam:PolicyARN',
    'iam:ResourceTag/',
  ],
  eks: [
    'eks:accessEntryType',
    'eks:accessScope',
    'eks:clusterName',
    'eks:kubernetesGroups',
    'eks:namespaces',
    'eks:policyArn',
    'eks:principalArn',
    'eks:username',
  ],
  states: ['states:HTTPEndpoint', 'states:HTTPMethod', 'states:StateMachineQualifier'],
  sqs: [],
  'cognito-idp': [],
  ses: [
    'ses:ApiVersion',
    'ses:FeedbackAddress',
    'ses:FromAddress',
    'ses:FromDisplayName',
    'ses:Recipients',
    'ses:TenantName',
  ],
  scheduler: [],
};

const known = new Map<string, ReadonlySet<string>>(
  Object.entries({ aws: globalKeys, ...serviceKeys }).map(([service, keys]) => [
    service,
    new Set(keys.map((key) => key.toLowerCase())),
  ]),
);

/** @throws {Error} when a policy's condition uses a key that is malformed or unknown. */
export function assertConditionKey(key: string): void {
  const match = /^([A-Za-z0-9.-]+):([^/\s]+)(\/.+)?$/s.exec(key);
  if (!match) throw new Error(`"${key}" is not a condition key.`);
  const service = (match[1] ?? '').toLowerCase();
  const base = `${service}:${(match[2] ?? '').toLowerCase()}`;
  const keys = known.get(service);
  if (keys && !keys.has(match[3] === undefined ? base : `${base}/`)) {
    throw new Error(`The condition key "${key}" is not known.`);
  }
}
