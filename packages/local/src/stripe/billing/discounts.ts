/** Coupons and the codes that promise them, and what becomes of them when they are used. */

import type Stripe from 'stripe';
import { invalid, missing } from '../wire/error.ts';
import { idOf } from './lines.ts';
import { addInterval } from './period.ts';
import type { Work } from './work.ts';

/** What is to be taken off, before it is: a coupon, and the code that named it. */
export interface PromisedDiscount {
  readonly coupon: string;
  readonly promotionCode: string | null;
}

export function isValid({ max_redemptions, times_redeemed, redeem_by, deleted }: Stripe.Coupon, now: number): boolean {
  const isUsedUp = max_redemptions !== null && times_redeemed >= max_redemptions;
  return !deleted && !isUsedUp && (redeem_by === null || redeem_by > now);
}

export const showCoupon = (work: Work, coupon: Stripe.Coupon): Stripe.Coupon => ({
  ...coupon,
  valid: isValid(coupon, work.now),
});

/** A coupon that can be looked at; one that was deleted counts for those who have it, and for nobody else. */
export function requireCoupon(work: Work, id: string, param?: string): Stripe.Coupon {
  const coupon = work.store.require('coupon', id, param);
  if (coupon.deleted) throw missing('coupon', id, param);
  return coupon;
}

/** A code is active until it expires or is used up. */
export function showPromotionCode(work: Work, code: Stripe.PromotionCode): Stripe.PromotionCode {
  const coupon = work.store.find('coupon', idOf(code.promotion.coupon) ?? '');
  const isUsedUp = code.max_redemptions !== null && code.times_redeemed >= code.max_redemptions;
  const isExpired = code.expires_at !== null && code.expires_at <= work.now;
  return {
    ...code,
    active: code.active && !isUsedUp && !isExpired && coupon !== undefined && isValid(coupon, work.now),
  };
}

const codeInvalid = (param: string) => invalid('This promotion code is invalid.', param, 'promotion_code_invalid');

/** @throws {StripeError} when the coupon cannot be used any more */
export function promiseCoupon(work: Work, id: string, param: string): PromisedDiscount {
  const coupon = requireCoupon(work, id, param);
  if (!isValid(coupon, work.now)) throw invalid(`Coupon expired: ${id}`, param, 'coupon_expired');
  return { coupon: id, promotionCode: null };
}

/**
 * @param customer who wants to use it; `null` for somebody new
 * @param amount what is bought for, in minor units of the currency
 * @throws {StripeError} when the code is not for this purchase
 */
export function promiseCode(
  work: Work,
  stored: Stripe.PromotionCode,
  { customer, amount, currency }: { customer: string | null; amount: number; currency: string },
  param: string,
): PromisedDiscount {
  const code = showPromotionCode(work, stored);
  const { first_time_transaction, minimum_amount, minimum_amount_currency } = code.restrictions;
  const owner = idOf(code.customer);
  const bought =
    customer !== null && work.store.all('invoice', { customer, status: 'paid' }).some(({ total }) => total > 0);
  if (!code.active || (owner !== null && owner !== customer) || (first_time_transaction && bought))
    throw codeInvalid(param);
  if (minimum_amount !== null && (minimum_amount_currency !== currency || amount < minimum_amount))
    throw codeInvalid(param);
  return { coupon: idOf(code.promotion.coupon) ?? '', promotionCode: code.id };
}

/** Makes the discount that was promised, for a subscription. */
export function redeem(
  work: Work,
  { coupon: id, promotionCode }: PromisedDiscount,
  owner: { readonly customer: string; readonly subscription: string | null; readonly session: string | null },
): Stripe.Discount {
  const { store, now } = work;
  const coupon = store.require('coupon', id);
  const months = coupon.duration === 'repeating' ? (coupon.duration_in_months ?? 1) : null;
  const discount: Stripe.Discount = {
    id: work.id('discount'),
    object: 'discount',
    checkout_session: owner.session,
    customer: owner.customer,
    customer_account: null,
    end: months === null ? null : addInterval(now, { interval: 'month', interval_count: months }, now),
    invoice: null,
    invoice_item: null,
    promotion_code: promotionCode,
    source: { coupon: id, type: 'coupon' },
    start: now,
    subscription: owner.subscription,
    subscription_item: null,
  };
  store.insert('discount', discount, {});
  store.update('coupon', { ...coupon, times_redeemed: coupon.times_redeemed + 1 });
  if (promotionCode !== null) {
    const code = store.require('promotion_code', promotionCode);
    store.update('promotion_code', { ...code, times_redeemed: code.times_redeemed + 1 });
  }
  work.emit('customer.discount.created', discount);
  return discount;
}
