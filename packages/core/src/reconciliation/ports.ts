import type { TenantId } from '../ids/id.ts';
import type { Tenant } from '../tenant/tenant.ts';
import type { MachineName, PartKind } from './kinds.ts';

/** How something is mended: by a command for people, and by a function that does the same. Repeating either is safe. */
export interface Remedy {
  readonly command: string;
  /** Absent where only people may decide. */
  readonly run?: () => Promise<void>;
}

/** One thing that exists and belongs to a tenant by its name. */
export interface Part {
  /** What people would call it with: a name, an id, a prefix with its bucket. */
  readonly resource: string;
  /** Undefined when its name holds no tenant's id. */
  readonly tenantId: TenantId | undefined;
  /** Takes it away, with everything in it. */
  readonly removal: Remedy;
}

export interface DeploymentPart extends Part {
  /** What the cluster is asked for. */
  readonly replicas: number;
  /** How many answer. */
  readonly available: number;
  /** Takes all replicas away, or gives them back. */
  scale(stopped: boolean): Remedy;
}

/** A subscription that has not ended, as Stripe holds it. */
export interface ChargedSubscription {
  readonly subscriptionId: string;
  readonly status: string;
  /** What its metadata say; whatever somebody has written there. */
  readonly tenantId: string | undefined;
  readonly end: Remedy;
}

/** What is asked of the cloud. Lists are complete: an adapter that cannot see everything throws. */
export interface Cloud {
  /** What exists of each kind, of all tenants; `undefined` where the stage has nothing of the kind. */
  readonly parts: { readonly [K in Exclude<PartKind, 'deployment'>]: (() => AsyncIterable<Part>) | undefined };
  readonly deployments: (() => AsyncIterable<DeploymentPart>) | undefined;
  /** Names of the executions that run now. */
  running(machine: MachineName): AsyncIterable<string>;
  start(machine: MachineName, name: string, input: object): Remedy;
  subscriptions(): AsyncIterable<ChargedSubscription>;
  /** Has the billing look at a company, as if Stripe had just told of it. */
  reviewBilling(tenantId: TenantId): Remedy;
  /** What is different between a company's billing and Stripe, in a sentence; undefined when nothing is. */
  billingDifference(tenant: Tenant): Promise<string | undefined>;
  /** The user pool's own ids of everybody who can sign in. */
  users(): AsyncIterable<string>;
  /** What is left in the tables of a tenant that is deleted. */
  rowsOf(tenantId: TenantId): { count(): Promise<number>; readonly removal: Remedy };
}
