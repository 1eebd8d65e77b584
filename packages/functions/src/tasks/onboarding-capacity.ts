import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { siloEventsTable } from '@tenantry/core/events/store';
import { associationsOfSilo, type CapacityUsage, noRoomReason, type Taken } from '@tenantry/core/provisioning/capacity';
import { quotaReader } from '@tenantry/core/service-quotas/client';
import { siloNamespace } from '@tenantry/core/silo/names';
import { type PromisedSilo, promisedSilos } from '@tenantry/core/silo/promised';
import { loadTenant } from '@tenantry/core/tenant/tenant';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { siloTier } from '@tenantry/core/tier-change/migration';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';
import { createScope } from '../scoped/scope.ts';
import { onboardingTask } from './onboarding-task.ts';
import { siloCluster } from './silo-cluster.ts';

const environment = readEnvironment({
  SILO_TABLE_PREFIX: required,
  AWS_REGION: required,
  /** Set where AWS's services are not AWS's own. */
  AWS_ENDPOINT_URL: z.url().optional(),
});
const scopeOf = createScope('tasks/onboarding-capacity');
const { eks, connect } = siloCluster();
const dynamo = new DynamoDBClient({});
const readQuota = quotaReader({
  region: environment.AWS_REGION,
  credentials: eks.config.credentials,
  ...(environment.AWS_ENDPOINT_URL ? { endpoint: environment.AWS_ENDPOINT_URL } : {}),
});

async function tables(own: string): Promise<Taken> {
  let byAll = 0;
  let byTenant = 0;
  for await (const { TableNames = [] } of paginateListTables({ client: dynamo }, {})) {
    byAll += TableNames.length;
    if (TableNames.includes(own)) byTenant = 1;
  }
  return { byAll, byTenant };
}

function promised(silos: readonly PromisedSilo[], namespace: string, amount: (silo: PromisedSilo) => number): Taken {
  const sum = (some: readonly PromisedSilo[]): number => some.reduce((total, silo) => total + amount(silo), 0);
  return { byAll: sum(silos), byTenant: sum(silos.filter((silo) => silo.namespace === namespace)) };
}

/** Looks whether the silo fits into what the account and the cluster allow, before anything of it is made. */
export const handler = onboardingTask('capacity', scopeOf, async ({ tenantId }, { control }) => {
  const { name, silo } = tierCatalogue[siloTier(await loadTenant(control, tenantId))];
  if (!silo) throw new Error(`The tier ${name} has no silo.`);
  const cluster = await connect();
  const namespace = siloNamespace(tenantId);
  const [taken, pools] = await Promise.all([
    tables(siloEventsTable(environment.SILO_TABLE_PREFIX, tenantId)),
    cluster.list({ apiVersion: 'karpenter.sh/v1', kind: 'NodePool' }),
  ]);
  const silos = promisedSilos(pools);
  const usage: CapacityUsage = {
    tables: taken,
    silos: promised(silos, namespace, () => 1),
    pods: promised(silos, namespace, ({ pods }) => pods),
    associations: promised(silos, namespace, () => associationsOfSilo),
    nodeCpus: promised(silos, namespace, ({ nodeCpus }) => nodeCpus),
  };
  const reason = await noRoomReason(silo, usage, readQuota);
  if (reason) throw new Error(reason);
  return { ready: true };
});
