import type { TenantStatus } from '../tenant/status.ts';
import type { Compensation, Tenant } from '../tenant/tenant.ts';
import type { MachineName, PartKind } from './kinds.ts';

/** Whether something must be there, may be there, or must not. */
export type Presence = 'must' | 'may' | 'none';

/** What there should be of a tenant. */
export interface Expected {
  /** What a silo has in the cluster: association, namespace with its Deployment, nodes. */
  readonly silo: Presence;
  /** Its events table, and the way from there to the archive. */
  readonly table: Presence;
  /** Models, archived events, files made for downloading, and the company's identity provider. */
  readonly data: Presence;
  /** Whether the silo's pods run; `any` where a state machine is changing that. */
  readonly replicas: 'running' | 'stopped' | 'any';
  /** `unpaid`: whoever has paid should not be in this status any more. */
  readonly subscription: 'paid' | 'any' | 'unpaid' | 'none';
  /** Whether its members, and their own rows of it, are all there. */
  readonly members: 'all' | 'any' | 'none';
  readonly slug: Presence;
  /** Rows beside the tombstone, the audit log and the certificate. */
  readonly rows: 'any' | 'none';
  /** The state machine that must be at work, since it alone leads out of the status. */
  readonly execution?: MachineName;
}

/** While something is built, moved or taken down, any part of it may be there. */
const inProgress: Expected = {
  silo: 'may',
  table: 'may',
  data: 'may',
  replicas: 'any',
  subscription: 'any',
  members: 'all',
  slug: 'must',
  rows: 'any',
};

const nothing: Expected = {
  silo: 'none',
  table: 'none',
  data: 'none',
  replicas: 'any',
  subscription: 'none',
  members: 'none',
  slug: 'none',
  rows: 'none',
};

/** By status, of a tenant of a silo. */
export const expectedResources = {
  // A void registration's slug may belong to somebody else already.
  pending: { ...nothing, subscription: 'unpaid', members: 'all', slug: 'may', rows: 'any' },
  provisioning: { ...inProgress, execution: 'onboarding' },
  // What its onboarding had made was taken back.
  failed: { ...inProgress, silo: 'none', table: 'none' },
  active: { ...inProgress, silo: 'must', table: 'must', replicas: 'running', subscription: 'paid' },
  suspended: { ...inProgress, silo: 'must', table: 'must', replicas: 'stopped' },
  migrating: inProgress,
  // Its members are let go one by one.
  deactivating: { ...inProgress, members: 'any', execution: 'deletion' },
  deleted: nothing,
} as const satisfies Record<TenantStatus, Expected>;

/** @param tenant undefined for an id that no row knows: nothing may be there under it */
export function expectedOf(tenant: Tenant | undefined): Expected {
  if (!tenant) return nothing;
  const { status, suspension } = tenant;
  const expected = expectedResources[status];
  if (status === 'deactivating' || status === 'deleted') return expected;
  const returning = status === 'suspended' && suspension?.wanted === 'active';
  return { ...expected, ...placeOf(tenant), ...(returning ? onTheWayBack : {}) };
}

/** The silo starts before the status changes. */
const onTheWayBack = { replicas: 'any', execution: 'suspension' } as const satisfies Partial<Expected>;

/** What is remembered as still there is looked for again when it is swept. */
const leftBy = ({ left, kept }: Compensation): Partial<Expected> => ({
  ...(left.includes('silo') ? { silo: 'may' } : {}),
  ...(left.includes('storage') || kept.includes('storage') ? { table: 'may' } : {}),
});

function placeOf({ status, isolation, migration, compensation }: Tenant): Partial<Expected> {
  // The other place is there until the time for looking back is over, long after the new tier counts.
  if (migration) return { silo: 'may', table: 'may', replicas: 'any', execution: 'tierChange' };
  if (isolation === 'pool') return { silo: 'none', table: 'none', replicas: 'any' };
  return status === 'failed' && compensation ? leftBy(compensation) : {};
}

/** Which row of `Expected` says whether a part may be there. */
export const expectationOf = {
  siloTable: 'table',
  eventSourceMapping: 'table',
  podIdentityAssociation: 'silo',
  trainerAssociation: 'silo',
  namespace: 'silo',
  deployment: 'silo',
  nodePool: 'silo',
  models: 'data',
  archive: 'data',
  exports: 'data',
  identityProvider: 'data',
} as const satisfies Record<PartKind, 'silo' | 'table' | 'data'>;
