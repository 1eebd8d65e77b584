import Stripe from 'stripe';

/** The present objects of one customer at Stripe. */
export interface StripeView {
  readonly customerDeleted: boolean;
  /** All that ever were, the ended ones too; each with its newest invoice. */
  readonly subscriptions: readonly Stripe.Subscription[];
  /** Finalized and not paid. */
  readonly openInvoices: readonly Stripe.Invoice[];
  /**
   * When Stripe answered, by its own clock: the clocks of two functions may differ, and theirs must not decide about deadlines. A customer of
   * a test clock lives in its time.
   */
  readonly at: Date;
}

const PAGE = 100;

export const isGone = (error: unknown): boolean =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing';

const emptyList = { data: [] };

/** Reads what Stripe holds of a customer now. Whatever an event said of it does not matter. */
export async function readStripe(stripe: Stripe, customerId: string): Promise<StripeView> {
  const none = (error: unknown) => {
    if (isGone(error)) return emptyList;
    throw error;
  };
  const customer = await stripe.customers.retrieve(customerId);
  const [subscriptions, invoices, at] = await Promise.all([
    stripe.subscriptions
      .list({ customer: customerId, status: 'all', limit: PAGE, expand: ['data.latest_invoice'] })
      .catch(none),
    stripe.invoices.list({ customer: customerId, status: 'open', limit: PAGE }).catch(none),
    timeOf(stripe, customer),
  ]);
  return {
    customerDeleted: customer.deleted === true,
    subscriptions: subscriptions.data,
    openInvoices: invoices.data,
    at,
  };
}

async function timeOf(
  stripe: Stripe,
  customer: Stripe.Response<Stripe.Customer | Stripe.DeletedCustomer>,
): Promise<Date> {
  const clock = customer.deleted ? null : (customer.test_clock ?? null);
  if (clock) {
    const { frozen_time } = await stripe.testHelpers.testClocks.retrieve(typeof clock === 'string' ? clock : clock.id);
    return new Date(frozen_time * 1000);
  }
  // By fetch, the client gives headers as an object of their own; by Node's http, as a record.
  const headers: unknown = customer.lastResponse.headers;
  const date = headers instanceof Headers ? headers.get('date') : customer.lastResponse.headers.date;
  const said = Date.parse(date ?? '');
  if (Number.isNaN(said)) throw new Error('Stripe answered without a date.');
  return new Date(said);
}
