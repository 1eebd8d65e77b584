import type Stripe from 'stripe';
import { unavailable } from './checkout.ts';

/**
 * A page of a customer's invoices, newest first; drafts are left out, since they still change.
 * @param cursor the last invoice of the page before
 * @throws {DomainError} `payment_unavailable`
 */
export async function invoicePage(
  stripe: Stripe,
  customer: string,
  { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
) {
  try {
    const { data, has_more } = await stripe.invoices.list({
      customer,
      limit,
      ...(cursor ? { starting_after: cursor } : {}),
    });
    const invoices = data
      .filter(({ status }) => status !== 'draft')
      .map(({ id, number, status, total, currency, created, hosted_invoice_url, invoice_pdf }) => ({
        id: id ?? '',
        number,
        status: status ?? 'open',
        // A credit is not a price, and shown as nothing to pay.
        amount: Math.max(0, total),
        currency,
        createdAt: new Date(created * 1000).toISOString(),
        pageUrl: hosted_invoice_url ?? null,
        pdfUrl: invoice_pdf ?? null,
      }));
    return { invoices, cursor: has_more ? (data.at(-1)?.id ?? null) : null };
  } catch (error) {
    throw unavailable(error);
  }
}
