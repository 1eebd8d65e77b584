import { type WantedCatalogue, wantedCatalogue } from '@tenantry/core/billing/catalogue-plan';
import { syncCatalogue } from '@tenantry/core/billing/catalogue-sync';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { priceKey, usagePriceKey } from '@tenantry/core/tier/price';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  // It brings the catalogue to Stripe at its start.
  world = await startWorld();
}, 60_000);
afterAll(() => world?.close());

const key = priceKey('standard', 'month');
const priceNamed = async (name: string) =>
  (await world.stripe.prices.list({ lookup_keys: [name], expand: ['data.currency_options', 'data.tiers'] })).data[0];

/** The catalogue with the monthly price of one tier raised. */
function dearer(): WantedCatalogue {
  const wanted = wantedCatalogue();
  const prices = wanted.prices.map((price) => {
    if (price.lookupKey !== key) return price;
    return {
      ...price,
      terms: 'dearer',
      create: () => ({
        ...price.create(() => ''),
        unit_amount: 5_900,
        metadata: { tier: 'standard', terms: 'dearer' },
      }),
    };
  });
  return { ...wanted, prices };
}

it('changes nothing when it is repeated', async () => {
  expect(await syncCatalogue(world.stripe)).toEqual([]);
});

it('sells a tier in every currency, and its use beyond what is included by tiers', async () => {
  const { price, usage } = tierCatalogue.premium;
  const year = await priceNamed(priceKey('premium', 'year'));
  expect([year?.unit_amount, year?.recurring?.interval]).toEqual([price.year.usd, 'year']);
  expect(year?.currency_options?.krw?.unit_amount).toBe(price.year.krw);
  const events = await priceNamed(usagePriceKey('premium', 'events_collected', 'year'));
  expect(events?.tiers?.map(({ up_to, unit_amount_decimal }) => [up_to, unit_amount_decimal?.toString()])).toEqual([
    [12 * usage.events_collected.included, '0'],
    [null, usage.events_collected.overage.usd],
  ]);
});

it('tells what a changed amount would do and does not do it, then gives its name to a new price, and leaves subscriptions on the old one', async () => {
  const { stripe } = world;
  const before = await priceNamed(key);
  const { id: customer } = await stripe.customers.create({ email: 'a@example.com' });
  const card = await stripe.paymentMethods.attach('pm_card_visa', { customer });
  const running = await stripe.subscriptions.create({
    customer,
    items: [{ price: before?.id ?? '' }],
    default_payment_method: card.id,
  });

  const told = await syncCatalogue(stripe, { dryRun: true, wanted: dearer() });
  expect(told.map(({ change, what }) => `${change} ${what}`)).toEqual(['replace price', 'archive price']);
  expect((await priceNamed(key))?.id).toBe(before?.id);

  const done = await syncCatalogue(stripe, { wanted: dearer() });
  expect(done.map(({ change, what }) => `${change} ${what}`)).toEqual(['replace price', 'archive price']);
  const after = await priceNamed(key);
  expect([after?.unit_amount, after?.id === before?.id]).toEqual([5_900, false]);
  expect((await stripe.prices.retrieve(before?.id ?? '')).active).toBe(false);
  expect((await stripe.subscriptions.retrieve(running.id)).items.data[0]?.price.id).toBe(before?.id);
  expect(await syncCatalogue(stripe, { wanted: dearer() })).toEqual([]);
});

it('archives in the end what it was interrupted over: the old price of a name that was taken over already', async () => {
  const { stripe } = world;
  const old = await priceNamed(key);
  const [wanted] = wantedCatalogue().prices.filter(({ lookupKey }) => lookupKey === key);
  await stripe.prices.create({
    ...(wanted?.create(() => '') ?? { currency: 'usd' }),
    product: wanted?.product ?? '',
    lookup_key: key,
    transfer_lookup_key: true,
  });
  expect((await syncCatalogue(stripe)).map(({ change, name }) => `${change} ${name}`)).toEqual([`archive ${old?.id}`]);
  expect((await stripe.prices.retrieve(old?.id ?? '')).active).toBe(false);
});
