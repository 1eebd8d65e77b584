import type Stripe from 'stripe';
import type { TenantId } from '../ids/id.ts';

/**
 * Makes the one customer of a company. It comes before anything can be paid, so that whatever is paid belongs to it.
 * @param more what else Stripe is to know, such as a test clock
 */
export const createCustomer = (
  stripe: Stripe,
  { tenantId, email, name }: { readonly tenantId: TenantId; readonly email: string; readonly name: string },
  more: Pick<Stripe.CustomerCreateParams, 'test_clock'> = {},
): Promise<Stripe.Customer> =>
  stripe.customers.create({ email, name, metadata: { tenantId }, ...more }, { idempotencyKey: `customer-${tenantId}` });
