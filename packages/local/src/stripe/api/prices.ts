/** Prices. */

import type Stripe from 'stripe';
import * as z from 'zod';
import type { Work } from '../billing/work.ts';
import { type GivenPrice, newPrice, showPrice } from '../objects/price.ts';
import { invalid } from '../wire/error.ts';
import { changeMetadata, clearable, currency, flag, list, metadata, oneOf, paging, text } from '../wire/params.ts';
import { amountShape, currencyOption, readAmount, readRecurring, recurring, taxBehavior } from './price-params.ts';
import { productData, productFor } from './products.ts';
import { definedOnly, listOf, type Route, route } from './route.ts';

/** What a line of a checkout may say instead of naming a price. */
export const priceData = z.strictObject({
  currency,
  unit_amount: amountShape.unit_amount,
  unit_amount_decimal: amountShape.unit_amount_decimal,
  product: text().optional(),
  product_data: productData.optional(),
  recurring: recurring.optional(),
  tax_behavior: taxBehavior.optional(),
});

/** The lookup key is unique: it is taken over from another price, or refused. */
function takeLookupKey(work: Work, key: string | null, transfer: boolean, self?: string): void {
  if (key === null) return;
  for (const holder of work.store.all('price', { lookup_key: key })) {
    if (holder.id === self) continue;
    if (!transfer)
      throw invalid(
        `A price (\`${holder.id}\`) already uses that lookup key.`,
        'lookup_key',
        'resource_already_exists',
      );
    const released = { ...holder, lookup_key: null };
    work.store.update('price', released);
    work.emitUpdate('price.updated', showPrice(holder), showPrice(released));
  }
}

function storePrice(work: Work, given: GivenPrice): Stripe.Price {
  const price = newPrice(work, given);
  work.store.insert('price', price, {});
  work.emit('price.created', showPrice(price));
  return price;
}

/** A price that only one checkout uses. */
export function priceFromData(work: Work, data: z.infer<typeof priceData>, param: string): Stripe.Price {
  return storePrice(work, {
    product: productFor(work, data.product, data.product_data, `${param}.`),
    currency: data.currency,
    amount: readAmount(data, false, (name) => `${param}[${name}]`),
    tiersMode: null,
    recurring: readRecurring(work, data.recurring),
    currencyAmounts: {},
    lookupKey: null,
    nickname: null,
    active: false,
    metadata: {},
    taxBehavior: data.tax_behavior ?? 'unspecified',
  });
}

const createShape = {
  ...amountShape,
  currency,
  product: text().optional(),
  product_data: productData.optional(),
  recurring: recurring.optional(),
  currency_options: z.record(currency, currencyOption).optional(),
  lookup_key: text(200).optional(),
  transfer_lookup_key: flag.optional(),
  nickname: text().optional(),
  active: flag.optional(),
  metadata: metadata.optional(),
  billing_scheme: oneOf('per_unit', 'tiered').optional(),
  tiers_mode: oneOf('graduated', 'volume').optional(),
  tax_behavior: taxBehavior.optional(),
};

export const priceRoutes: readonly Route[] = [
  route('POST', '/v1/prices', createShape, (work, params) => {
    const isTiered = params.billing_scheme === 'tiered';
    if (isTiered !== (params.tiers_mode !== undefined))
      throw invalid(
        '`tiers_mode` belongs to prices with a `billing_scheme` of `tiered`, and must be given there.',
        'tiers_mode',
      );
    const options = Object.entries(params.currency_options ?? {});
    const given: GivenPrice = {
      product: productFor(work, params.product, params.product_data, ''),
      currency: params.currency,
      amount: readAmount(params, isTiered, (name) => name),
      tiersMode: params.tiers_mode ?? null,
      recurring: readRecurring(work, params.recurring),
      currencyAmounts: Object.fromEntries(
        options.map(([name, option]) => [
          name,
          readAmount(option, isTiered, (field) => `currency_options[${name}][${field}]`),
        ]),
      ),
      lookupKey: params.lookup_key ?? null,
      nickname: params.nickname ?? null,
      active: params.active ?? true,
      metadata: changeMetadata({}, params.metadata),
      taxBehavior: params.tax_behavior ?? 'unspecified',
    };
    takeLookupKey(work, given.lookupKey, params.transfer_lookup_key ?? false);
    return showPrice(storePrice(work, given));
  }),
  route(
    'GET',
    '/v1/prices',
    {
      ...paging,
      active: flag.optional(),
      product: text().optional(),
      currency: currency.optional(),
      type: oneOf('one_time', 'recurring').optional(),
      lookup_keys: list(text(200))
        .refine((keys) => keys.length <= 10, 'You may only specify up to 10 lookup keys.')
        .optional(),
      recurring: z
        .strictObject({
          interval: oneOf('day', 'week', 'month', 'year').optional(),
          meter: text().optional(),
          usage_type: oneOf('licensed', 'metered').optional(),
        })
        .optional(),
    },
    (work, { active, product, currency: money, type, lookup_keys, recurring: every, ...page }) => {
      const where = {
        active,
        product,
        currency: money,
        type,
        lookup_key: lookup_keys,
        'recurring.interval': every?.interval,
        'recurring.meter': every?.meter,
        'recurring.usage_type': every?.usage_type,
      };
      const { data, hasMore } = work.store.page('price', where, page);
      return listOf('/v1/prices', { data: data.map(showPrice), hasMore });
    },
  ),
  route('GET', '/v1/prices/:id', {}, (work, _, id) => showPrice(work.store.require('price', id))),
  route(
    'POST',
    '/v1/prices/:id',
    {
      active: flag.optional(),
      nickname: clearable(text()).optional(),
      metadata: metadata.optional(),
      lookup_key: clearable(text(200)).optional(),
      transfer_lookup_key: flag.optional(),
      tax_behavior: taxBehavior.optional(),
    },
    (work, { metadata: given, transfer_lookup_key, ...rest }, id) => {
      const before = work.store.require('price', id);
      takeLookupKey(work, rest.lookup_key ?? null, transfer_lookup_key ?? false, id);
      const after: Stripe.Price = { ...before, ...definedOnly(rest), metadata: changeMetadata(before.metadata, given) };
      work.store.update('price', after);
      work.emitUpdate('price.updated', showPrice(before), showPrice(after));
      return showPrice(after);
    },
  ),
];
