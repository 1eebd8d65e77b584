/**
 * How a company stands with what it owes.
 * - `none`: nothing was ever paid.
 * - `paid`: served, in a trial or for money.
 * - `grace`: something is owed, and the company is served all the same for a while.
 * - `overdue`: that time is over; the company is suspended.
 * - `forfeited`: the last date is over too; the company is deactivated.
 * - `paused`: the trial ended and nobody gave a card, or it was paused on purpose.
 * - `ended`: the subscription is over.
 */
export const standings = ['none', 'paid', 'grace', 'overdue', 'forfeited', 'paused', 'ended'] as const;
export type Standing = (typeof standings)[number];
