/** Coupons and promotion codes. */

import type Stripe from 'stripe';
import * as z from 'zod';
import {
  type PromisedDiscount,
  promiseCode,
  promiseCoupon,
  requireCoupon,
  showCoupon,
  showPromotionCode,
} from '../billing/discounts.ts';
import { idOf } from '../billing/lines.ts';
import type { Work } from '../billing/work.ts';
import { exclusive, invalid } from '../wire/error.ts';
import {
  changeMetadata,
  currency,
  decimalText,
  flag,
  integer,
  list,
  metadata,
  oneOf,
  paging,
  text,
} from '../wire/params.ts';
import { requireCustomer } from './customers.ts';
import { listOf, type Route, route } from './route.ts';

const positive = integer.refine((count) => count >= 1, 'Invalid integer: must be 1 or more');
const percent = decimalText.refine(
  (given) => Number(given) > 0 && Number(given) <= 100,
  'Invalid percent_off: must be more than 0 and at most 100',
);

/** What requests may take off: a coupon or a promotion code. */
export const discountList = list(
  z.strictObject({ coupon: text().optional(), promotion_code: text().optional() }),
).refine((discounts) => discounts.length <= 5, 'At most 5 discounts can be combined.');

/** @throws {StripeError} for one that cannot be used for the purchase */
export function readDiscounts(
  work: Work,
  given: z.infer<typeof discountList> | undefined,
  purchase: { customer: string | null; amount: number; currency: string },
): PromisedDiscount[] {
  return (given ?? []).map(({ coupon, promotion_code: code }, index) => {
    const param = `discounts[${index}]`;
    if (coupon !== undefined && code !== undefined) throw exclusive(`${param}[coupon]`, `${param}[promotion_code]`);
    if (coupon !== undefined) return promiseCoupon(work, coupon, `${param}[coupon]`);
    const name = `${param}[promotion_code]`;
    if (code === undefined) throw invalid(`Missing required param: ${param}[coupon].`, name, 'parameter_missing');
    return promiseCode(work, work.store.require('promotion_code', code, name), purchase, name);
  });
}

const couponRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/coupons',
    {
      id: text(100).optional(),
      amount_off: positive.optional(),
      percent_off: percent.optional(),
      currency: currency.optional(),
      currency_options: z.record(currency, z.strictObject({ amount_off: positive })).optional(),
      duration: oneOf('forever', 'once', 'repeating').optional(),
      duration_in_months: positive.optional(),
      max_redemptions: positive.optional(),
      redeem_by: integer.optional(),
      name: text(40).optional(),
      applies_to: z.strictObject({ products: list(text()) }).optional(),
      metadata: metadata.optional(),
    },
    (work, params) => {
      const { amount_off, percent_off, duration = 'once', duration_in_months: months } = params;
      if ((amount_off === undefined) === (percent_off === undefined)) throw exclusive('amount_off', 'percent_off');
      if (amount_off !== undefined && params.currency === undefined)
        throw invalid('You must pass `currency` with `amount_off`.', 'currency', 'parameter_missing');
      if ((duration === 'repeating') !== (months !== undefined))
        throw invalid('`duration_in_months` goes with a `duration` of `repeating`.', 'duration_in_months');
      const id = params.id ?? work.id('coupon');
      if (work.store.kindOf(id)) throw invalid(`Coupon already exists.`, 'id', 'resource_already_exists');
      const coupon: Stripe.Coupon = {
        id,
        object: 'coupon',
        amount_off: amount_off ?? null,
        ...(params.applies_to ? { applies_to: params.applies_to } : {}),
        created: work.now,
        currency: params.currency ?? null,
        ...(params.currency_options ? { currency_options: params.currency_options } : {}),
        duration,
        duration_in_months: months ?? null,
        livemode: false,
        max_redemptions: params.max_redemptions ?? null,
        metadata: changeMetadata({}, params.metadata),
        name: params.name ?? null,
        percent_off: percent_off === undefined ? null : Number(percent_off),
        redeem_by: params.redeem_by ?? null,
        times_redeemed: 0,
        valid: true,
      };
      work.store.insert('coupon', coupon, {});
      work.emit('coupon.created', coupon);
      return coupon;
    },
  ),
  route('GET', '/v1/coupons', paging, (work, page) => {
    const { data, hasMore } = work.store.page('coupon', { deleted: null }, page);
    return listOf('/v1/coupons', { data: data.map((coupon) => showCoupon(work, coupon)), hasMore });
  }),
  route('GET', '/v1/coupons/:id', {}, (work, _, id) => showCoupon(work, requireCoupon(work, id))),
  route('POST', '/v1/coupons/:id', { name: text(40).optional(), metadata: metadata.optional() }, (work, params, id) => {
    const before = requireCoupon(work, id);
    const after: Stripe.Coupon = {
      ...before,
      name: params.name ?? before.name,
      metadata: changeMetadata(before.metadata ?? {}, params.metadata),
    };
    work.store.update('coupon', after);
    work.emitUpdate('coupon.updated', before, after);
    return showCoupon(work, after);
  }),
  route('DELETE', '/v1/coupons/:id', {}, (work, _, id) => {
    const coupon = requireCoupon(work, id);
    // It stays for those who have it already.
    work.store.update('coupon', Object.assign({ ...coupon }, { deleted: true }));
    work.emit('coupon.deleted', coupon);
    return { id, object: 'coupon', deleted: true };
  }),
];

const promotionCodeRoutes: readonly Route[] = [
  route(
    'POST',
    '/v1/promotion_codes',
    {
      promotion: z.strictObject({ type: oneOf('coupon'), coupon: text() }),
      active: flag.optional(),
      code: text(500).optional(),
      customer: text().optional(),
      expires_at: integer.optional(),
      max_redemptions: positive.optional(),
      metadata: metadata.optional(),
      restrictions: z
        .strictObject({
          first_time_transaction: flag.optional(),
          minimum_amount: positive.optional(),
          minimum_amount_currency: currency.optional(),
        })
        .optional(),
    },
    (work, params) => {
      const coupon = requireCoupon(work, params.promotion.coupon, 'promotion[coupon]');
      const code = params.code ?? work.random(8).toUpperCase();
      if (!/^[A-Za-z0-9_-]+$/.test(code)) throw invalid('A promotion code has letters, digits, - and _ only.', 'code');
      const rival = work.store
        .all('promotion_code', { active: true })
        .some((other) => other.code.toLowerCase() === code.toLowerCase() && showPromotionCode(work, other).active);
      if (rival && params.active !== false)
        throw invalid(
          `An active promotion code with \`code: ${code}\` already exists.`,
          'code',
          'resource_already_exists',
        );
      const { restrictions } = params;
      const made: Stripe.PromotionCode = {
        id: work.id('promotion_code'),
        object: 'promotion_code',
        active: params.active ?? true,
        code,
        created: work.now,
        customer: params.customer === undefined ? null : requireCustomer(work, params.customer, 'customer').id,
        customer_account: null,
        expires_at: params.expires_at ?? null,
        livemode: false,
        max_redemptions: params.max_redemptions ?? null,
        metadata: changeMetadata({}, params.metadata),
        promotion: { coupon: coupon.id, type: 'coupon' },
        restrictions: {
          first_time_transaction: restrictions?.first_time_transaction ?? false,
          minimum_amount: restrictions?.minimum_amount ?? null,
          minimum_amount_currency: restrictions?.minimum_amount_currency ?? null,
        },
        times_redeemed: 0,
      };
      work.store.insert('promotion_code', made, {});
      work.emit('promotion_code.created', made);
      return showPromotionCode(work, made);
    },
  ),
  route(
    'GET',
    '/v1/promotion_codes',
    {
      ...paging,
      active: flag.optional(),
      code: text(500).optional(),
      coupon: text().optional(),
      customer: text().optional(),
    },
    (work, { active, code, coupon, customer, ...page }) => {
      const where = { active, code, 'promotion.coupon': coupon, customer };
      const { data, hasMore } = work.store.page('promotion_code', where, page);
      return listOf('/v1/promotion_codes', { data: data.map((each) => showPromotionCode(work, each)), hasMore });
    },
  ),
  route('GET', '/v1/promotion_codes/:id', {}, (work, _, id) =>
    showPromotionCode(work, work.store.require('promotion_code', id)),
  ),
  route(
    'POST',
    '/v1/promotion_codes/:id',
    { active: flag.optional(), metadata: metadata.optional() },
    (work, params, id) => {
      const before = work.store.require('promotion_code', id);
      const after: Stripe.PromotionCode = {
        ...before,
        active: params.active ?? before.active,
        metadata: changeMetadata(before.metadata ?? {}, params.metadata),
      };
      work.store.update('promotion_code', after);
      work.emitUpdate('promotion_code.updated', before, after);
      return showPromotionCode(work, after);
    },
  ),
];

const discountRoutes: readonly Route[] = [
  route('DELETE', '/v1/subscriptions/:id/discount', {}, (work, _, id) => {
    const before = work.store.require('subscription', id);
    const [discount] = before.discounts;
    if (!discount) throw invalid('This subscription has no discount.');
    const after = { ...before, discounts: [] };
    work.store.update('subscription', after);
    work.emitUpdate('customer.subscription.updated', before, after);
    return { ...work.store.require('discount', idOf(discount) ?? ''), deleted: true };
  }),
];

export const couponAndCodeRoutes: readonly Route[] = [...couponRoutes, ...promotionCodeRoutes, ...discountRoutes];
