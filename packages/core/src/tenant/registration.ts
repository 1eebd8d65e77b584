import { setTimeout as wait } from 'node:timers/promises';
import { GetCommand, QueryCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { UserActor } from '../actor/actor.ts';
import { auditItem } from '../audit/audit.ts';
import { newBillingItem } from '../billing/billing-row.ts';
import { checkoutItem } from '../billing/checkout-row.ts';
import type { Plan } from '../billing/plan.ts';
import { payWithinMs } from '../billing/reopen-checkout.ts';
import { controlKeys, slugIndex, statusIndex } from '../control/keys.ts';
import { cancellationCodes, type Table } from '../control/table.ts';
import { DomainError } from '../errors/domain-error.ts';
import { findUser, membershipsMax, type User } from '../identity/user.ts';
import { newId, type TenantId } from '../ids/id.ts';
import { tierNamed } from '../tier/catalogue.ts';
import type { Currency, Interval } from '../tier/price.ts';
import type { Language } from './language.ts';
import { assertSlugAllowed } from './slug.ts';
import { findTenant, parseTenant, type Tenant } from './tenant.ts';

interface Tables {
  readonly control: Table;
  readonly auditTable: string;
}

export interface Registration {
  readonly name: string;
  readonly slug: string;
  readonly tier: string;
  readonly interval?: Interval | undefined;
  readonly currency?: Currency | undefined;
  /** In which mails to the company are written. */
  readonly language?: Language | undefined;
}

const slugTaken = (slug: string, cause?: unknown): DomainError =>
  new DomainError('slug_taken', `The address "${slug}" is taken; choose another.`, {
    fields: [{ field: 'slug', message: 'is taken' }],
    cause,
  });

/**
 * Registers a company that waits for payment. `openCheckout` is called before anything is written, so that a payment
 * provider that does not answer leaves nothing behind; its URL is given away only when the registration stands.
 * @throws {DomainError} `unknown_tier`, `slug_reserved`, `slug_taken`, `limit_reached`, or what `openCheckout` throws.
 */
export async function registerTenant<Checkout extends OpenedCheckout, Page>(
  tables: Tables,
  registration: Registration,
  context: RegistrationContext<Checkout, Page>,
): Promise<{ readonly tenant: Tenant; readonly checkout: Checkout | Page }> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await tryRegistration(tables, registration, context);
    } catch (error) {
      // Two registrations of one user at once: only one gets the free days, and the other is made without.
      if (!(error instanceof DomainError && error.code === 'conflict') || attempt === ATTEMPTS_MAX) throw error;
      await wait(Math.random() * PAUSE_MS * attempt);
    }
  }
}

const ATTEMPTS_MAX = 4;
const PAUSE_MS = 50;

interface OpenedCheckout {
  readonly sessionId: string;
  readonly customerId: string;
}

interface RegistrationContext<Checkout, Page> {
  readonly actor: UserActor;
  readonly at: Date;
  readonly openCheckout: (tenant: {
    readonly tenantId: TenantId;
    readonly name: string;
    readonly plan: Plan;
    /** Whether the tier's free days are given. */
    readonly trial: boolean;
    readonly email: string;
    readonly payBy: Date;
  }) => Promise<Checkout>;
  /** A new payment page for a registration of the same user that the answer of an earlier request did not reach. */
  readonly reopenCheckout: (tenant: Tenant) => Promise<Page>;
}

async function tryRegistration<Checkout extends OpenedCheckout, Page>(
  tables: Tables,
  registration: Registration,
  context: RegistrationContext<Checkout, Page>,
): Promise<{ readonly tenant: Tenant; readonly checkout: Checkout | Page }> {
  const { control } = tables;
  const { at, actor } = context;
  const tier = tierNamed(registration.tier);
  assertSlugAllowed(registration.slug);
  const user = await findUser(control, actor.sub);
  if (!user) throw new DomainError('unauthenticated', 'Sign in again, then register the company.');
  if (user.memberships.length >= membershipsMax) {
    throw new DomainError('limit_reached', `You can be a member of at most ${membershipsMax} companies.`);
  }
  const own = await findOwnRegistration(control, registration, user, at);
  if (own) return { tenant: own, checkout: await context.reopenCheckout(own) };

  const tenantId = newId('tenant', at.getTime());
  const payBy = new Date(at.getTime() + payWithinMs);
  const { interval = 'month', currency = 'usd', language } = registration;
  // Whoever had free days in one company pays for the next from the first day.
  const trial = user.trialTenantId === null;
  const checkout = await context.openCheckout({
    tenantId,
    name: registration.name,
    plan: { tier: tier.name, interval, currency },
    trial,
    email: user.email,
    payBy,
  });

  const createdAt = at.toISOString();
  const row = {
    tenantId,
    name: registration.name,
    slug: registration.slug,
    tier: tier.name,
    status: 'pending',
    isolation: tier.isolation,
    createdAt,
    createdBy: user.userId,
    run: 0,
    ...(language ? { language } : {}),
  };
  const member = { tenantId, role: 'owner', joinedAt: createdAt };
  try {
    await control.client.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: control.name,
              Item: {
                ...controlKeys.slug(registration.slug),
                ...slugIndex.key(registration.slug),
                tenantId,
                payBy: payBy.toISOString(),
              },
              // `payBy` goes away with the payment, so only a void registration can be overtaken.
              ConditionExpression: 'attribute_not_exists(pk) OR payBy < :now',
              ExpressionAttributeValues: { ':now': createdAt },
            },
          },
          {
            Put: {
              TableName: control.name,
              Item: { ...controlKeys.tenant(tenantId), ...statusIndex.key('pending', createdAt), ...row },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          {
            Put: {
              TableName: control.name,
              Item: { ...controlKeys.member(tenantId, user.userId), ...member, sub: user.sub, email: user.email },
            },
          },
          { Put: { TableName: control.name, Item: { ...controlKeys.membership(user.sub, tenantId), ...member } } },
          { Put: { TableName: control.name, Item: newBillingItem(tenantId, checkout.customerId) } },
          {
            Put: {
              TableName: control.name,
              Item: checkoutItem(tenantId, { sessionId: checkout.sessionId, interval, currency, trial }),
            },
          },
          {
            Update: {
              TableName: control.name,
              Key: controlKeys.user(user.sub),
              UpdateExpression: `SET activeTenantId = :tenantId${trial ? ', trialTenantId = :tenantId' : ''}`,
              ConditionExpression: `attribute_exists(pk)${trial ? ' AND attribute_not_exists(trialTenantId)' : ''}`,
              ExpressionAttributeValues: { ':tenantId': tenantId },
            },
          },
          auditItem(tables.auditTable, {
            tenantId,
            actor,
            action: 'tenant.registered',
            details: { slug: registration.slug, tier: tier.name },
            at,
          }),
        ],
      }),
    );
  } catch (error) {
    const slugCode = cancellationCodes(error)?.[0];
    if (slugCode === 'ConditionalCheckFailed' || slugCode === 'TransactionConflict') {
      throw slugTaken(registration.slug, error);
    }
    if (cancellationCodes(error)) {
      throw new DomainError('conflict', 'Another registration of yours is under way; try again.', { cause: error });
    }
    throw error;
  }
  return { tenant: parseTenant(row), checkout };
}

/**
 * The user's own pending registration of this slug and tier, if there is one: a request that is sent again because its answer was
 * lost must not be told that the slug is taken.
 * @throws {DomainError} `slug_taken` when the slug is anybody else's, or that of a company that is further on
 */
async function findOwnRegistration(
  control: Table,
  { slug, tier }: Registration,
  user: User,
  at: Date,
): Promise<Tenant | undefined> {
  const { Item } = await control.client.send(
    new GetCommand({ TableName: control.name, Key: controlKeys.slug(slug), ConsistentRead: true }),
  );
  if (!Item || (typeof Item.payBy === 'string' && Item.payBy < at.toISOString())) return undefined;
  const membership = user.memberships.find(({ tenantId, role }) => tenantId === Item.tenantId && role === 'owner');
  const tenant = membership && (await findTenant(control, membership.tenantId));
  if (tenant?.status !== 'pending' || tenant.tier !== tier) throw slugTaken(slug);
  return tenant;
}

/** Registrations whose time to pay is over, oldest first; at most one page. */
export async function findUnpaidTenants(control: Table, at: Date): Promise<readonly Tenant[]> {
  const before = new Date(at.getTime() - payWithinMs).toISOString();
  const { Items = [] } = await control.client.send(
    new QueryCommand({
      TableName: control.name,
      IndexName: statusIndex.name,
      KeyConditionExpression: 'gsi1pk = :pk AND gsi1sk < :before',
      ExpressionAttributeValues: { ':pk': statusIndex.key('pending', '').gsi1pk, ':before': before },
    }),
  );
  return Items.map(parseTenant);
}
