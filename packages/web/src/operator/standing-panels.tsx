import type { ReactNode } from 'react';
import type { CallOutput } from '../api/client.ts';
import { useMessages } from '../messages/context.tsx';
import { Step } from '../pages/onboarding.tsx';
import { Panel } from '../parts/panel.tsx';

type Overview = CallOutput<'readTenantOverview'>;

function Facts({ facts }: { readonly facts: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 text-sm">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-soft">{name}</dt>
          <dd className="text-right tabular-nums">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** What the company pays and owes, and how many people use it. */
export function StandingPanel({ billing, users }: Pick<Overview, 'billing' | 'users'>) {
  const { t, money, number } = useMessages();
  const { standing, subscription, plan, owed } = billing;
  return (
    <Panel title={t.operator.billing}>
      <Facts
        facts={[
          [t.operator.standing, standing],
          [t.operator.subscription, subscription?.status ?? '–'],
          [t.operator.price, plan ? money(plan.price.amount, plan.price.currency) : '–'],
          [t.operator.owed, owed ? money(owed.amount, owed.currency) : '–'],
          [t.operator.users, number(users)],
        ]}
      />
    </Panel>
  );
}

/** What the company has used this month, and what is left of what it paid. */
export function UsePanel({ finance }: Pick<Overview, 'finance'>) {
  const { t, number } = useMessages();
  return (
    <Panel title={t.operator.use}>
      {finance === null ? (
        <p className="text-soft">{t.operator.noUse}</p>
      ) : (
        <Facts
          facts={[
            ...Object.entries(finance.use).map(
              ([meter, amount]) => [t.operator.meters[meter] ?? meter, number(amount)] as const,
            ),
            [t.operator.margin, `$${number(Math.round(finance.marginMicro / 10_000) / 100)}`] as const,
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

/** The newest entries of the company's audit log. */
export function LogPanel({ entries }: Pick<Overview, 'entries'>) {
  const { t, date, time } = useMessages();
  return (
    <Panel title={t.operator.log}>
      {entries.length === 0 && <p className="text-soft">{t.operator.noEntries}</p>}
      <ol className="divide-y divide-line text-sm">
        {entries.map(({ id, at, actor, action, details }) => (
          <li key={id} className="space-y-1 py-3">
            <div className="flex flex-wrap justify-between gap-x-4">
              <code className="font-medium">{action}</code>
              <time dateTime={at} className="text-soft">
                {date(at)} {time(at)}
              </time>
            </div>
            <p className="text-soft wrap-anywhere">
              {actor}
              {Object.entries(details).map(([name, value]) => ` · ${name}: ${value}`)}
            </p>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
