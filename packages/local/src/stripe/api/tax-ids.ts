/** Tax ids of customers. */

import type Stripe from 'stripe';
import { onClockOf } from '../billing/clock.ts';
import { addTaxId } from '../billing/tax-ids.ts';
import type { Work } from '../billing/work.ts';
import { missing } from '../wire/error.ts';
import { paging, text } from '../wire/params.ts';
import { requireCustomer } from './customers.ts';
import { listOf, type Route, route } from './route.ts';

function requireTaxId(work: Work, customer: string, id: string): Stripe.TaxId {
  const taxId = work.store.require('tax_id', id);
  if (taxId.customer !== customer) throw missing('tax id', id);
  return taxId;
}

export const taxIdRoutes: readonly Route[] = [
  route('POST', '/v1/customers/:id/tax_ids', { type: text(20), value: text(50) }, (work, { type, value }, id) => {
    const customer = requireCustomer(work, id);
    return addTaxId(onClockOf(work, customer), id, type, value);
  }),
  route('GET', '/v1/customers/:id/tax_ids', paging, (work, page, id) => {
    requireCustomer(work, id);
    return listOf(`/v1/customers/${id}/tax_ids`, work.store.page('tax_id', { customer: id }, page));
  }),
  route('GET', '/v1/customers/:id/tax_ids/:id', {}, (work, _, customer, id) => requireTaxId(work, customer, id)),
  route('DELETE', '/v1/customers/:id/tax_ids/:id', {}, (work, _, customer, id) => {
    const taxId = requireTaxId(work, customer, id);
    work.store.remove('tax_id', id);
    work.emit('customer.tax_id.deleted', taxId);
    return { id, object: 'tax_id', deleted: true };
  }),
];
