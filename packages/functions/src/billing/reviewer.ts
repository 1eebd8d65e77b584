import type { BillingMachines } from '@tenantry/core/billing/machines';
import { type Review, reviewBilling } from '@tenantry/core/billing/review';
import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { sendMails } from '@tenantry/core/mail/outbox';
import type Stripe from 'stripe';
import { companyMailer } from '../company-mailer.ts';
import { log } from '../logging.ts';

/** One tenant's rows as the billing reaches them. */
export interface BillingStores {
  readonly 'tenant-subscription': { readonly Control: Table; readonly Audit: Table };
}

export interface Reviewer {
  /** Brings a company to what Stripe holds, and sends the mails that follow. */
  review(tenantId: TenantId, customerId?: string): Promise<Review>;
  /** Sends what waits, and no more. */
  mail(tenantId: TenantId): Promise<void>;
}

/** @param storesOf with the tenant's own credentials @param people what people want of mails, by the function's own role */
export function createReviewer(
  { stripe, machines, people }: { readonly stripe: Stripe; readonly machines: BillingMachines; readonly people: Table },
  storesOf: (tenantId: TenantId) => BillingStores,
): Reviewer {
  const mailer = companyMailer(people);
  const mail = async (tenantId: TenantId): Promise<void> => {
    const { Control } = storesOf(tenantId)['tenant-subscription'];
    await sendMails(Control, tenantId, mailer(Control, tenantId));
  };
  return {
    mail,
    async review(tenantId, customerId) {
      const { Control, Audit } = storesOf(tenantId)['tenant-subscription'];
      const tables = { control: Control, auditTable: Audit.name };
      const alert = (problem: string, facts: object): void =>
        log.error(problem, undefined, { alert: 'billing', ...facts });
      const review = await reviewBilling({ tables, stripe, machines, alert }, tenantId, customerId);
      if (review.kind === 'reviewed') await mail(tenantId);
      return review;
    },
  };
}
