/** Payment methods, and the payments and charges that were made with them. */

import { onClockOf, onClockOfCustomer } from '../billing/clock.ts';
import type { Work } from '../billing/work.ts';
import { invalid } from '../wire/error.ts';
import { oneOf, paging, text } from '../wire/params.ts';
import { attachMethod } from './attach.ts';
import { requireCustomer } from './customers.ts';
import { listOf, type Route, route } from './route.ts';

function detach(outer: Work, id: string): object {
  const before = outer.store.require('payment_method', id);
  const work = onClockOfCustomer(outer, before.customer);
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
  route('POST', '/v1/payment_methods/:id/attach', { customer: text() }, (work, params, id) => {
    const customer = requireCustomer(work, params.customer, 'customer');
    return attachMethod(onClockOf(work, customer), id, customer);
  }),
  route('POST', '/v1/payment_methods/:id/detach', {}, (work, _, id) => detach(work, id)),
  route('GET', '/v1/payment_intents', { ...paging, customer: text().optional() }, (work, { customer, ...page }) =>
    listOf('/v1/payment_intents', work.store.page('payment_intent', { customer }, page)),
  ),
  route('GET', '/v1/payment_intents/:id', {}, (work, _, id) => work.store.require('payment_intent', id)),
  route(
    'GET',
    '/v1/charges',
    { ...paging, customer: text().optional(), payment_intent: text().optional() },
    (work, { customer, payment_intent, ...page }) =>
      listOf('/v1/charges', work.store.page('charge', { customer, payment_intent }, page)),
  ),
  route('GET', '/v1/charges/:id', {}, (work, _, id) => work.store.require('charge', id)),
];
