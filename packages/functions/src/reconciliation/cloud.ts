import { billingDifference } from '@tenantry/core/billing/compare';
import type { TenantId } from '@tenantry/core/ids/id';
import type { Cloud } from '@tenantry/core/reconciliation/ports';
import { trainerName } from '@tenantry/core/silo/names';
import type Stripe from 'stripe';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { siloCluster } from '../tasks/silo-cluster.ts';
import { deployments, namespaces, nodePools, podIdentityAssociations } from './cluster-parts.ts';
import { identityProviders } from './identity-providers.ts';
import { machines } from './machines.ts';
import { leftRows } from './rows.ts';
import type { StoresOf } from './scope.ts';
import { eventSourceMappings, folders, siloTables } from './storage-parts.ts';
import { chargedSubscriptions } from './subscriptions.ts';
import { userSubs } from './users.ts';

const environment = readEnvironment({
  SILO_TABLE_PREFIX: required,
  MODELS_BUCKET: required,
  ARCHIVE_BUCKET: required,
  EXPORTS_BUCKET: required,
  EVENT_ARCHIVE_FUNCTION: required,
  /** Empty on a stage that has no silos. */
  CLUSTER_NAME: z.string(),
  USER_POOL_ID: required,
  CLIENT_ID: required,
  ONBOARDING_ARN: required,
  SUSPENSION_ARN: required,
  DELETION_ARN: required,
  TIER_CHANGE_ARN: required,
});
const { eks, connect } = siloCluster();
const states = machines({
  onboarding: environment.ONBOARDING_ARN,
  suspension: environment.SUSPENSION_ARN,
  deletion: environment.DELETION_ARN,
  tierChange: environment.TIER_CHANGE_ARN,
});

/** The stage as reconciliation sees it. */
export function cloudOf(stripe: Stripe, storesOf: StoresOf, review: (tenantId: TenantId) => Promise<unknown>): Cloud {
  const {
    SILO_TABLE_PREFIX: prefix,
    CLUSTER_NAME: cluster,
    MODELS_BUCKET,
    ARCHIVE_BUCKET,
    EXPORTS_BUCKET,
  } = environment;
  const own = (tenantId: TenantId) => storesOf(tenantId)['tenant-erasure'];
  const inCluster = <T>(list: () => T): (() => T) | undefined => (cluster ? list : undefined);
  return {
    parts: {
      siloTable: () => siloTables(prefix),
      eventSourceMapping: () => eventSourceMappings(environment.EVENT_ARCHIVE_FUNCTION, prefix),
      podIdentityAssociation: inCluster(() => podIdentityAssociations(eks, cluster, (of) => of !== trainerName)),
      trainerAssociation: inCluster(() => podIdentityAssociations(eks, cluster, (of) => of === trainerName)),
      namespace: inCluster(() => namespaces(connect)),
      nodePool: inCluster(() => nodePools(connect)),
      models: () => folders(MODELS_BUCKET, 'models/', (tenantId) => own(tenantId).Models),
      archive: () => folders(ARCHIVE_BUCKET, 'archive/', (tenantId) => own(tenantId).Archive),
      exports: () => folders(EXPORTS_BUCKET, 'exports/', (tenantId) => own(tenantId).Exports),
      identityProvider: () => identityProviders({ poolId: environment.USER_POOL_ID, clientId: environment.CLIENT_ID }),
    },
    deployments: inCluster(() => deployments(connect)),
    ...states,
    subscriptions: () => chargedSubscriptions(stripe),
    reviewBilling: (tenantId) => ({
      command: `Send the newest event of the customer of ${tenantId} again in Stripe`,
      run: async () => {
        await review(tenantId);
      },
    }),
    billingDifference: (tenant) =>
      billingDifference(stripe, storesOf(tenant.tenantId)['tenant-subscription'].Control, tenant),
    users: () => userSubs(environment.USER_POOL_ID),
    rowsOf: leftRows(storesOf),
  };
}
