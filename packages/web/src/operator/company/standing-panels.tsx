import type { CallOutput } from '../../api/client.ts';
import { useMessages } from '../../messages/context.tsx';
import { useText } from '../../messages/define.ts';
import { Step } from '../../pages/onboarding.tsx';
import { Panel } from '../../parts/panel.tsx';
import { operatorMessages } from '../messages.ts';
import { Facts } from './facts.tsx';
import { companyMessages } from './messages.ts';

type Overview = CallOutput<'readTenantOverview'>;

/** What the company pays and owes, and how many people use it. */
export function StandingPanel({ billing, users }: Pick<Overview, 'billing' | 'users'>) {
  const { t, date, money, number } = useMessages();
  const common = useText(operatorMessages);
  const text = useText(companyMessages);
  const { standing, subscription, plan, owed } = billing;
  return (
    <Panel title={common.billing}>
      <Facts
        facts={[
          [common.standing, t.standingTitle[standing]],
          [common.subscription, subscription ? (text.subscriptions[subscription.status] ?? subscription.status) : '–'],
          [
            common.price,
            plan ? `${money(plan.price.amount, plan.price.currency)} ${text.interval[plan.interval]}` : '–',
          ],
          ...(subscription?.trialEnd ? ([[text.trialEnd, date(subscription.trialEnd)]] as const) : []),
          ...(subscription?.currentPeriodEnd ? ([[text.periodEnd, date(subscription.currentPeriodEnd)]] as const) : []),
          [common.owed, owed ? money(owed.amount, owed.currency) : '–'],
          [common.users, number(users)],
        ]}
      />
    </Panel>
  );
}

/** What the company has used this month, and what is left of what it paid. */
export function UsePanel({ finance }: Pick<Overview, 'finance'>) {
  const { number } = useMessages();
  const text = useText(operatorMessages);
  return (
    <Panel title={text.use}>
      {finance === null ? (
        <p className="text-soft">{text.noUse}</p>
      ) : (
        <Facts
          facts={[
            ...Object.entries(finance.use).map(
              ([meter, amount]) => [text.meters[meter] ?? meter, number(amount)] as const,
            ),
            [text.margin, `$${number(Math.round(finance.marginMicro / 10_000) / 100)}`] as const,
          ]}
        />
      )}
    </Panel>
  );
}

/** The steps that a company is, or was, taken through. */
export function StepsPanel({ title, steps }: { readonly title: string; readonly steps: Overview['onboarding'] }) {
  return (
    <Panel title={title}>
      <ol>
        {steps.map((step) => (
          <Step key={step.step} step={step} />
        ))}
      </ol>
    </Panel>
  );
}
