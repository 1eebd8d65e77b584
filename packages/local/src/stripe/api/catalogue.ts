/** Products and prices. */

import type Stripe from 'stripe';
import { z } from 'zod';
import type { Work } from '../billing/work.ts';
import { type GivenPrice, newPrice, showPrice } from '../objects/price.ts';
import { newProduct } from '../objects/product.ts';
import { exclusive, invalid } from '../wire/error.ts';
import {
  changeMetadata,
  clearable,
  currency,
  flag,
  integer,
  list,
  type MetadataChange,
  metadata,
  oneOf,
  paging,
  text,
  webUrl,
} from '../wire/params.ts';
import { listOf, type Route, route } from './route.ts';

const AMOUNT_MAX = 99_999_999_99;

const productFields = {
  active: flag.optional(),
  description: clearable(text()).optional(),
  metadata: metadata.optional(),
  unit_label: clearable(text(12)).optional(),
  url: clearable(webUrl).optional(),
};

const unitAmount = integer.refine(
  (amount) => amount >= 0 && amount <= AMOUNT_MAX,
  'Invalid amount: must be 0 or more, in the smallest unit of the currency.',
);
export const recurring = z.strictObject({
  interval: oneOf('day', 'week', 'month', 'year'),
  interval_count: integer.refine((count) => count >= 1 && count <= 36, 'Invalid interval_count').optional(),
  usage_type: oneOf('licensed').optional(),
});
const productData = z.strictObject({
  name: text(250),
  description: text().optional(),
  metadata: metadata.optional(),
  unit_label: text(12).optional(),
});

const taxBehavior = oneOf('exclusive', 'inclusive', 'unspecified');

/** What a line of a checkout may say instead of naming a price. */
export const priceData = z.strictObject({
  currency,
  unit_amount: unitAmount,
  product: text().optional(),
  product_data: productData.optional(),
  recurring: recurring.optional(),
  tax_behavior: taxBehavior.optional(),
});

const definedOnly = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

interface NewProduct {
  readonly name: string;
  readonly metadata?: MetadataChange | undefined;
  readonly [field: string]: unknown;
}

function createProduct(work: Work, { metadata: given, name, ...rest }: NewProduct): Stripe.Product {
  const product = newProduct(work, { ...definedOnly(rest), name, metadata: changeMetadata({}, given) });
  if (work.store.find('product', product.id))
    throw invalid(`Product already exists: ${product.id}`, 'id', 'resource_already_exists');
  work.store.insert('product', product, {});
  work.emit('product.created', product);
  return product;
}

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

function productFor(
  work: Work,
  product: string | undefined,
  data: z.infer<typeof productData> | undefined,
  param: string,
): string {
  if (product !== undefined && data !== undefined) throw exclusive(`${param}product`, `${param}product_data`);
  if (data) return createProduct(work, data).id;
  if (product === undefined)
    throw invalid(`Missing required param: ${param}product.`, `${param}product`, 'parameter_missing');
  return work.store.require('product', product, `${param}product`).id;
}

/** A price that only one checkout uses. */
export function priceFromData(work: Work, data: z.infer<typeof priceData>, param: string): Stripe.Price {
  return storePrice(work, {
    product: productFor(work, data.product, data.product_data, `${param}.`),
    currency: data.currency,
    unitAmount: data.unit_amount,
    recurring: data.recurring
      ? { interval: data.recurring.interval, intervalCount: data.recurring.interval_count ?? 1 }
      : null,
    currencyAmounts: {},
    lookupKey: null,
    nickname: null,
    active: false,
    metadata: {},
    taxBehavior: data.tax_behavior ?? 'unspecified',
  });
}

export const catalogueRoutes: readonly Route[] = [
  route('POST', '/v1/products', { ...productFields, name: text(250), id: text(100).optional() }, createProduct),
  route(
    'GET',
    '/v1/products',
    { ...paging, active: flag.optional(), ids: list(text()).optional() },
    (work, { active, ids, ...page }) => listOf('/v1/products', work.store.page('product', { active, id: ids }, page)),
  ),
  route('GET', '/v1/products/:id', {}, (work, _, id) => work.store.require('product', id)),
  route(
    'POST',
    '/v1/products/:id',
    { ...productFields, name: text(250).optional() },
    (work, { metadata: given, ...rest }, id) => {
      const before = work.store.require('product', id);
      const after: Stripe.Product = {
        ...before,
        ...definedOnly(rest),
        metadata: changeMetadata(before.metadata, given),
        updated: work.now,
      };
      work.store.update('product', after);
      work.emitUpdate('product.updated', before, after);
      return after;
    },
  ),
  route('DELETE', '/v1/products/:id', {}, (work, _, id) => {
    const product = work.store.require('product', id);
    if (work.store.all('price', { product: id }).length > 0)
      throw invalid('This product cannot be deleted because it has one or more user-created prices.');
    work.store.remove('product', id);
    work.emit('product.deleted', product);
    return { id, object: 'product', deleted: true };
  }),
  route(
    'POST',
    '/v1/prices',
    {
      currency,
      product: text().optional(),
      product_data: productData.optional(),
      unit_amount: unitAmount,
      recurring: recurring.optional(),
      currency_options: z
        .record(currency, z.strictObject({ unit_amount: unitAmount, tax_behavior: taxBehavior.optional() }))
        .optional(),
      lookup_key: text(200).optional(),
      transfer_lookup_key: flag.optional(),
      nickname: text().optional(),
      active: flag.optional(),
      metadata: metadata.optional(),
      billing_scheme: oneOf('per_unit').optional(),
      tax_behavior: taxBehavior.optional(),
    },
    (work, params) => {
      const product = productFor(work, params.product, params.product_data, '');
      const lookupKey = params.lookup_key ?? null;
      takeLookupKey(work, lookupKey, params.transfer_lookup_key ?? false);
      const options = Object.entries(params.currency_options ?? {});
      return showPrice(
        storePrice(work, {
          product,
          currency: params.currency,
          unitAmount: params.unit_amount,
          recurring: params.recurring
            ? { interval: params.recurring.interval, intervalCount: params.recurring.interval_count ?? 1 }
            : null,
          currencyAmounts: Object.fromEntries(options.map(([name, option]) => [name, option.unit_amount])),
          lookupKey,
          nickname: params.nickname ?? null,
          active: params.active ?? true,
          metadata: changeMetadata({}, params.metadata),
          taxBehavior: params.tax_behavior ?? 'unspecified',
        }),
      );
    },
  ),
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
      recurring: z.strictObject({ interval: oneOf('day', 'week', 'month', 'year').optional() }).optional(),
    },
    (work, { active, product, currency: money, type, lookup_keys, recurring: every, ...page }) => {
      const where = {
        active,
        product,
        currency: money,
        type,
        lookup_key: lookup_keys,
        'recurring.interval': every?.interval,
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
