import { describe, expect, it } from 'vitest';
import { tierCatalogue, tierNames } from '../tier/catalogue.ts';
import { dunningSteps, moveDunning } from './dunning.ts';
import type { BillingState } from './state.ts';

const DAY_MS = 86_400_000;
const since = new Date('2027-03-01T00:00:00.000Z');
const after = (days: number): Date => new Date(since.getTime() + days * DAY_MS);

const owing: BillingState = {
  standing: 'grace',
  subscription: {
    subscriptionId: 'sub_1',
    status: 'past_due',
    plan: { tier: 'standard', interval: 'month', currency: 'usd' },
    currentPeriodEnd: null,
    trialEnd: null,
    endsAt: null,
  },
  owed: {
    amount: 4900,
    currency: 'usd',
    since: since.toISOString(),
    payUrl: null,
    suspendsAt: after(10).toISOString(),
    deactivatesAt: after(30).toISOString(),
  },
  surplus: [],
};
const episode = (step: string) => ({ subscriptionId: 'sub_1', since: since.toISOString(), step });

describe.each(tierNames)('the steps of %s', (tier) => {
  const steps = dunningSteps(tier);
  it('come one after the other, and suspend and deactivate on the days of the tier', () => {
    const days = steps.map(({ day }) => day);
    expect(days).toEqual(days.toSorted((a, b) => a - b));
    expect(new Set(days).size).toBe(days.length);
    const dayOf = (name: string) => steps.find((step) => step.name === name)?.day;
    const { graceDays, lastDays } = tierCatalogue[tier].dunning;
    expect([dayOf('suspended'), dayOf('deactivated')]).toEqual([graceDays, lastDays]);
  });

  it('are each taken once, however often somebody looks, and never twice', () => {
    const taken: string[] = [];
    let before: ReturnType<typeof episode> | undefined;
    for (let hours = 0; hours <= 24 * 70; hours += 5) {
      const move = moveDunning(owing, before, tier, after(hours / 24));
      if (move.step) taken.push(move.step.name);
      before = move.episode;
    }
    expect(taken).toEqual(steps.map(({ name }) => name));
  });
});

it('takes only the newest of the steps that are due after nobody looked for a while', () => {
  const move = moveDunning(owing, episode('failed'), 'standard', after(8));
  expect(move.step?.name).toBe('reminder-7');
  expect(move.nextAt).toEqual(after(10));
});

it('begins anew with another debt, and does not mistake it for the one before', () => {
  const other = { ...episode('reminder-7'), since: '2027-01-01T00:00:00.000Z' };
  expect(moveDunning(owing, other, 'standard', after(0)).step?.name).toBe('failed');
});

it('never goes back when a clock does', () => {
  const move = moveDunning(owing, episode('reminder-3'), 'standard', after(1));
  expect([move.step, move.episode?.step]).toEqual([undefined, 'reminder-3']);
});

it('says that it was paid only to who owed', () => {
  const paid: BillingState = { ...owing, standing: 'paid', owed: null };
  expect(moveDunning(paid, episode('failed'), 'standard', after(2))).toMatchObject({
    recovered: true,
    episode: undefined,
  });
  expect(moveDunning(paid, undefined, 'standard', after(2)).recovered).toBe(false);
  expect(moveDunning({ ...paid, standing: 'ended' }, episode('failed'), 'standard', after(2)).recovered).toBe(false);
});
