import type { Cloud } from '@tenantry/core/reconciliation/ports';
import type Stripe from 'stripe';
import { z } from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { siloCluster } from '../tasks/silo-cluster.ts';
import { deployments, namespaces, nodePools, podIdentityAssociations } from './cluster-parts.ts';
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
  EVENT_ARCHIVE_FUNCTION: required,
  /** Empty on a stage that has no silos. */
  CLUSTER_NAME: z.string(),
  USER_POOL_ID: required,
  ONBOARDING_ARN: required,
  SUSPENSION_ARN: required,
  DELETION_ARN: required,
});
const { eks, connect } = siloCluster();
const states = machines({
  onboarding: environment.ONBOARDING_ARN,
  suspension: environment.SUSPENSION_ARN,
  deletion: environment.DELETION_ARN,
});

/** The stage as reconciliation sees it. */
export function cloudOf(stripe: Stripe, storesOf: StoresOf): Cloud {
  const { SILO_TABLE_PREFIX: prefix, CLUSTER_NAME: cluster, MODELS_BUCKET, ARCHIVE_BUCKET } = environment;
  const inCluster = <T>(list: () => T): (() => T) | undefined => (cluster ? list : undefined);
  return {
    parts: {
      siloTable: () => siloTables(prefix),
      eventSourceMapping: () => eventSourceMappings(environment.EVENT_ARCHIVE_FUNCTION, prefix),
      podIdentityAssociation: inCluster(() => podIdentityAssociations(eks, cluster)),
      namespace: inCluster(() => namespaces(connect)),
      nodePool: inCluster(() => nodePools(connect)),
      models: () => folders(MODELS_BUCKET, 'models/', (tenantId) => storesOf(tenantId)['tenant-erasure'].Models),
      archive: () => folders(ARCHIVE_BUCKET, 'archive/', (tenantId) => storesOf(tenantId)['tenant-erasure'].Archive),
    },
    deployments: inCluster(() => deployments(connect)),
    ...states,
    subscriptions: () =>
      chargedSubscriptions(stripe, storesOf, async ({ tenantId, run }) => {
        await states.start('onboarding', `${tenantId}-${run}`, { tenantId, run }).run?.();
      }),
    users: () => userSubs(environment.USER_POOL_ID),
    rowsOf: leftRows(storesOf),
  };
}
