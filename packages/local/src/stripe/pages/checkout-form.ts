/** What a checkout asks besides the card: where the buyer is, for which business, and a promotion code. */

import type Stripe from 'stripe';
import { type Html, html } from '../../mail/html.ts';
import { idOf } from '../billing/lines.ts';
import { taxRates } from '../billing/tax.ts';
import { taxIdTypes } from '../billing/tax-ids.ts';
import type { Work } from '../billing/work.ts';
import type { CheckoutAddress } from '../store/kinds.ts';
import type { StripeError } from '../wire/error.ts';
import { faultAttributes } from './card-form.ts';
import type { Language, Words } from './words.ts';

export const countries: readonly string[] = [
  ...new Set([...Object.keys(taxRates), ...Object.keys(taxIdTypes), 'BR', 'CA', 'CN', 'IN', 'MX', 'NZ', 'TW', 'VN']),
].sort();

/** What the buyer has typed by now. */
export interface Entered extends CheckoutAddress {
  readonly email: string;
  readonly name: string;
  readonly code: string;
}

export const asksAddress = (session: Stripe.Checkout.Session): boolean =>
  session.automatic_tax.enabled || session.billing_address_collection === 'required' || asksTaxId(session);
const asksStreet = (session: Stripe.Checkout.Session): boolean => session.billing_address_collection === 'required';
const asksTaxId = (session: Stripe.Checkout.Session): boolean => session.tax_id_collection?.enabled ?? false;

/** What is known before the buyer types anything. */
export function enteredBefore(work: Work, session: Stripe.Checkout.Session, language: Language): Entered {
  const id = idOf(session.customer);
  const customer = id === null ? undefined : work.store.find('customer', id);
  const { address: kept, discounts = [] } = work.store.hidden('checkout.session', session.id);
  const applied = discounts[0]?.promotionCode;
  const known = customer && !customer.deleted ? customer : undefined;
  return {
    email: '',
    name: '',
    code: applied ? work.store.require('promotion_code', applied).code : '',
    country: known?.address?.country ?? (language === 'ko' ? 'KR' : 'US'),
    line1: known?.address?.line1 ?? '',
    city: known?.address?.city ?? '',
    postalCode: known?.address?.postal_code ?? '',
    businessName: '',
    taxId: '',
    ...kept,
  };
}

function field(id: string, label: string, value: string, autocomplete: string, max: number, required: boolean): Html {
  return html`<div class="field"><label for="${id}">${label}</label>
<input id="${id}" name="${id}" value="${value}" autocomplete="${autocomplete}" maxlength="${max}"${required ? html` required` : undefined}></div>`;
}

/** @param updates whether choosing another reckons the total again */
export function countryField(country: string, words: Words, updates = false): Html {
  const names = new Intl.DisplayNames(words.locale, { type: 'region' });
  const options = countries
    .map((code) => ({ code, name: names.of(code) ?? code }))
    .sort((left, right) => left.name.localeCompare(right.name, words.locale))
    .map(
      ({ code, name }) =>
        html`<option value="${code}"${code === country ? html` selected` : undefined}>${name}</option>`,
    );
  return html`<div class="field"><label for="country">${words.country}</label>
<select id="country" name="country" autocomplete="country"${updates ? html` data-update` : undefined}>${updates ? undefined : html`<option value="">–</option>`}${options}</select></div>`;
}

export function addressFields(session: Stripe.Checkout.Session, entered: Entered, words: Words): Html | undefined {
  if (!asksAddress(session)) return undefined;
  const street = asksStreet(session)
    ? html`${field('line1', words.street, entered.line1, 'address-line1', 200, true)}
<div class="pair">${field('city', words.city, entered.city, 'address-level2', 200, true)}
${field('postalCode', words.postalCode, entered.postalCode, 'postal-code', 50, true)}</div>`
    : undefined;
  const business = asksTaxId(session)
    ? html`<div class="pair">${field('businessName', words.businessName, entered.businessName, 'organization', 200, false)}
${field('taxId', words.taxId, entered.taxId, 'off', 50, false)}</div>`
    : undefined;
  return html`${countryField(entered.country, words, true)}${street}${business}
<p><button class="plain small" name="action" value="update" formnovalidate>${words.updateTotal}</button></p>`;
}

export function codeField(
  session: Stripe.Checkout.Session,
  entered: Entered,
  words: Words,
  error: StripeError | undefined,
): Html | undefined {
  if (!session.allow_promotion_codes) return undefined;
  return html`<div class="field"><label for="code">${words.promotionCode}</label><div class="row">
<input class="grow" id="code" name="code" value="${entered.code}" autocomplete="off" maxlength="100"${faultAttributes(error, 'code')}>
<button class="plain small" name="action" value="code" formnovalidate>${words.applyCode}</button></div></div>`;
}
