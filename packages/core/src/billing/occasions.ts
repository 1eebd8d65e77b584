import type { MailFacts } from '../mail/kinds.ts';
import type { NewMail } from '../mail/outbox.ts';
import type { BillingRow } from './billing-row.ts';
import type { DunningMove, MailKind } from './dunning.ts';

import type { BillingState } from './state.ts';

/** How long before its end a trial is announced to end; as long as Stripe's own event. */
const TRIAL_ANNOUNCED_MS = 3 * 86_400_000;

export interface Occasions {
  readonly due: readonly NewMail[];
  /** The subscription whose trial's end is announced now. */
  readonly announcedTrial: string | undefined;
  /** When there may be another occasion. */
  readonly nextAt: Date | undefined;
}

/** The mails that a review leads to: one for each step of the dunning, and one for each change that the owners should hear of. */
export function mailsOf({
  before,
  state,
  move,
  company,
  at,
}: {
  readonly before: BillingRow;
  readonly state: BillingState;
  readonly move: DunningMove;
  readonly company: string;
  readonly at: Date;
}): Occasions {
  const { standing, subscription, owed } = state;
  const id = subscription?.subscriptionId ?? '';
  const facts: MailFacts = {
    company,
    ...(owed && {
      amount: owed.amount,
      currency: owed.currency,
      suspendsAt: owed.suspendsAt,
      deactivatesAt: owed.deactivatesAt,
    }),
    ...(subscription?.trialEnd ? { trialEnd: subscription.trialEnd } : {}),
  };
  const mail = (kind: MailKind, occasion: string): NewMail => ({
    // The claim makes an occasion that comes a second time, such as another pause, one of its own.
    key: `${occasion}#${id}#${before.claim}`,
    kind,
    facts,
    createdAt: at.toISOString(),
  });
  const announceAt =
    subscription?.status === 'trialing' && subscription.trialEnd && before.announcedTrial !== id
      ? new Date(Date.parse(subscription.trialEnd) - TRIAL_ANNOUNCED_MS)
      : undefined;
  const announces = announceAt !== undefined && announceAt <= at;
  const changed = (before.state?.standing ?? 'none') !== standing;
  return {
    due: [
      ...(move.step ? [mail(move.step.mail, `${move.step.name}#${owed?.since}`)] : []),
      ...(move.recovered ? [mail('recovered', `recovered#${before.episode?.since}`)] : []),
      ...(announces ? [mail('trialEnding', 'trial-ending')] : []),
      ...(changed && standing === 'paused' ? [mail('paused', 'paused')] : []),
      ...(changed && standing === 'ended' ? [mail('ended', 'ended')] : []),
    ],
    announcedTrial: announces ? id : undefined,
    nextAt: announces ? undefined : announceAt,
  };
}
