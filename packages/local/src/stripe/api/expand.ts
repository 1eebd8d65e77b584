/** `expand[]`: ids in an answer replaced by the objects that they name, and fields that are shown only when asked for. */

import { paymentOf } from '../billing/collect.ts';
import { showCoupon, showPromotionCode } from '../billing/discounts.ts';
import type { Work } from '../billing/work.ts';
import { showPrice } from '../objects/price.ts';
import type { ObjectTypes } from '../store/kinds.ts';
import { invalid } from '../wire/error.ts';
import { lineItemsOf } from './checkout-sessions.ts';
import { listOf } from './route.ts';

const DEPTH_MAX = 5;
type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Fields that are left out unless expanded, by the kind that has them. */
const includable: Readonly<Record<string, (work: Work, id: string) => unknown>> = {
  'checkout.session.line_items': (work, id) =>
    listOf(`/v1/checkout/sessions/${id}/line_items`, lineItemsOf(work, work.store.require('checkout.session', id))),
  'customer.subscriptions': (work, id) =>
    listOf(
      `/v1/customers/${id}/subscriptions`,
      work.store.page('subscription', { customer: id, status: ['active', 'past_due', 'trialing'] }, {}),
    ),
  'invoice.payments': (work, id) =>
    listOf(`/v1/invoice_payments?invoice=${id}`, work.store.page('invoice_payment', { invoice: id }, {})),
  'invoice.confirmation_secret': (work, id) => {
    const invoice = work.store.require('invoice', id);
    if (invoice.status !== 'open') return null;
    return { client_secret: paymentOf(work, invoice).intent.client_secret, type: 'payment_intent' };
  },
  'price.currency_options': (work, id) => work.store.require('price', id).currency_options,
  'price.tiers': (work, id) => work.store.require('price', id).tiers,
};

function load(work: Work, id: string): unknown {
  const kind = work.store.kindOf(id);
  const object = kind && work.store.find(kind, id);
  if (!object) return undefined;
  return toJson(shownOf(work, object));
}

/** Objects that are not shown quite as they are kept. */
function shownOf(work: Work, object: ObjectTypes[keyof ObjectTypes]): object {
  if (object.object === 'price') return showPrice(object);
  if (object.object === 'coupon') return showCoupon(work, object);
  if (object.object === 'promotion_code') return showPromotionCode(work, object);
  return object;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value ?? null));
const toJson = (value: object): Json => JSON.parse(JSON.stringify(value));

function expandPath(work: Work, value: unknown, path: readonly string[], whole: string): void {
  const [field, ...rest] = path;
  if (field === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const entry of value) expandPath(work, entry, path, whole);
    return;
  }
  if (!isObject(value)) throw notExpandable(whole);
  const include = includable[`${String(value.object)}.${field}`];
  if (value[field] === undefined && include) value[field] = plain(include(work, String(value.id)));
  const found = value[field];
  if (typeof found === 'string') {
    const object = load(work, found);
    if (object === undefined) throw notExpandable(whole);
    value[field] = object;
  } else if (Array.isArray(found)) {
    value[field] = found.map((entry: unknown) => {
      const object = typeof entry === 'string' ? load(work, entry) : entry;
      if (object === undefined) throw notExpandable(whole);
      return object;
    });
  } else if (found === undefined || (rest.length === 0 && typeof found !== 'object')) {
    throw notExpandable(whole);
  }
  expandPath(work, value[field], rest, whole);
}

const notExpandable = (path: string) => invalid(`This property cannot be expanded (${path}).`, 'expand');

/** @throws {StripeError} for a path that names nothing that can be expanded */
export function expand(work: Work, answer: object, paths: readonly string[]): object {
  if (paths.length === 0) return answer;
  const json = toJson(answer);
  for (const path of paths) {
    const parts = path.split('.');
    if (parts.length > DEPTH_MAX)
      throw invalid(`You cannot expand more than 4 levels of a property. (${path})`, 'expand');
    expandPath(work, json, parts, path);
  }
  return json;
}
