/** Payment methods, payment intents and invoices. */

import { cardOfToken } from '../billing/cards.ts';
import { payInvoice } from '../billing/subscription-life.ts';
import type { Work } from '../billing/work.ts';
import { newPaymentMethod } from '../objects/payment-method.ts';
import { invalid } from '../wire/error.ts';
import { oneOf, paging, text } from '../wire/params.ts';
import { requireCustomer } from './customers.ts';
import { listOf, type Route, route } from './route.ts';

function attach(work: Work, id: string, customerId: string): object {
  const customer = requireCustomer(work, customerId, 'customer');
  const card = cardOfToken(id, work.now);
  if (card) {
    const method = newPaymentMethod(work, card, customer.id, { email: customer.email, name: customer.name ?? null });
    work.store.insert('payment_method', method, { behaviour: card.behaviour });
    work.emit('payment_method.attached', method);
    return method;
  }
  const before = work.store.require('payment_method', id);
  if (before.customer !== null)
    throw invalid(
      'The payment method you provided has already been attached to a customer.',
      'payment_method',
      'payment_method_unexpected_state',
    );
  const after = { ...before, customer: customer.id };
  work.store.update('payment_method', after);
  work.emit('payment_method.attached', after);
  return after;
}

function detach(work: Work, id: string): object {
  const before = work.store.require('payment_method', id);
  if (before.customer === null)
    throw invalid(
      'The payment method you provided is not attached to a customer so detachment is impossible.',
      'payment_method',
      'payment_method_unexpected_state',
    );
  const after = { ...before, customer: null };
  work.store.update('payment_method', after);
  work.emitUpdate('payment_method.detached', before, after);
  return after;
}

export const paymentRoutes: readonly Route[] = [
  route(
    'GET',
    '/v1/payment_methods',
    { ...paging, customer: text(), type: oneOf('card').optional() },
    (work, { customer, type: _, ...page }) => {
      requireCustomer(work, customer, 'customer');
      return listOf('/v1/payment_methods', work.store.page('payment_method', { customer }, page));
    },
  ),
  route('GET', '/v1/payment_methods/:id', {}, (work, _, id) => work.store.require('payment_method', id)),
  route('POST', '/v1/payment_methods/:id/attach', { customer: text() }, (work, { customer }, id) =>
    attach(work, id, customer),
  ),
  route('POST', '/v1/payment_methods/:id/detach', {}, (work, _, id) => detach(work, id)),
  route('GET', '/v1/payment_intents', { ...paging, customer: text().optional() }, (work, { customer, ...page }) =>
    listOf('/v1/payment_intents', work.store.page('payment_intent', { customer }, page)),
  ),
  route('GET', '/v1/payment_intents/:id', {}, (work, _, id) => work.store.require('payment_intent', id)),
  route(
    'GET',
    '/v1/invoices',
    {
      ...paging,
      customer: text().optional(),
      subscription: text().optional(),
      status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void').optional(),
    },
    (work, { customer, subscription, status, ...page }) =>
      listOf(
        '/v1/invoices',
        work.store.page(
          'invoice',
          { customer, status, 'parent.subscription_details.subscription': subscription },
          page,
        ),
      ),
  ),
  route('GET', '/v1/invoices/:id', {}, (work, _, id) => work.store.require('invoice', id)),
  route('GET', '/v1/invoices/:id/lines', paging, (work, _, id) => work.store.require('invoice', id).lines),
  route('POST', '/v1/invoices/:id/pay', { payment_method: text().optional() }, (work, { payment_method }, id) => {
    const invoice = work.store.require('invoice', id);
    if (payment_method !== undefined) work.store.require('payment_method', payment_method, 'payment_method');
    const { invoice: after, refusal } = payInvoice(work, invoice, payment_method);
    return refusal ?? after;
  }),
];
