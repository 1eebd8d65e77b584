/** What forms offer and check before they ask, as plain values: a browser loads no schema for them. */
export { mayGive as rolesToGive, roles as offeredRoles } from '../identity/role.ts';
export { arrivalRoles as offeredArrivalRoles } from '../sso/limits.ts';
export { isSlug } from '../tenant/slug-form.ts';
export {
  type Currency,
  currencies as offeredCurrencies,
  type Interval,
  intervals as offeredIntervals,
} from '../tier/payment-choices.ts';
export { tierTitles } from '../tier/titles.ts';
export { type WebhookEventType, webhookEventTypes as offeredEventTypes } from '../webhook/events.ts';
