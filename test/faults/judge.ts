import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { EKSClient, paginateListPodIdentityAssociations } from '@aws-sdk/client-eks';
import { LambdaClient, paginateListEventSourceMappings } from '@aws-sdk/client-lambda';
import type { TenantId } from '@tenantry/core/ids/id';
import { associationsOfSilo } from '@tenantry/core/provisioning/capacity';
import { siloNamespace } from '@tenantry/core/silo/names';
import { parseTenant, type Tenant } from '@tenantry/core/tenant/tenant';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { clusterSpecs } from '@tenantry/local/cloud/specs';
import { administer } from '../support/cluster-administrator.ts';
import { allRows } from '../support/rows.ts';

/** What tenants have of their own outside the control table; each entry is the tenant's id, or what it was found by. */
type Belongings = Readonly<Record<'tables' | 'mappings' | 'associations' | 'namespaces', readonly string[]>>;

const siloTable = /-silo-(ten_[0-9a-z]{26})-events/;

/** Holds what exists against what the control table says. */
export interface Judge {
  /** What is there and should not be, or should be and is not, in sentences; for one tenant, or for all and for nobody. */
  complaints(tenantId?: string): Promise<readonly string[]>;
}

export function createJudge(cloud: LocalCloud): Judge {
  const { urls, rootCredentials, graph } = cloud;
  const account = { endpoint: urls.aws, region: 'us-east-1', credentials: rootCredentials };
  const dynamo = new DynamoDBClient(account);
  const lambda = new LambdaClient(account);
  const eks = new EKSClient(account);
  const cluster = administer(cloud);
  const clusterName = clusterSpecs(graph)[0]?.name;
  const named = (text: string): string => siloTable.exec(text)?.[1] ?? text;

  async function tables(): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { TableNames = [] } of paginateListTables({ client: dynamo }, {})) found.push(...TableNames);
    return found.filter((name) => name.includes('-silo-')).map(named);
  }

  async function mappings(): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const { EventSourceMappings = [] } of paginateListEventSourceMappings({ client: lambda }, {})) {
      found.push(...EventSourceMappings.map(({ EventSourceArn = '' }) => EventSourceArn));
    }
    return found.filter((arn) => arn.includes('-silo-')).map(named);
  }

  async function associations(): Promise<readonly string[]> {
    const found: string[] = [];
    for await (const page of paginateListPodIdentityAssociations({ client: eks }, { clusterName })) {
      found.push(...(page.associations ?? []).map(({ namespace = '' }) => `ten_${namespace}`));
    }
    return found;
  }

  async function namespaces(): Promise<readonly string[]> {
    const list = () => cluster.list({ apiVersion: 'v1', kind: 'Namespace' });
    // A connection that was kept may have been closed meanwhile.
    const found = await list().catch(list);
    const own = /^[0-9a-z]{26}$/;
    return found.map(({ metadata }) => metadata.name).flatMap((name) => (own.test(name) ? [`ten_${name}`] : []));
  }

  async function tenants(): Promise<readonly Tenant[]> {
    const rows = await allRows(cloud, 'Control');
    return rows.filter(({ pk, sk }) => String(pk).startsWith('TENANT#') && sk === 'META').map(parseTenant);
  }

  return {
    async complaints(tenantId) {
      const [known, ...found] = await Promise.all([tenants(), tables(), mappings(), associations(), namespaces()]);
      const [ofTables, ofMappings, ofAssociations, ofNamespaces] = found;
      const belongings: Belongings = {
        tables: ofTables,
        mappings: ofMappings,
        associations: ofAssociations,
        namespaces: ofNamespaces,
      };
      const judged = known.filter((tenant) => tenantId === undefined || tenant.tenantId === tenantId);
      return [
        ...judged.flatMap((tenant) => complaintsOf(tenant, belongings)),
        ...nobodys(new Set<string>(known.map((tenant) => tenant.tenantId)), belongings),
      ];
    },
  };
}

/** A silo that serves, or did and will, has one of each, and a tie for each identity of its pods; one that failed has what is remembered as left; a place in the pool has none. */
function complaintsOf(tenant: Tenant, belongings: Belongings): readonly string[] {
  const { tenantId, isolation, status } = tenant;
  const built = isolation === 'silo' && (status === 'active' || status === 'suspended' || status === 'migrating');
  const most =
    (isolation === 'pool' && status !== 'migrating') ||
    status === 'pending' ||
    status === 'failed' ||
    status === 'deleted'
      ? 0
      : 1;
  return Object.entries(belongings).flatMap(([kind, ids]) => {
    if (status === 'failed' && isRemembered(tenant, kind as keyof Belongings)) return [];
    const count = ids.filter((id) => id === tenantId).length;
    const sentence = `${tenantId}, a ${status} ${isolation}, has ${count} ${kind}`;
    const each = kind === 'associations' ? associationsOfSilo : 1;
    return count > most * each || (built && count < each) ? [sentence] : [];
  });
}

const isRemembered = ({ compensation }: Tenant, kind: keyof Belongings): boolean =>
  compensation?.left.includes(kind === 'tables' || kind === 'mappings' ? 'storage' : 'silo') ?? false;

const nobodys = (known: ReadonlySet<string>, belongings: Belongings): readonly string[] =>
  Object.entries(belongings).flatMap(([kind, ids]) =>
    ids.filter((id) => !known.has(id)).map((id) => `${id} is nobody's among ${kind}`),
  );

export const namespaceOf = (tenantId: string): string => siloNamespace(tenantId as TenantId);
