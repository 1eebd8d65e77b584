import type { MachineName } from '@tenantry/core/reconciliation/kinds';
import { reconcilerGroup } from '@tenantry/core/silo/provisioner';
import type { Reviewing, StripeAccess } from './billing.ts';
import type { Silos } from './cluster.ts';
import { createFunction } from './function.ts';
import { type FunctionGrant, on } from './grants.ts';
import type { Identity } from './identity.ts';
import { localArn, resourceName } from './naming.ts';
import type { Schedule } from './schedule.ts';
import type { Storage } from './storage.ts';
import type { StreamConsumer } from './stream-consumer.ts';

/** Compares every day what the control table says with what there is. */
export function createReconciliation(options: {
  storage: Storage;
  silos: Silos | null;
  archive: StreamConsumer;
  identity: Identity;
  stripe: StripeAccess;
  machines: Readonly<Record<MachineName, aws.sfn.StateMachine>>;
  review: Reviewing;
  schedule: Schedule;
}) {
  const { storage, silos, archive, identity, stripe, machines, review, schedule } = options;
  const { onboarding, suspension, deletion, tierChange } = machines;
  const reconcile = createFunction('jobs/reconcile', {
    storage,
    name: resourceName('reconcile'),
    environment: {
      SILO_TABLE_PREFIX: storage.silo.prefix,
      CLUSTER_NAME: silos?.cluster.name ?? '',
      EVENT_ARCHIVE_FUNCTION: archive.function.name,
      USER_POOL_ID: identity.pool.id,
      CLIENT_ID: identity.client.id,
      ...review.environment,
      ...stripe.environment,
    },
    grants: [
      ...(silos ? clusterAccess(silos) : []),
      ...mappingAccess(archive),
      on(['dynamodb:ListTables'], '*'),
      on(['dynamodb:DeleteTable'], storage.silo.tables),
      listingFolders(storage.models, 'models/'),
      listingFolders(storage.archive, 'archive/'),
      listingFolders(storage.exports, 'exports/'),
      on(
        [
          'cognito-idp:ListUsers',
          'cognito-idp:ListIdentityProviders',
          'cognito-idp:DeleteIdentityProvider',
          'cognito-idp:DescribeUserPoolClient',
          'cognito-idp:UpdateUserPoolClient',
        ],
        identity.pool.arn,
      ),
      on(['states:ListExecutions'], onboarding.arn, suspension.arn, deletion.arn, tierChange.arn),
      ...review.grants,
    ],
    memoryMb: 1024,
    timeoutSeconds: 900,
  });
  silos?.admit('SilosReconciler', reconcile, reconcilerGroup);
  schedule('reconcile', reconcile);
  return reconcile;
}

const clusterAccess = ({ cluster }: Silos): readonly FunctionGrant[] => [
  on(['eks:DescribeCluster', 'eks:ListPodIdentityAssociations'], cluster.arn),
  on(['eks:DeletePodIdentityAssociation'], localArn('eks', $interpolate`podidentityassociation/${cluster.name}/*`)),
];

const mappingAccess = (archive: StreamConsumer): readonly FunctionGrant[] => [
  on(['lambda:ListEventSourceMappings'], '*'),
  {
    actions: ['lambda:DeleteEventSourceMapping'],
    resources: [localArn('lambda', 'event-source-mapping:*')],
    conditions: [{ test: 'ArnEquals', variable: 'lambda:FunctionArn', values: [archive.function.arn] }],
  },
];

/** Which tenants have a folder, and nothing of what is in it. */
const listingFolders = (bucket: sst.aws.Bucket, prefix: string): FunctionGrant => ({
  actions: ['s3:ListBucket'],
  resources: [bucket.arn],
  conditions: [
    { test: 'StringEquals', variable: 's3:prefix', values: [prefix] },
    { test: 'StringEquals', variable: 's3:delimiter', values: ['/'] },
  ],
});
