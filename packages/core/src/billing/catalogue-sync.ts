import type Stripe from 'stripe';
import { type Tier, tierCatalogue } from '../tier/catalogue.ts';

/**
 * Makes Stripe hold a product and a price for every tier, found by lookup key. Repeating it changes nothing; a changed
 * amount makes a new price that takes the lookup key over, and leaves running subscriptions on the old one.
 */
export async function syncCatalogue(stripe: Stripe): Promise<readonly { tier: string; price: string }[]> {
  const synced = [];
  for (const tier of Object.values<Tier>(tierCatalogue)) {
    const { amount, currency, lookupKey } = tier.price;
    const found = await stripe.prices.list({ lookup_keys: [lookupKey], active: true, limit: 1 });
    const current = found.data[0];
    if (current?.unit_amount === amount && current.currency === currency) {
      synced.push({ tier: tier.name, price: current.id });
      continue;
    }
    const productId = current
      ? typeof current.product === 'string'
        ? current.product
        : current.product.id
      : (await stripe.products.create({ name: `Tenantry ${tier.title}`, metadata: { tier: tier.name } })).id;
    const price = await stripe.prices.create({
      product: productId,
      unit_amount: amount,
      currency,
      recurring: { interval: 'month' },
      lookup_key: lookupKey,
      transfer_lookup_key: true,
      metadata: { tier: tier.name },
    });
    synced.push({ tier: tier.name, price: price.id });
  }
  return synced;
}
