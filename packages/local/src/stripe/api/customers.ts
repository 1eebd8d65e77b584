import type Stripe from 'stripe';
import * as z from 'zod';
import { expireSession } from '../billing/checkout.ts';
import { onClockOf } from '../billing/clock.ts';
import { hasEnded, stopCollecting } from '../billing/follow.ts';
import { cancelNow } from '../billing/renewal.ts';
import type { Work } from '../billing/work.ts';
import { newCustomer } from '../objects/customer.ts';
import { readSettings } from '../store/settings.ts';
import { invalid } from '../wire/error.ts';
import { address, changeMetadata, clearable, email, list, metadata, oneOf, paging, text } from '../wire/params.ts';
import { attachMethod } from './attach.ts';
import { definedOnly, listOf, type Route, route } from './route.ts';

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

/** A payment method of the customer. */
export function requireAttached(work: Work, customer: string, id: string, param: string): string {
  const method = work.store.require('payment_method', id, param);
  if (method.customer !== customer)
    throw invalid(
      'The customer does not have a payment method with the ID. The payment method must be attached to the customer.',
      param,
      'resource_missing',
    );
  return id;
}

const withDefault = (customer: Stripe.Customer, method: string): Stripe.Customer => ({
  ...customer,
  invoice_settings: { ...customer.invoice_settings, default_payment_method: method },
});

/** Ends everything that the customer subscribes to. The mark that takes the customer's place still answers for the id. */
export function deleteCustomer(work: Work, customer: Stripe.Customer): Stripe.DeletedCustomer {
  const { id } = customer;
  for (const subscription of work.store.all('subscription', { customer: id }))
    if (!hasEnded(subscription)) cancelNow(work, subscription);
  for (const invoice of work.store.all('invoice', { customer: id })) stopCollecting(work, invoice);
  for (const session of work.store.all('checkout.session', { customer: id, status: 'open' }))
    expireSession(work, session);
  work.store.remove('customer', id);
  const deleted = { id, object: 'customer', deleted: true } as const;
  work.store.sql
    .prepare('INSERT INTO objects (id, kind, created, document, hidden) VALUES (?, ?, ?, ?, ?)')
    .run(id, 'customer', customer.created, JSON.stringify(deleted), '{}');
  work.emit('customer.deleted', customer);
  return deleted;
}

export const customerRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/customers',
    {
      ...fields,
      invoice_settings: invoiceSettings.optional(),
      payment_method: text().optional(),
      test_clock: text().optional(),
    },
    (outer, { metadata: given, address: place, test_clock, payment_method, invoice_settings, ...rest }) => {
      if (test_clock !== undefined) outer.store.require('test_helpers.test_clock', test_clock, 'test_clock');
      const clock = test_clock ?? readSettings(outer.store).testClock;
      const work = onClockOf(outer, { test_clock: clock });
      const customer = newCustomer(work, {
        ...definedOnly(rest),
        address: fullAddress(place) ?? null,
        metadata: changeMetadata({}, given),
        test_clock: clock,
      });
      work.store.insert('customer', customer, {});
      work.emit('customer.created', customer);
      if (payment_method === undefined) return customer;
      const method = attachMethod(work, payment_method, customer);
      // The default may be named by the card's test name, too.
      const named = invoice_settings?.default_payment_method;
      if (named !== payment_method && named !== method.id) return customer;
      const after = withDefault(customer, method.id);
      work.store.update('customer', after);
      work.emitUpdate('customer.updated', customer, after);
      return after;
    },
  ),
  route(
    'GET',
    '/v1/customers',
    { ...paging, email: text().optional(), test_clock: text().optional() },
    (work, { email: address, test_clock, ...page }) =>
      listOf('/v1/customers', work.store.page('customer', { email: address, test_clock, deleted: null }, page)),
  ),
  route('GET', '/v1/customers/:id', {}, (work, _, id) => work.store.require('customer', id)),
  route(
    'POST',
    '/v1/customers/:id',
    { ...fields, invoice_settings: invoiceSettings.optional() },
    (outer, params, id) => {
      const before = requireCustomer(outer, id);
      const work = onClockOf(outer, before);
      const { metadata: given, address: place, invoice_settings, ...rest } = params;
      const method = invoice_settings?.default_payment_method;
      const after: Stripe.Customer = {
        ...before,
        ...definedOnly(rest),
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
  route('DELETE', '/v1/customers/:id', {}, (outer, _, id) => {
    const customer = requireCustomer(outer, id);
    return deleteCustomer(onClockOf(outer, customer), customer);
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
