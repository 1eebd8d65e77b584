import type Stripe from 'stripe';
import { z } from 'zod';
import { cancelNow } from '../billing/subscription-life.ts';
import type { Work } from '../billing/work.ts';
import { newCustomer } from '../objects/customer.ts';
import { invalid } from '../wire/error.ts';
import { address, changeMetadata, clearable, email, list, metadata, oneOf, paging, text } from '../wire/params.ts';
import { listOf, type Route, route } from './route.ts';

const fields = {
  email: clearable(email).optional(),
  name: clearable(text(256)).optional(),
  phone: clearable(text(20)).optional(),
  description: clearable(text()).optional(),
  address: clearable(address).optional(),
  metadata: metadata.optional(),
  preferred_locales: list(text(10)).optional(),
  tax_exempt: oneOf('none', 'exempt', 'reverse').optional(),
};
const invoiceSettings = z.strictObject({ default_payment_method: clearable(text()).optional() });

type AddressParam = z.infer<typeof address>;

function fullAddress(given: AddressParam | null | undefined): Stripe.Address | null | undefined {
  if (!given) return given;
  const { line1 = null, line2 = null, city = null, state = null, postal_code = null, country = null } = given;
  return { line1, line2, city, state, postal_code, country };
}

/** A customer that was deleted is still answered for, but cannot be worked with. */
export function requireCustomer(work: Work, id: string, param?: string): Stripe.Customer {
  const customer = work.store.require('customer', id, param);
  if (customer.deleted) throw invalid(`No such customer: '${id}'`, param ?? 'id', 'resource_missing');
  return customer;
}

function requireAttached(work: Work, customer: string, id: string, param: string): string {
  const method = work.store.require('payment_method', id, param);
  if (method.customer !== customer)
    throw invalid(
      'The customer does not have a payment method with the ID. The payment method must be attached to the customer.',
      param,
      'resource_missing',
    );
  return id;
}

export const customerRoutes: readonly Route[] = [
  route('POST', '/v1/customers', fields, (work, { metadata: given, address: place, ...rest }) => {
    const defined = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const customer = newCustomer(work, {
      ...defined,
      address: fullAddress(place) ?? null,
      metadata: changeMetadata({}, given),
    });
    work.store.insert('customer', customer, {});
    work.emit('customer.created', customer);
    return customer;
  }),
  route('GET', '/v1/customers', { ...paging, email: text().optional() }, (work, { email: address, ...page }) =>
    listOf('/v1/customers', work.store.page('customer', { email: address, deleted: null }, page)),
  ),
  route('GET', '/v1/customers/:id', {}, (work, _, id) => work.store.require('customer', id)),
  route(
    'POST',
    '/v1/customers/:id',
    { ...fields, invoice_settings: invoiceSettings.optional() },
    (work, params, id) => {
      const before = requireCustomer(work, id);
      const { metadata: given, address: place, invoice_settings, ...rest } = params;
      const method = invoice_settings?.default_payment_method;
      const defined = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
      const after: Stripe.Customer = {
        ...before,
        ...defined,
        ...(place === undefined ? {} : { address: fullAddress(place) ?? null }),
        metadata: changeMetadata(before.metadata, given),
        invoice_settings: {
          ...before.invoice_settings,
          ...(method === undefined
            ? {}
            : {
                default_payment_method:
                  method && requireAttached(work, id, method, 'invoice_settings[default_payment_method]'),
              }),
        },
      };
      work.store.update('customer', after);
      work.emitUpdate('customer.updated', before, after);
      return after;
    },
  ),
  route('DELETE', '/v1/customers/:id', {}, (work, _, id) => {
    const customer = requireCustomer(work, id);
    for (const subscription of work.store.all('subscription', { customer: id }))
      if (subscription.status !== 'canceled') cancelNow(work, subscription);
    // The mark takes the customer's place, so that the id is still answered for.
    work.store.remove('customer', id);
    const deleted = { id, object: 'customer', deleted: true } as const;
    work.store.sql
      .prepare('INSERT INTO objects (id, kind, created, document, hidden) VALUES (?, ?, ?, ?, ?)')
      .run(id, 'customer', customer.created, JSON.stringify(deleted), '{}');
    work.emit('customer.deleted', customer);
    return deleted;
  }),
  route(
    'GET',
    '/v1/customers/:id/payment_methods',
    { ...paging, type: oneOf('card').optional() },
    (work, { type: _, ...page }, id) => {
      requireCustomer(work, id);
      return listOf(`/v1/customers/${id}/payment_methods`, work.store.page('payment_method', { customer: id }, page));
    },
  ),
];
