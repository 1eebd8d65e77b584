/** What requests may say of a checkout session. */

import * as z from 'zod';
import { currency, email, flag, integer, list, metadata, oneOf, text, webUrl } from '../wire/params.ts';
import { discountList } from './coupons.ts';
import { priceData } from './prices.ts';
import { trialDays, trialSettings } from './subscription-params.ts';

const item = z.strictObject({
  price: text().optional(),
  price_data: priceData.optional(),
  quantity: integer.refine((count) => count >= 1 && count <= 999_999, 'Invalid quantity').optional(),
});

export type Item = z.infer<typeof item>;

export const shape = {
  mode: oneOf('subscription'),
  ui_mode: oneOf('hosted_page').optional(),
  line_items: list(item).refine(
    (items) => items.length >= 1 && items.length <= 20,
    'You must pass 1 to 20 line items.',
  ),
  customer: text().optional(),
  customer_email: email.optional(),
  client_reference_id: text(200).optional(),
  metadata: metadata.optional(),
  subscription_data: z
    .strictObject({
      metadata: metadata.optional(),
      description: text(500).optional(),
      trial_period_days: trialDays.optional(),
      trial_settings: trialSettings.optional(),
    })
    .optional(),
  success_url: webUrl,
  cancel_url: webUrl.optional(),
  expires_at: integer.optional(),
  currency: currency.optional(),
  locale: text(10).optional(),
  allow_promotion_codes: flag.optional(),
  automatic_tax: z.strictObject({ enabled: flag }).optional(),
  payment_method_types: list(oneOf('card')).optional(),
  payment_method_collection: oneOf('always', 'if_required').optional(),
  billing_address_collection: oneOf('auto', 'required').optional(),
  tax_id_collection: z.strictObject({ enabled: flag, required: oneOf('if_supported', 'never').optional() }).optional(),
  customer_update: z
    .strictObject({ address: oneOf('auto', 'never').optional(), name: oneOf('auto', 'never').optional() })
    .optional(),
  discounts: discountList.optional(),
};

const params = z.strictObject(shape);
export type Params = z.infer<typeof params>;
