/** Disputes: they are made by a test card, and can be read and given up. */

import type Stripe from 'stripe';
import { onClockOfCustomer } from '../billing/clock.ts';
import { idOf } from '../billing/lines.ts';
import { invalid } from '../wire/error.ts';
import { paging, text } from '../wire/params.ts';
import { listOf, type Route, route } from './route.ts';

export const disputeRoutes: readonly Route[] = [
  route(
    'GET',
    '/v1/disputes',
    { ...paging, charge: text().optional(), payment_intent: text().optional() },
    (work, { charge, payment_intent, ...page }) =>
      listOf('/v1/disputes', work.store.page('dispute', { charge, payment_intent }, page)),
  ),
  route('GET', '/v1/disputes/:id', {}, (work, _, id) => work.store.require('dispute', id)),
  route('POST', '/v1/disputes/:id/close', {}, (outer, _, id) => {
    const before = outer.store.require('dispute', id);
    const charge = outer.store.require('charge', idOf(before.charge) ?? '');
    const work = onClockOfCustomer(outer, charge.customer);
    if (before.status !== 'needs_response') throw invalid('This dispute is already closed.');
    const after: Stripe.Dispute = { ...before, is_charge_refundable: false, status: 'lost' };
    work.store.update('dispute', after);
    work.emit('charge.dispute.closed', after);
    return after;
  }),
];
