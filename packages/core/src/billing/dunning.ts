import * as z from 'zod';
import type { TierName } from '../tier/catalogue.ts';
import { tierCatalogue } from '../tier/catalogue.ts';
import type { BillingState } from './state.ts';

const DAY_MS = 86_400_000;

/** Mails about a company's billing; `mails.ts` says what is in them. */
export const mailKinds = [
  'paymentFailed',
  'paymentReminder',
  'suspended',
  'lastReminder',
  'deactivated',
  'recovered',
  'trialEnding',
  'paused',
  'ended',
] as const;
export type MailKind = (typeof mailKinds)[number];

export interface DunningStep {
  readonly name: string;
  /** Days since the payment first failed. */
  readonly day: number;
  readonly mail: MailKind;
}

/** Days on which an unpaid company is reminded, as long as it is served. */
const REMINDER_DAYS = [1, 3, 7, 14, 21] as const;
/** Days before the last date on which a suspended company hears of it. */
const LAST_REMINDER_DAYS = 7;

/** The steps that an unpaid company is taken through, in their order. */
export function dunningSteps(tier: TierName): readonly DunningStep[] {
  const { graceDays, lastDays } = tierCatalogue[tier].dunning;
  const lastReminder = lastDays - LAST_REMINDER_DAYS;
  return [
    { name: 'failed', day: 0, mail: 'paymentFailed' },
    ...REMINDER_DAYS.filter((day) => day < graceDays).map(
      (day) => ({ name: `reminder-${day}`, day, mail: 'paymentReminder' }) as const,
    ),
    { name: 'suspended', day: graceDays, mail: 'suspended' },
    ...(lastReminder > graceDays ? [{ name: 'last-reminder', day: lastReminder, mail: 'lastReminder' } as const] : []),
    { name: 'deactivated', day: lastDays, mail: 'deactivated' },
  ];
}

/** What is done about one subscription whose payment fails, from its first failure to its end. */
export const episodeSchema = z.object({
  subscriptionId: z.string(),
  /** When the first payment failed. */
  since: z.string(),
  /** Name of the last step that was taken. */
  step: z.string(),
});
export type Episode = z.infer<typeof episodeSchema>;

export interface DunningMove {
  /** What the row holds from now on; undefined when nothing is owed any more. */
  readonly episode: Episode | undefined;
  /** The step that is taken now; undefined when it was taken before. */
  readonly step: DunningStep | undefined;
  /** Whether what was owed has been paid. */
  readonly recovered: boolean;
  /** When the next step is due. */
  readonly nextAt: Date | undefined;
}

/**
 * Where a company is by now. After a time in which nobody looked, only the newest of the steps that are due is taken: nobody needs three
 * reminders at once.
 */
export function moveDunning(
  { standing, owed, subscription }: BillingState,
  before: Episode | undefined,
  tier: TierName,
  at: Date,
): DunningMove {
  if (!owed || !subscription) {
    return {
      episode: undefined,
      step: undefined,
      recovered: before !== undefined && standing === 'paid',
      nextAt: undefined,
    };
  }
  const steps = dunningSteps(tier);
  const dueAt = ({ day }: DunningStep): Date => new Date(Date.parse(owed.since) + day * DAY_MS);
  const due = steps.findLastIndex((step) => dueAt(step) <= at);
  const same = before?.subscriptionId === subscription.subscriptionId && before.since === owed.since;
  const taken = same ? steps.findIndex(({ name }) => name === before.step) : -1;
  const next = steps[Math.max(due, taken) + 1];
  const step = due > taken ? steps[due] : undefined;
  const episode = {
    subscriptionId: subscription.subscriptionId,
    since: owed.since,
    step: step?.name ?? before?.step ?? '',
  };
  return { episode, step, recovered: false, nextAt: next && dueAt(next) };
}
