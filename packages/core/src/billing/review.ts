import { setTimeout as wait } from 'node:timers/promises';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { auditItem } from '../audit/audit.ts';
import { controlKeys, dueIndex } from '../control/keys.ts';
import { cancellationCodes } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import type { TenantId } from '../ids/id.ts';
import { mailItem } from '../mail/outbox.ts';
import { findTenant, type Tenant } from '../tenant/tenant.ts';
import { act, biller, consequenceOf, type Surroundings, settlementOf } from './act.ts';
import { type BillingRow, claimCheck, claimReview, forgetDue, markSettled } from './billing-row.ts';
import type { Consequence } from './consequence.ts';
import { moveDunning } from './dunning.ts';
import { mailsOf } from './occasions.ts';
import { type BillingState, billingStateOf } from './state.ts';
import { readStripe } from './stripe-view.ts';

/** How soon a company is looked at again whose present change must end first, or for which something was begun that may have broken off. */
const LATER_MS = 5 * 60_000;
/** Others may begin a review at the same time; each of them then looks again. */
const ATTEMPTS_MAX = 12;
const PAUSE_MS = 20;

export type Review =
  /** No company has such a customer, or it is being deleted. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'reviewed'; readonly state: BillingState; readonly consequence: Consequence };

export interface ReviewPorts extends Surroundings {
  /** Told of what only people can put right. */
  readonly alert: (problem: string, facts: Readonly<Record<string, unknown>>) => void;
  /** Waits this long before another attempt; absent, by the clock. */
  readonly pause?: (ms: number) => Promise<unknown>;
  /** The function's own clock, for what is written about a change and decides nothing; absent, the machine's. */
  readonly now?: () => Date;
}

/**
 * Brings a company to what Stripe holds of its customer now: saves the state, goes on with the dunning, and does what follows. Safe to repeat, in
 * any order, at the same time, and after it broke off anywhere.
 *
 * A review first takes a claim, then reads the tenant, then asks Stripe; what it writes is refused once somebody else has a newer claim or has
 * changed the tenant, and then it begins anew. So whoever writes has asked later than everybody who wrote before.
 * @param customerId that the caller came by, if it did; another than the company's own changes nothing
 * @throws {DomainError} `conflict` when others never cease to come between
 */
export async function reviewBilling(ports: ReviewPorts, tenantId: TenantId, customerId?: string): Promise<Review> {
  const { tables, stripe, alert, pause = wait, now = () => new Date() } = ports;
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 0) await pause(Math.random() * PAUSE_MS * 2 ** Math.min(attempt, 6));
    const row = await claimReview(tables.control, tenantId, customerId);
    if (!row) return { kind: 'unknown' };
    const tenant = await findTenant(tables.control, tenantId);
    if (!tenant || tenant.status === 'deleted' || tenant.deactivation?.final) {
      await forgetDue(tables.control, tenantId);
      return { kind: 'unknown' };
    }
    const view = await readStripe(stripe, row.customerId);
    const state = billingStateOf(view, tenant.tier);
    const consequence = consequenceOf(state, tenant);
    if (!(await saveReview(ports, row, tenant, { at: view.at, auditAt: now() }, state, consequence))) continue;
    for (const id of state.surplus) {
      alert('A company has more than one subscription.', { tenantId, subscriptionId: id });
    }
    try {
      const again = await act(ports, consequence, state, tenant, {
        at: now(),
        provided: [claimCheck(tables.control.name, tenantId, row)],
      });
      if (!again) {
        await markSettled(tables.control, tenantId, row, settlementOf(consequence, tenant));
        return { kind: 'reviewed', state, consequence };
      }
    } catch (error) {
      const changed = error instanceof DomainError && ['conflict', 'illegal_transition'].includes(error.code);
      if (!changed) throw error;
    }
  }
  throw new DomainError('conflict', 'The billing of the company never came to rest; it is tried again.');
}

/** Writes what was found, and the mails that follow, in one transaction. @returns false when there is a newer claim, or the tenant is leaving */
async function saveReview(
  { tables: { control, auditTable } }: ReviewPorts,
  row: BillingRow,
  tenant: Tenant,
  { at, auditAt }: { readonly at: Date; readonly auditAt: Date },
  state: BillingState,
  consequence: Consequence,
): Promise<boolean> {
  const { tenantId } = tenant;
  const tier = state.subscription?.plan?.tier ?? tenant.tier;
  const move = moveDunning(state, row.episode, tier, at);
  const mails = mailsOf({ before: row, state, move, company: tenant.name, at });
  // It is provisioned as it was registered, and moved to what it pays for once it is active.
  const comesUnlikePaid = consequence === 'provision' && tier !== tenant.tier;
  const settlement = settlementOf(consequence, tenant);
  const unsettled = settlement !== undefined && settlement !== row.settled;
  const times = [
    ...(consequence === 'later' || comesUnlikePaid || unsettled ? [new Date(at.getTime() + LATER_MS)] : []),
    ...(move.nextAt ? [move.nextAt] : []),
    ...(mails.nextAt ? [mails.nextAt] : []),
  ];
  const next = times.toSorted((a, b) => a.getTime() - b.getTime())[0];
  const due = next && dueIndex.key('review', tenantId, next.toISOString());
  const before = row.state?.standing ?? 'none';
  const audits = [
    ...(before === state.standing
      ? []
      : [{ action: 'billing.standing', details: { from: before, to: state.standing } }]),
    ...(move.step ? [{ action: 'billing.dunning', details: { step: move.step.name } }] : []),
    ...(state.surplus.length > (row.state?.surplus.length ?? 0)
      ? [{ action: 'billing.surplus', details: { subscriptions: state.surplus.join(' ') } }]
      : []),
  ];
  const sets = {
    state,
    reviewedAt: at.toISOString(),
    ...(move.episode ? { episode: move.episode } : {}),
    ...(mails.announcedTrial ? { announcedTrial: mails.announcedTrial } : {}),
    ...(due ?? {}),
  };
  const removed = [...(move.episode ? [] : ['episode']), ...(due ? [] : ['gsi1pk', 'gsi1sk'])];
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.subscription(tenantId),
              UpdateExpression: [
                `SET ${Object.keys(sets)
                  .map((name) => `#${name} = :${name}`)
                  .join(', ')}`,
                ...(removed.length > 0 ? [`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`] : []),
              ].join(' '),
              ConditionExpression: 'claim = :claim',
              ExpressionAttributeNames: Object.fromEntries(
                [...Object.keys(sets), ...removed].map((name) => [`#${name}`, name]),
              ),
              ExpressionAttributeValues: {
                ':claim': row.claim,
                ...Object.fromEntries(Object.entries(sets).map(([name, value]) => [`:${name}`, value])),
              },
            },
          },
          {
            // A tenant that is being deleted must leave nothing behind.
            ConditionCheck: {
              TableName: control.name,
              Key: controlKeys.tenant(tenantId),
              ConditionExpression:
                '#status <> :deleted AND (attribute_not_exists(deactivation) OR deactivation.#final = :no)',
              ExpressionAttributeNames: { '#status': 'status', '#final': 'final' },
              ExpressionAttributeValues: { ':deleted': 'deleted', ':no': false },
            },
          },
          ...audits.map((entry) => auditItem(auditTable, { tenantId, actor: biller, at: auditAt, ...entry })),
          ...mails.due.map((mail) => ({ Put: { TableName: control.name, Item: mailItem(tenantId, mail) } })),
        ],
      }),
    );
    return true;
  } catch (error) {
    if (cancellationCodes(error)) return false;
    throw error;
  }
}
