import { TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Actor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { controlKeys, statusIndex } from '../control/keys.ts';
import { cancellationCodes, isConditionFailure, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { mailOnChange } from '../mail/occasions.ts';
import { mailItem } from '../mail/outbox.ts';
import { assertTransition, type TenantStatus } from './status.ts';
import type { Tenant } from './tenant.ts';

export interface TenantTables {
  readonly control: Table;
  readonly auditTable: string;
}

/** What may change beside the status; `null` takes a field away. */
export type TenantChanges = {
  readonly [F in 'run' | 'tier' | 'isolation' | 'tierChanges' | 'onboardedTo' | 'siloVersion']?: NonNullable<Tenant[F]>;
} & {
  readonly [F in 'suspension' | 'deactivation' | 'migration' | 'compensation' | 'rollout']?: NonNullable<
    Tenant[F]
  > | null;
} & {
  readonly [F in 'siloEndpoint' | 'siloAccessToken']?: null;
};

/** A condition on another row, without which a change is not made. */
export interface RowCondition {
  readonly ConditionCheck: {
    readonly TableName: string;
    readonly Key: Readonly<Record<string, string>>;
    readonly ConditionExpression: string;
    readonly ExpressionAttributeValues: Readonly<Record<string, string | number>>;
  };
}

/** Who changes a tenant, when, why, and on what other condition. */
export interface ChangeContext {
  readonly actor: Actor;
  readonly at: Date;
  /** Why somebody asked for it; stands in the audit log. */
  readonly why?: string;
  readonly provided?: readonly RowCondition[];
}

interface Change extends ChangeContext {
  readonly to?: TenantStatus;
  readonly set?: TenantChanges;
  /** What the audit log says of it. */
  readonly audit: { readonly action: string; readonly details: Readonly<Record<string, string | number>> };
}

/** Fields that name the newest change of their kind; a write that read an older one is refused. */
const guarded = [
  'suspension',
  'deactivation',
  'migration',
  'compensation',
] as const satisfies readonly (keyof TenantChanges)[];

/**
 * Changes a tenant that nobody has changed since it was read, with its audit entry and the mail that tells of it, in one transaction.
 * @throws {DomainError} `illegal_transition`, or `conflict` when it is no longer as it was read.
 */
export async function changeTenant(tables: TenantTables, tenant: Tenant, change: Change): Promise<Tenant> {
  const { to = tenant.status, set = {}, actor, at, why, provided = [] } = change;
  if (to !== tenant.status) assertTransition(tenant.status, to);
  const mail = mailOnChange(tenant, { to, set, at });
  const written = Object.entries(set).filter(([, value]) => value !== undefined && value !== null);
  const removed = Object.keys(set).filter((field) => set[field as keyof TenantChanges] === null);
  const names = ['status', 'run', 'tier', ...guarded, ...removed, ...written.map(([field]) => field)];
  const conditions = guarded.map((field) =>
    tenant[field] ? `#${field}.changeId = :${field}Change` : `attribute_not_exists(#${field})`,
  );
  try {
    await tables.control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: tables.control.name,
              Key: controlKeys.tenant(tenant.tenantId),
              UpdateExpression: [
                `SET #status = :to, gsi1pk = :gsi1pk, changedAt = :at${written.map(([field]) => `, #${field} = :${field}`).join('')}`,
                ...(removed.length > 0 ? [`REMOVE ${removed.map((field) => `#${field}`).join(', ')}`] : []),
              ].join(' '),
              ConditionExpression: [
                '#status = :from',
                '#run = :presentRun',
                '#tier = :presentTier',
                ...conditions,
              ].join(' AND '),
              ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
              ExpressionAttributeValues: {
                ':from': tenant.status,
                ':to': to,
                ':gsi1pk': statusIndex.key(to, tenant.createdAt).gsi1pk,
                ':at': at.toISOString(),
                ':presentRun': tenant.run,
                ':presentTier': tenant.tier,
                ...Object.fromEntries(written.map(([field, value]) => [`:${field}`, value])),
                ...Object.fromEntries(
                  guarded.flatMap((field) => {
                    const present = tenant[field];
                    return present ? [[`:${field}Change`, present.changeId]] : [];
                  }),
                ),
              },
            },
          },
          auditItem(tables.auditTable, {
            tenantId: tenant.tenantId,
            actor,
            action: change.audit.action,
            details: { ...change.audit.details, ...(why ? { why } : {}) },
            at,
          }),
          ...(mail ? [{ Put: { TableName: tables.control.name, Item: mailItem(tenant.tenantId, mail) } }] : []),
          ...provided,
        ],
      }),
    );
  } catch (error) {
    if (!cancellationCodes(error)) throw error;
    throw new DomainError('conflict', 'Somebody else changed the company at the same time; look again.', {
      cause: error,
    });
  }
  const kept = Object.fromEntries(Object.entries(tenant).filter(([field]) => !removed.includes(field)));
  return { ...(kept as Tenant), ...Object.fromEntries(written), status: to, changedAt: at.toISOString() };
}

/** Moves a tenant to another status. @throws {DomainError} as `changeTenant` does */
export const changeStatus = (
  tables: TenantTables,
  tenant: Tenant,
  to: TenantStatus,
  { reason, set, actor, at, why, provided = [] }: Omit<Change, 'audit' | 'to'> & { readonly reason?: string },
): Promise<Tenant> =>
  changeTenant(tables, tenant, {
    to,
    actor,
    at,
    provided,
    ...(why ? { why } : {}),
    ...(set ? { set } : {}),
    audit: { action: 'tenant.status', details: { from: tenant.status, to, ...(reason ? { reason } : {}) } },
  });

/** Remembers why the newest change of a kind did not go through; does nothing when there is a newer one. */
export async function recordProblem(
  control: Table,
  kind: (typeof guarded)[number],
  { tenantId, changeId }: { readonly tenantId: TenantId; readonly changeId: string },
  problem: string,
): Promise<void> {
  try {
    await control.client.send(
      new UpdateCommand({
        TableName: control.name,
        Key: controlKeys.tenant(tenantId),
        UpdateExpression: 'SET #kind.problem = :problem',
        ConditionExpression: '#kind.changeId = :change',
        ExpressionAttributeNames: { '#kind': kind },
        ExpressionAttributeValues: { ':problem': problem, ':change': changeId },
      }),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
  }
}
