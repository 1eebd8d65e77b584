/** The time for which an invoice asks. */
export interface BillingPeriod {
  readonly from: Date;
  readonly to: Date;
}

/**
 * The period of use that `now` lies in. Periods end on the day and at the time that the subscription's does, or on the last day of a month
 * that has no such day.
 * @param anchor any end of a period; undefined where nobody knows one, and calendar months count
 * @param length of a period, in months
 */
export function periodAt(now: Date, anchor: Date | undefined, length = 1): BillingPeriod {
  const from = anchor ?? new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1));
  const months = (now.getUTCFullYear() - from.getUTCFullYear()) * 12 + now.getUTCMonth() - from.getUTCMonth();
  const passed = addMonths(from, months) > now ? months - 1 : months;
  const first = Math.floor(passed / length) * length;
  return { from: addMonths(from, first), to: addMonths(from, first + length) };
}

function addMonths(at: Date, months: number): Date {
  const first = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months, 1));
  const daysInMonth = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const timeOfDay = at.getTime() - Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
  return new Date(first.getTime() + (Math.min(at.getUTCDate(), daysInMonth) - 1) * 86_400_000 + timeOfDay);
}
