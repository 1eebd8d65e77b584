import type { QuotaReader, QuotaReference } from '../service-quotas/client.ts';
import { podsMax } from '../silo/capacity.ts';
import { nodeCpusMax } from '../silo/nodes.ts';
import type { SiloCapacity } from '../tier/tier.ts';

/** What of a limit is taken, by all and by the tenant itself, whose silo may be there already. */
export interface Taken {
  readonly byAll: number;
  readonly byTenant: number;
}

/** What an account and a cluster have given away. */
export interface CapacityUsage {
  /** DynamoDB tables of the region. */
  readonly tables: Taken;
  /** Silos of the cluster; each has a node pool, which is applied before anything that costs. */
  readonly silos: Taken;
  /** Pods that the silos of the cluster may have, all at their largest. */
  readonly pods: Taken;
  /** Ties of their pods to roles, as many for each silo. */
  readonly associations: Taken;
  /** Virtual CPUs that their nodes may have together. */
  readonly nodeCpus: Taken;
}

export interface CapacityCheck {
  /** As Service Quotas, or where it has none the service's documentation, names it. */
  readonly name: string;
  /** Absent for a limit that Service Quotas does not know. */
  readonly quota?: QuotaReference;
  /** AWS's default. */
  readonly byDefault: number;
  /** Whether AWS raises it on request. */
  readonly adjustable: boolean;
  readonly counts: keyof CapacityUsage;
  /** How much one silo takes. */
  readonly needed: (capacity: SiloCapacity) => number;
  /** What is to be done once it is reached. */
  readonly whenReached: string;
}

const one = () => 1;
/** One for what answers, and one for what trains. */
export const associationsOfSilo = 2;
const loadBalancer = (quotaCode: string): QuotaReference => ({ serviceCode: 'elasticloadbalancing', quotaCode });

/** The limits that a further silo could meet. What a silo may grow to is counted, not what it uses at the moment. */
export const capacityChecks: readonly CapacityCheck[] = [
  {
    name: 'Running On-Demand Standard (A, C, D, H, I, M, R, T, Z) instances',
    quota: { serviceCode: 'ec2', quotaCode: 'L-1216C47A' },
    byDefault: 5,
    adjustable: true,
    counts: 'nodeCpus',
    needed: nodeCpusMax,
    whenReached: 'Ask for more virtual CPUs, before the first silo is sold.',
  },
  {
    name: 'Targets per Application Load Balancer',
    quota: loadBalancer('L-7E6692B2'),
    byDefault: 1000,
    adjustable: true,
    counts: 'pods',
    needed: podsMax,
    whenReached: 'Ask for more; or a second group of load balancers.',
  },
  {
    name: 'Target Groups per Application Load Balancer',
    quota: loadBalancer('L-822D1B1B'),
    byDefault: 100,
    adjustable: false,
    counts: 'silos',
    needed: one,
    whenReached: 'A second group of load balancers, or a second cluster.',
  },
  {
    name: 'Rules per Application Load Balancer',
    quota: loadBalancer('L-7EED9B64'),
    byDefault: 100,
    adjustable: true,
    counts: 'silos',
    needed: one,
    whenReached: 'Ask for more; target groups end at the same number.',
  },
  {
    name: 'Maximum number of tables',
    quota: { serviceCode: 'dynamodb', quotaCode: 'L-F98FE922' },
    byDefault: 2500,
    adjustable: true,
    counts: 'tables',
    needed: one,
    whenReached: 'Ask for more; or an account per group of tenants.',
  },
  {
    name: 'Pod Identity associations per cluster',
    byDefault: 5000,
    adjustable: false,
    counts: 'associations',
    needed: () => associationsOfSilo,
    whenReached: 'A second cluster.',
  },
];

/** How many silos of one kind fit into an account that is otherwise empty, by one limit's default. */
export const silosByDefault = (check: CapacityCheck, capacity: SiloCapacity): number =>
  Math.floor(check.byDefault / check.needed(capacity));

/**
 * Why a silo does not fit, in one sentence that names the limit; `undefined` when it fits. A silo that is there already needs only what it
 * does not have yet. Two that ask at the same moment may both be told that they fit.
 */
export async function noRoomReason(
  capacity: SiloCapacity,
  usage: CapacityUsage,
  readQuota: QuotaReader,
): Promise<string | undefined> {
  const found = await Promise.all(
    capacityChecks.map(async (check) => {
      const { byAll, byTenant } = usage[check.counts];
      const missing = Math.max(0, check.needed(capacity) - byTenant);
      if (missing === 0) return undefined;
      const value = (check.quota && (await readQuota(check.quota))) ?? check.byDefault;
      const left = Math.max(0, value - byAll);
      if (left >= missing) return undefined;
      const code = check.quota ? ` (${check.quota.quotaCode})` : '';
      const rest = left === 0 ? 'is used up' : `has ${left} left, and ${missing} are needed`;
      return `No room for another silo: the quota “${check.name}”${code} of ${value} ${rest}`;
    }),
  );
  return found.find((reason) => reason !== undefined);
}
