import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { newBillingItem } from '@tenantry/core/billing/billing-row';
import { createCustomer } from '@tenantry/core/billing/customer';
import { controlKeys, statusIndex } from '@tenantry/core/control/keys';
import { newId, type TenantId } from '@tenantry/core/ids/id';
import { type TierName, tierCatalogue } from '@tenantry/core/tier/catalogue';
import type { World } from './world.ts';

export const DAY_SECONDS = 86_400;
/** When every company begins. */
export const START = Date.parse('2027-01-10T09:00:00Z') / 1000;

/** A company's names here and at Stripe, where it lives on a clock of its own. */
export interface Company {
  readonly customerId: string;
  readonly clock: string;
  readonly tenantId: TenantId;
}

/** Registers a company that has not paid yet. */
export async function registerCompany({ stripe, tables: { control } }: World, tier: TierName): Promise<Company> {
  const tenantId = newId('tenant');
  const { id: clock } = await stripe.testHelpers.testClocks.create({ frozen_time: START });
  const who = { tenantId, email: 'owner@example.com', name: 'Shop' };
  const { id: customerId } = await createCustomer(stripe, who, { test_clock: clock });
  const slug = tenantId.slice('ten_'.length);
  const createdAt = new Date(START * 1000).toISOString();
  const rows = [
    newBillingItem(tenantId, customerId),
    { ...controlKeys.slug(slug), tenantId },
    {
      ...controlKeys.tenant(tenantId),
      ...statusIndex.key('pending', createdAt),
      tenantId,
      name: 'Shop',
      slug,
      tier,
      status: 'pending',
      isolation: tierCatalogue[tier].isolation,
      createdAt,
      createdBy: 'usr',
      run: 0,
    },
  ];
  for (const Item of rows) await control.client.send(new PutCommand({ TableName: control.name, Item }));
  return { customerId, clock, tenantId };
}

/** Gives the customer a card, by Stripe's name of a test card. */
export async function giveCard(
  { stripe }: Pick<World, 'stripe'>,
  { customerId }: Company,
  token: string,
): Promise<void> {
  const { id } = await stripe.paymentMethods.attach(token, { customer: customerId });
  await stripe.customers.update(customerId, { invoice_settings: { default_payment_method: id } });
}

/** Pays whatever is open, with a good card. */
export async function payAll(world: Pick<World, 'stripe'>, company: Company): Promise<void> {
  await giveCard(world, company, 'pm_card_visa');
  const { data } = await world.stripe.invoices.list({ customer: company.customerId, status: 'open', limit: 10 });
  for (const { id } of data) await world.stripe.invoices.pay(id ?? '');
}

/** Moves the company's time at Stripe. @param to seconds since the epoch */
export async function advance({ stripe }: Pick<World, 'stripe'>, { clock }: Company, to: number): Promise<void> {
  await stripe.testHelpers.testClocks.advance(clock, { frozen_time: to });
  while ((await stripe.testHelpers.testClocks.retrieve(clock)).status !== 'ready');
}
