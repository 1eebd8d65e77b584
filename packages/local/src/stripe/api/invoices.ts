/** Invoices, and previews of those that are to come. */

import type Stripe from 'stripe';
import { onClockOf } from '../billing/clock.ts';
import { payInvoice } from '../billing/collect.ts';
import { finalizeInvoice } from '../billing/invoicing.ts';
import { idOf } from '../billing/lines.ts';
import { setAside } from '../billing/put-aside.ts';
import type { Work } from '../billing/work.ts';
import { flag, oneOf, paging, text } from '../wire/params.ts';
import { requireAttached } from './customers.ts';
import { listOf, pageOf, type Route, route } from './route.ts';

/** The invoice, with the work at its time. */
function requireInvoice(outer: Work, id: string): { readonly work: Work; readonly invoice: Stripe.Invoice } {
  const invoice = outer.store.require('invoice', id);
  return { work: onClockOf(outer, invoice), invoice };
}

export const invoiceRoutes: readonly Route[] = [
  route(
    'GET',
    '/v1/invoices',
    {
      ...paging,
      collection_method: oneOf('charge_automatically').optional(),
      customer: text().optional(),
      subscription: text().optional(),
      status: oneOf('draft', 'open', 'paid', 'uncollectible', 'void').optional(),
    },
    (work, { customer, subscription, status, collection_method, ...page }) =>
      listOf(
        '/v1/invoices',
        work.store.page(
          'invoice',
          { customer, status, collection_method, 'parent.subscription_details.subscription': subscription },
          page,
        ),
      ),
  ),
  route('GET', '/v1/invoices/:id', {}, (work, _, id) => work.store.require('invoice', id)),
  route(
    'GET',
    '/v1/invoices/:id/lines',
    { limit: paging.limit, starting_after: paging.starting_after, ending_before: paging.ending_before },
    (work, page, id) => listOf(`/v1/invoices/${id}/lines`, pageOf(work.store.require('invoice', id).lines.data, page)),
  ),
  route('POST', '/v1/invoices/:id/pay', { payment_method: text().optional() }, (outer, { payment_method }, id) => {
    const { work, invoice } = requireInvoice(outer, id);
    if (payment_method !== undefined)
      requireAttached(work, idOf(invoice.customer) ?? '', payment_method, 'payment_method');
    const open = invoice.status === 'draft' ? finalizeInvoice(work, invoice) : invoice;
    if (open.status === 'paid' && open !== invoice) return open;
    const { invoice: after, refusal } = payInvoice(work, open, payment_method);
    return refusal ?? after;
  }),
  route('POST', '/v1/invoices/:id/finalize', { auto_advance: flag.optional() }, (outer, { auto_advance }, id) => {
    const { work, invoice } = requireInvoice(outer, id);
    const after = finalizeInvoice(work, { ...invoice, auto_advance: auto_advance ?? invoice.auto_advance ?? false });
    if (after.status !== 'open' || !after.auto_advance) return after;
    // What goes on by itself is tried within the hour.
    const planned: Stripe.Invoice = { ...after, next_payment_attempt: work.now + 3600 };
    work.store.update('invoice', planned);
    return planned;
  }),
  route('POST', '/v1/invoices/:id/void', {}, (outer, _, id) => {
    const { work, invoice } = requireInvoice(outer, id);
    return setAside(work, invoice, 'void');
  }),
  route('POST', '/v1/invoices/:id/mark_uncollectible', {}, (outer, _, id) => {
    const { work, invoice } = requireInvoice(outer, id);
    return setAside(work, invoice, 'uncollectible');
  }),
  route(
    'GET',
    '/v1/invoice_payments',
    { ...paging, invoice: text().optional(), status: oneOf('canceled', 'open', 'paid').optional() },
    (work, { invoice, status, ...page }) =>
      listOf('/v1/invoice_payments', work.store.page('invoice_payment', { invoice, status }, page)),
  ),
];
