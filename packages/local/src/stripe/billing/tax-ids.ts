import type Stripe from 'stripe';
import type { Work } from './work.ts';

/** The kind of tax id that a business has in a country; in the European Union, one for all. */
export const taxIdTypes: Readonly<Record<string, string>> = {
  AU: 'au_abn',
  CH: 'ch_vat',
  GB: 'gb_vat',
  JP: 'jp_trn',
  KR: 'kr_brn',
  NO: 'no_vat',
  SG: 'sg_gst',
  US: 'us_ein',
};

export const taxIdType = (country: string): string => taxIdTypes[country] ?? 'eu_vat';

/** Gives the customer a tax id. Nobody checks it here. */
export function addTaxId(work: Work, customer: string, type: string, value: string): Stripe.TaxId {
  const taxId: Stripe.TaxId = {
    id: work.id('tax_id'),
    object: 'tax_id',
    country: type.slice(0, 2) === 'eu' ? value.slice(0, 2).toUpperCase() : type.slice(0, 2).toUpperCase(),
    created: work.now,
    customer,
    customer_account: null,
    livemode: false,
    owner: { customer, customer_account: null, type: 'customer' },
    type,
    value,
    verification: { status: 'unavailable', verified_address: null, verified_name: null },
  };
  work.store.insert('tax_id', taxId, {});
  work.emit('customer.tax_id.created', taxId);
  return taxId;
}
