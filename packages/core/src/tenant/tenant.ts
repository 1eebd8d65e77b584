import { GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import type { Actor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { tierSchema } from '../contract/schemas.ts';
import { controlKeys } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { deactivatableStatuses } from '../deletion/deactivatable.ts';
import { DomainError } from '../errors/domain-error.ts';
import { isTenantId, type TenantId } from '../ids/id.ts';
import { undoableSteps } from '../provisioning/steps.ts';
import { migrationSchema } from '../tier-change/migration.ts';
import { languageSchema } from './language.ts';
import { type TenantStatus, tenantStatuses } from './status.ts';

/** Where a silo answers, and the secret that its recommender asks of the ML API. */
export const siloEndpointSchema = z.object({
  /** What to connect to: the load balancer. */
  address: z.string(),
  port: z.int(),
  tls: z.boolean(),
  /** The tenant's own host name: the `Host` header, and the name in the certificate. */
  host: z.string(),
});
export type SiloEndpoint = z.infer<typeof siloEndpointSchema>;

/** Why a tenant is suspended, and what is under way. */
const suspensionSchema = z.object({
  /** Names the newest request to suspend or to reactivate; what an older one still does is void. */
  changeId: z.string(),
  wanted: z.enum(['suspended', 'active']),
  reason: z.string(),
  since: z.string(),
  /** Set when it follows from what Stripe holds, and so ends by that too; absent when somebody asked for it. */
  by: z.literal('billing').optional(),
  /** What went wrong with the newest change, in a sentence. */
  problem: z.string().optional(),
});
export type Suspension = z.infer<typeof suspensionSchema>;

/** An owner's wish to leave, which can be undone until the deletion is final. */
const deactivationSchema = z.object({
  changeId: z.string(),
  /** The status that undoing it leads back to. */
  from: z.enum(deactivatableStatuses),
  since: z.string(),
  /** Set when it follows from what Stripe holds; absent when somebody asked for it. */
  by: z.literal('billing').optional(),
  /** When the deletion begins. */
  until: z.string(),
  /** Set once the deletion has begun: from then on it cannot be undone. */
  final: z.boolean(),
  finalSince: z.string().optional(),
  problem: z.string().optional(),
});
export type Deactivation = z.infer<typeof deactivationSchema>;

/** How what a failed onboarding had made is taken back, and what of it is still there. */
const compensationSchema = z.object({
  /** The name of the execution that takes it back; what another does is void. */
  changeId: z.string(),
  /** Why the onboarding failed. */
  reason: z.string(),
  since: z.string(),
  /** Whether to look for all that an onboarding can make, and not only for what its steps say that they made. */
  everything: z.boolean(),
  /** Steps whose things could not be taken back; a retry uses them, and reconciliation sweeps them. */
  left: z.array(z.enum(undoableSteps)),
  /** Steps whose things hold data, and stay. */
  kept: z.array(z.enum(undoableSteps)),
  /** Why something is left, in a sentence. */
  problem: z.string().optional(),
});
export type Compensation = z.infer<typeof compensationSchema>;

/** How rollouts of new recommenders treat a silo. */
const rolloutWishSchema = z.object({
  /** The version that the silo keeps, whatever is rolled out. */
  pinned: z.string().optional(),
  /** `canary`: gets new versions first. */
  ring: z.enum(['canary']).optional(),
});
export type RolloutWish = z.infer<typeof rolloutWishSchema>;

const tenantRowSchema = z.object({
  tenantId: z.custom<TenantId>(isTenantId),
  name: z.string(),
  slug: z.string(),
  tier: tierSchema,
  status: z.enum([...tenantStatuses] as [TenantStatus, ...TenantStatus[]]),
  isolation: z.enum(['pool', 'silo']),
  createdAt: z.string(),
  createdBy: z.string(),
  /** When the status, or what is under way, last changed; absent before the first change. */
  changedAt: z.string().optional(),
  /** In which mails to the company are written; absent for English. */
  language: languageSchema.optional(),
  /** Onboarding attempts so far. */
  run: z.int(),
  siloEndpoint: siloEndpointSchema.optional(),
  siloAccessToken: z.string().optional(),
  /** The version of the recommender that the silo is to run; absent for silos from before the first rollout. */
  siloVersion: z.string().optional(),
  rollout: rolloutWishSchema.optional(),
  suspension: suspensionSchema.optional(),
  deactivation: deactivationSchema.optional(),
  migration: migrationSchema.optional(),
  /** While a failed onboarding is taken back, and afterwards while something of it is still there. */
  compensation: compensationSchema.optional(),
  /** Changes of tier so far. */
  tierChanges: z.int().optional(),
  /** How it was isolated when it was onboarded; absent when that has not changed. */
  onboardedTo: z.enum(['pool', 'silo']).optional(),
});
export type Tenant = z.infer<typeof tenantRowSchema>;

export const parseTenant = (row: unknown): Tenant => tenantRowSchema.parse(row);

/** What the API shows of a tenant. */
export const tenantView = (tenant: Tenant) => ({
  id: tenant.tenantId,
  name: tenant.name,
  slug: tenant.slug,
  tier: tenant.tier,
  status: tenant.status,
  createdAt: tenant.createdAt,
  deactivation: tenant.deactivation
    ? { since: tenant.deactivation.since, until: tenant.deactivation.until, final: tenant.deactivation.final }
    : null,
  tierChange: tenant.migration ? { to: tenant.migration.to, phase: tenant.migration.phase } : null,
});

export async function findTenant(control: Table, tenantId: TenantId): Promise<Tenant | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.tenant(tenantId), ConsistentRead: true }),
  );
  return Item && parseTenant(Item);
}

/** @throws {DomainError} `not_found` */
export async function loadTenant(control: Table, tenantId: TenantId): Promise<Tenant> {
  const tenant = await findTenant(control, tenantId);
  if (!tenant) throw new DomainError('not_found', 'There is no such company.');
  return tenant;
}

/**
 * Changes the name, with its audit entry.
 * @throws {DomainError} `not_found`
 */
export async function renameTenant(
  tables: { readonly control: Table; readonly auditTable: string },
  tenant: Tenant,
  name: string,
  context: { readonly actor: Actor; readonly at: Date },
): Promise<Tenant> {
  const { tenantId } = tenant;
  try {
    await tables.control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: tables.control.name,
              Key: controlKeys.tenant(tenantId),
              UpdateExpression: 'SET #name = :name',
              ConditionExpression: 'attribute_exists(pk)',
              ExpressionAttributeNames: { '#name': 'name' },
              ExpressionAttributeValues: { ':name': name },
            },
          },
          auditItem(tables.auditTable, {
            tenantId,
            actor: context.actor,
            action: 'tenant.renamed',
            details: { from: tenant.name, to: name },
            at: context.at,
          }),
        ],
      }),
    );
  } catch (error) {
    if (cancellationCodes(error)?.[0] === 'ConditionalCheckFailed') {
      throw new DomainError('not_found', 'There is no such company.', { cause: error });
    }
    throw error;
  }
  return { ...tenant, name };
}
