import type Stripe from 'stripe';
import { type WantedCatalogue, type WantedPrice, wantedCatalogue } from './catalogue-plan.ts';
import { isGone } from './stripe-view.ts';

export interface CatalogueChange {
  readonly what: 'product' | 'meter' | 'price';
  /** Its id, event name or lookup key. */
  readonly name: string;
  /** `replace`: a new price takes the lookup key over, since no price can be changed. `archive`: a price that is for sale no more. */
  readonly change: 'create' | 'rename' | 'replace' | 'archive';
  readonly words: string;
}

const LOOKUP_KEYS_MAX = 10;

/**
 * Makes Stripe hold the catalogue of tiers: products, meters, prices. Repeating it changes nothing. Running subscriptions stay on the price that they
 * have, also when it is archived.
 * @param options.dryRun tells what would change and changes nothing
 * @param options.wanted by default, what `tier/catalogue.ts` says
 * @returns what changed, or would
 */
export async function syncCatalogue(
  stripe: Stripe,
  { dryRun = false, wanted = wantedCatalogue() }: { readonly dryRun?: boolean; readonly wanted?: WantedCatalogue } = {},
): Promise<readonly CatalogueChange[]> {
  const { products, meters, prices } = wanted;
  const changes: CatalogueChange[] = [];
  const does = async <T>(change: CatalogueChange, work: () => Promise<T>): Promise<T | undefined> => {
    changes.push(change);
    return dryRun ? undefined : work();
  };

  for (const { id, name, metadata = {} } of products) {
    const found = await stripe.products.retrieve(id).catch(unlessGone);
    if (!found) {
      await does({ what: 'product', name: id, change: 'create', words: name }, () =>
        stripe.products.create({ id, name, metadata }),
      );
    } else if (found.name !== name || !found.active) {
      await does({ what: 'product', name: id, change: 'rename', words: name }, () =>
        stripe.products.update(id, { name, active: true, metadata }),
      );
    }
  }

  const meterIds = new Map<string, string>();
  for await (const meter of stripe.billing.meters.list({ status: 'active', limit: 100 })) {
    meterIds.set(meter.event_name, meter.id);
  }
  for (const meter of meters) {
    const { event_name: name, display_name: words } = meter;
    if (meterIds.has(name)) continue;
    const made = await does({ what: 'meter', name, change: 'create', words }, () =>
      stripe.billing.meters.create(meter),
    );
    if (made) meterIds.set(name, made.id);
  }
  const meterId = (eventName: string): string => {
    const id = meterIds.get(eventName);
    if (!id) throw new Error(`Stripe has no meter "${eventName}".`);
    return id;
  };

  const present = await presentPrices(stripe, prices);
  for (const price of prices) {
    const { lookupKey: name, product, words, terms } = price;
    const current = present.get(name);
    if (current?.metadata.terms === terms) continue;
    await does({ what: 'price', name, change: current ? 'replace' : 'create', words }, () =>
      stripe.prices.create({ ...price.create(meterId), product, lookup_key: name, transfer_lookup_key: true }),
    );
  }

  const kept = new Set(prices.map(({ terms, lookupKey }) => `${lookupKey} ${terms}`));
  for (const { id: product } of products) {
    for await (const price of stripe.prices.list({ product, active: true, limit: 100 })) {
      // Prices without terms were made by people, for somebody in particular perhaps.
      if (!price.metadata.terms || kept.has(`${price.lookup_key} ${price.metadata.terms}`)) continue;
      await does({ what: 'price', name: price.id, change: 'archive', words: price.lookup_key ?? '' }, () =>
        stripe.prices.update(price.id, { active: false }),
      );
    }
  }
  return changes;
}

async function presentPrices(
  stripe: Stripe,
  wanted: readonly WantedPrice[],
): Promise<ReadonlyMap<string, Stripe.Price>> {
  const present = new Map<string, Stripe.Price>();
  const keys = wanted.map(({ lookupKey }) => lookupKey);
  for (let from = 0; from < keys.length; from += LOOKUP_KEYS_MAX) {
    const lookup_keys = keys.slice(from, from + LOOKUP_KEYS_MAX);
    const { data } = await stripe.prices.list({ lookup_keys, active: true, limit: LOOKUP_KEYS_MAX });
    for (const price of data) if (price.lookup_key) present.set(price.lookup_key, price);
  }
  return present;
}

function unlessGone(error: unknown): undefined {
  if (!isGone(error)) throw error;
}
