/** Products. */

import type Stripe from 'stripe';
import * as z from 'zod';
import type { Work } from '../billing/work.ts';
import { newProduct } from '../objects/product.ts';
import { exclusive, invalid } from '../wire/error.ts';
import {
  changeMetadata,
  clearable,
  flag,
  list,
  type MetadataChange,
  metadata,
  paging,
  text,
  webUrl,
} from '../wire/params.ts';
import { definedOnly, listOf, type Route, route } from './route.ts';

const productFields = {
  active: flag.optional(),
  description: clearable(text()).optional(),
  metadata: metadata.optional(),
  tax_code: clearable(text(50)).optional(),
  unit_label: clearable(text(12)).optional(),
  url: clearable(webUrl).optional(),
};

export const productData = z.strictObject({
  name: text(250),
  description: text().optional(),
  metadata: metadata.optional(),
  unit_label: text(12).optional(),
});

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

/** The product that a price names or brings with it. */
export function productFor(
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

export const productRoutes: readonly Route[] = [
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
];
