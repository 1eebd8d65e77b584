import type Stripe from 'stripe';
import * as z from 'zod';
import { amountFor } from '../billing/amounts.ts';
import { expireSession } from '../billing/checkout.ts';
import { onClock } from '../billing/clock.ts';
import { idOf } from '../billing/lines.ts';
import { amountsFor, quoteOf, withQuote } from '../billing/quote.ts';
import type { Work } from '../billing/work.ts';
import { isMetered, pricedIn, productOf } from '../objects/price.ts';
import { lineItem, newSession } from '../objects/session.ts';
import type { Page } from '../store/database.ts';
import type { Purchase } from '../store/kinds.ts';
import { exclusive, invalid } from '../wire/error.ts';
import { changeMetadata, metadata, oneOf, paging, text } from '../wire/params.ts';
import { type Item, type Params, shape } from './checkout-params.ts';
import { readDiscounts } from './coupons.ts';
import { requireCustomer } from './customers.ts';
import { priceFromData } from './prices.ts';
import { listOf, type Route, route } from './route.ts';

const LIFE_SECONDS = { min: 30 * 60, max: 24 * 3600 };
/** A caller's clock and the way to here take time; Stripe, too, is not strict to the second. */
const LIFE_SLACK_SECONDS = 10;

interface Line {
  readonly purchase: Purchase;
  readonly price: Stripe.Price;
}

function readLines(work: Work, items: readonly Item[]): Line[] {
  const lines = items.map(({ price: id, price_data, quantity }, position): Line => {
    const param = `line_items[${position}]`;
    if (id !== undefined && price_data !== undefined) throw exclusive(`${param}[price]`, `${param}[price_data]`);
    if (id === undefined && price_data === undefined)
      throw invalid(`Missing required param: ${param}[price].`, `${param}[price]`, 'parameter_missing');
    const price = price_data
      ? priceFromData(work, price_data, `${param}[price_data]`)
      : work.store.require('price', id ?? '', `${param}[price]`);
    if (!price_data && !price.active)
      throw invalid('The price specified is inactive. This field only accepts active prices.', `${param}[price]`);
    if (!price.recurring)
      throw invalid('The local Stripe sells recurring prices only, in `subscription` mode.', `${param}[price]`);
    if (isMetered(price) && quantity !== undefined)
      throw invalid('Quantity should not be specified where usage_type is `metered`.', `${param}[quantity]`);
    return { purchase: { id: `li_${work.random(24)}`, price: price.id, quantity: quantity ?? 1 }, price };
  });
  const [first] = lines;
  const mixed = lines.some(
    ({ price }) =>
      price.recurring?.interval !== first?.price.recurring?.interval ||
      price.recurring?.interval_count !== first?.price.recurring?.interval_count,
  );
  if (mixed) throw invalid('Checkout does not support multiple prices with different billing intervals.', 'line_items');
  return lines;
}

/** @throws {StripeError} when something is not for sale in the currency */
function requireCurrency(lines: readonly Line[], money: string): void {
  const missing = lines.find(({ price }) => !pricedIn(price, money));
  if (missing) throw invalid(`The price \`${missing.price.id}\` is not available in \`${money}\`.`, 'currency');
}

/** What a known customer lacks for tax, the buyer must be let give. */
function requireTaxInputs(customer: Stripe.Customer | null, params: Params): void {
  if (!customer) {
    if (params.customer_update) throw invalid('`customer_update` can only be used with `customer`.', 'customer_update');
    return;
  }
  const { address, name } = params.customer_update ?? {};
  if (params.automatic_tax?.enabled && !customer.address?.country && address !== 'auto')
    throw invalid(
      "Automatic tax calculation in Checkout requires a valid address on the Customer. Add a valid address to the Customer or set `customer_update[address]` to 'auto'.",
      'customer_update[address]',
      'customer_tax_location_invalid',
    );
  if (params.tax_id_collection?.enabled && name !== 'auto')
    throw invalid(
      "Tax ID collection requires updating business name on the customer. Set `customer_update[name]` to 'auto'.",
      'customer_update[name]',
    );
}

function readExpiry(work: Work, given: number | undefined): number {
  const { min, max } = LIFE_SECONDS;
  if (given === undefined) return work.now + max;
  if (given < work.now + min - LIFE_SLACK_SECONDS)
    throw invalid(
      'The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.',
      'expires_at',
    );
  if (given > work.now + max + LIFE_SLACK_SECONDS)
    throw invalid(
      'The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.',
      'expires_at',
    );
  return given;
}

/** What the session sells, as line items. */
export function lineItemsOf(work: Work, session: Stripe.Checkout.Session): Page<Stripe.LineItem> {
  const { purchases } = work.store.hidden('checkout.session', session.id);
  const quote = quoteOf(work, session);
  const data = purchases.map((purchase) => {
    const price = work.store.require('price', purchase.price);
    return lineItem(
      purchase,
      price,
      work.store.require('product', productOf(price)),
      session.currency ?? price.currency,
      amountsFor(quote, purchase.id),
    );
  });
  return { data, hasMore: false };
}

function create(work: Work, params: Params): Stripe.Checkout.Session {
  if (params.customer !== undefined && params.customer_email !== undefined)
    throw exclusive('customer', 'customer_email');
  if (params.discounts && params.allow_promotion_codes) throw exclusive('allow_promotion_codes', 'discounts');
  const customer = params.customer === undefined ? null : requireCustomer(work, params.customer, 'customer');
  requireTaxInputs(customer, params);
  const lines = readLines(work, params.line_items);
  const money = params.currency ?? lines[0]?.price.currency ?? 'usd';
  requireCurrency(lines, money);
  const amount = lines.reduce(
    (sum, { purchase, price }) => sum + (isMetered(price) ? 0 : amountFor(price, money, purchase.quantity)),
    0,
  );
  const discounts = readDiscounts(work, params.discounts, { customer: customer?.id ?? null, amount, currency: money });
  const given = params.subscription_data;
  const session = newSession(work, {
    currency: money,
    successUrl: params.success_url,
    cancelUrl: params.cancel_url ?? null,
    expiresAt: readExpiry(work, params.expires_at),
    customer: customer?.id ?? null,
    customerEmail: params.customer_email ?? null,
    clientReferenceId: params.client_reference_id ?? null,
    metadata: changeMetadata({}, params.metadata),
    allowPromotionCodes: params.allow_promotion_codes ?? null,
    automaticTax: params.automatic_tax?.enabled ?? false,
    locale: params.locale ?? null,
    paymentMethodCollection: params.payment_method_collection ?? 'always',
    billingAddressCollection: params.billing_address_collection ?? null,
    taxIdCollection: params.tax_id_collection?.enabled ?? false,
    discounts,
  });
  const clock = idOf(customer?.test_clock);
  work.store.insert('checkout.session', session, {
    ...(clock === null
      ? {}
      : { clock: { id: clock, expiresAt: onClock(work, clock).now + session.expires_at - work.now } }),
    purchases: lines.map(({ purchase }) => purchase),
    subscription: {
      metadata: changeMetadata({}, given?.metadata),
      description: given?.description ?? null,
      trialDays: given?.trial_period_days ?? 0,
      missingPaymentMethod: given?.trial_settings?.end_behavior.missing_payment_method ?? 'create_invoice',
    },
    discounts,
    customerUpdate: {
      address: params.customer_update?.address === 'auto',
      name: params.customer_update?.name === 'auto',
    },
  });
  const quoted = withQuote(work, session);
  work.store.update('checkout.session', quoted);
  return quoted;
}

export const checkoutSessionRoutes: readonly Route[] = [
  route('POST', '/v1/checkout/sessions', shape, create),
  route(
    'GET',
    '/v1/checkout/sessions',
    {
      ...paging,
      customer: text().optional(),
      subscription: text().optional(),
      status: oneOf('open', 'complete', 'expired').optional(),
      customer_details: z.strictObject({ email: text() }).optional(),
    },
    (work, { customer, subscription, status, customer_details, ...page }) =>
      listOf(
        '/v1/checkout/sessions',
        work.store.page(
          'checkout.session',
          { customer, subscription, status, 'customer_details.email': customer_details?.email },
          page,
        ),
      ),
  ),
  route('GET', '/v1/checkout/sessions/:id', {}, (work, _, id) => work.store.require('checkout.session', id)),
  route('POST', '/v1/checkout/sessions/:id', { metadata: metadata.optional() }, (work, params, id) => {
    const before = work.store.require('checkout.session', id);
    const after = { ...before, metadata: changeMetadata(before.metadata ?? {}, params.metadata) };
    work.store.update('checkout.session', after);
    return after;
  }),
  route('POST', '/v1/checkout/sessions/:id/expire', {}, (work, _, id) => {
    const session = work.store.require('checkout.session', id);
    if (session.status !== 'open')
      throw invalid(
        `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${session.status}.`,
      );
    return expireSession(work, session);
  }),
  route('GET', '/v1/checkout/sessions/:id/line_items', paging, (work, _, id) =>
    listOf(`/v1/checkout/sessions/${id}/line_items`, lineItemsOf(work, work.store.require('checkout.session', id))),
  ),
];
