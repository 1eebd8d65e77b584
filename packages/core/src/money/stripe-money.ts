import Stripe from 'stripe';

/** What Stripe holds of a customer that money can be told from. */
export interface StripeMoney {
  readonly subscriptions: readonly Stripe.Subscription[];
  /** Finalized invoices that are paid, the newest first. */
  readonly paidInvoices: readonly Stripe.Invoice[];
  readonly charges: readonly Stripe.Charge[];
}

const PAGE = 100;
/** More than eight years of months, or any number of changes that somebody makes in earnest. */
const PAGES_MAX = 10;

const noMoney: StripeMoney = { subscriptions: [], paidInvoices: [], charges: [] };

/** Reads what a customer ever paid. A customer that is gone has nothing any more. */
export async function readStripeMoney(stripe: Stripe, customer: string): Promise<StripeMoney> {
  try {
    const [subscriptions, paidInvoices, charges] = await Promise.all([
      all((page) => stripe.subscriptions.list({ customer, status: 'all', ...page })),
      all((page) => stripe.invoices.list({ customer, status: 'paid', ...page })),
      all((page) => stripe.charges.list({ customer, ...page })),
    ]);
    return { subscriptions, paidInvoices, charges };
  } catch (error) {
    if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing') return noMoney;
    throw error;
  }
}

/** @throws {Error} when there are more pages than anybody has in earnest, so that no sum is ever of a part */
async function all<T extends { readonly id?: string }>(
  list: (page: { readonly limit: number; readonly starting_after?: string }) => Promise<Stripe.ApiList<T>>,
): Promise<readonly T[]> {
  const found: T[] = [];
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const last = found.at(-1)?.id;
    const { data, has_more } = await list({ limit: PAGE, ...(last ? { starting_after: last } : {}) });
    found.push(...data);
    if (!has_more) return found;
  }
  throw new Error(`Stripe has more than ${PAGE * PAGES_MAX} objects of a customer.`);
}
