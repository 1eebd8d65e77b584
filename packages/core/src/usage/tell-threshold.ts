import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { SystemActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { findBilling } from '../billing/billing-row.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { hasMail, mailItem } from '../mail/outbox.ts';
import { servedStatuses } from '../tenant/status.ts';
import { findTenant } from '../tenant/tenant.ts';
import { type BillingPeriod, periodAt } from './billing-period.ts';
import { endOfHour } from './hours.ts';
import { readPeriodUse } from './period-use.ts';
import { type MeteredHour, Overtaken, whileDue } from './roll-up.ts';
import { usageCatalogueOf, usualPlan } from './terms.ts';
import { canGoBeyond, thresholdReached } from './thresholds.ts';

const counter: SystemActor = { kind: 'system', name: 'count-usage' };

/** The stores of one tenant. */
export interface ThresholdTables {
  readonly usage: Table;
  readonly control: Table;
  readonly auditTable: string;
}

/**
 * Tells a company that it has used 80 % or all of what a billing period of its plan includes of a meter: an entry in its log, which webhooks are
 * told of, and a mail to its owners and admins. Both are one transaction under a key of meter, period and threshold, so that there is one of each
 * however often this is done. To be called while the hour is due, so that what breaks off is done again with the hour.
 * @param at the hour that was counted a moment ago
 * @returns whether it was told now
 * @throws {Overtaken} when somebody else tells it at the same moment, or the company is being erased
 */
export async function tellThreshold(tables: ThresholdTables, at: MeteredHour, now: Date): Promise<boolean> {
  const { usage, control, auditTable } = tables;
  const { tenantId, meter } = at;
  const tenant = await findTenant(control, tenantId);
  if (!tenant || !(servedStatuses as readonly string[]).includes(tenant.status)) return false;
  const subscription = (await findBilling(control, tenantId))?.state?.subscription;
  const { months, terms } = usageCatalogueOf(subscription?.plan ?? { ...usualPlan, tier: tenant.tier });
  const { included } = terms[meter];
  const anchor = subscription?.currentPeriodEnd ? new Date(subscription.currentPeriodEnd) : undefined;
  const period = periodAt(new Date(endOfHour(at.hour).getTime() - 1), anchor, months);
  if (!canGoBeyond(meter, included, period)) return false;
  const used = await readPeriodUse(usage, tenantId, meter, period);
  const threshold = thresholdReached(used, included);
  if (threshold === undefined) return false;
  const key = keyOf(at, period, threshold);
  if (await hasMail(control, tenantId, key)) return false;

  const { from, to } = { from: period.from.toISOString(), to: period.to.toISOString() };
  const told = { meter, threshold, used: Math.floor(used), included };
  const mail = mailItem(tenantId, {
    key,
    kind: 'usageThreshold',
    facts: { company: tenant.name, usage: { ...told, until: to } },
    createdAt: now.toISOString(),
  });
  try {
    await usage.client.send(
      new TransactWriteCommand({
        TransactItems: [
          whileDue(usage, at),
          { Put: { TableName: control.name, Item: mail, ConditionExpression: 'attribute_not_exists(pk)' } },
          auditItem(auditTable, {
            tenantId,
            actor: counter,
            action: 'usage.threshold',
            details: { ...told, from, to },
            at: now,
          }),
        ],
      }),
    );
    return true;
  } catch (error) {
    const codes = cancellationCodes(error);
    if (!codes) throw error;
    throw new Overtaken('Somebody else tells of the threshold, or the company is being erased.', { cause: error });
  }
}

const keyOf = ({ meter }: MeteredHour, { from }: BillingPeriod, threshold: number): string =>
  `usageThreshold#${meter}#${from.toISOString().slice(0, 10)}#${threshold}`;
