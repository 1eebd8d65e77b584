import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { queries } from '../queries.ts';
import { billingMessages } from './messages.ts';

type Plan = NonNullable<CallOutput<'getBilling'>['plan']>;

/** One thing that is to be different: the tier, or how often is paid. */
type Wish = { readonly tier: Plan['tier'] } | { readonly interval: Plan['interval'] };

/** What is charged or credited, by what for; Stripe lists what costs nothing, too. */
function chargedBy(lines: readonly { readonly description: string; readonly amount: number }[]) {
  const sums = new Map<string, number>();
  for (const { description, amount } of lines) {
    if (amount !== 0) sums.set(description, (sums.get(description) ?? 0) + amount);
  }
  return sums;
}

/** The ways to another tier or interval. What it costs is shown as Stripe would charge it, before anything is changed. */
export function PlanChange({ plan, trialing }: { readonly plan: Plan; readonly trialing: boolean }) {
  const { money, date } = useMessages();
  const text = useText(billingMessages);
  const client = useQueryClient();
  const tiers = useQuery(queries.tiers);
  const [wish, setWish] = useState<Wish>();
  const preview = useMutation({ mutationFn: (wanted: Wish) => api('previewPlan', { body: wanted }) });
  const change = useMutation({
    mutationFn: async (wanted: Wish): Promise<void> => {
      if ('tier' in wanted) await api('changeTier', { body: wanted });
      else await api('changeInterval', { body: wanted });
    },
    onSuccess: () => {
      preview.reset();
      return client.invalidateQueries();
    },
  });
  const ask = (wanted: Wish) => {
    setWish(wanted);
    preview.mutate(wanted);
  };
  const interval = plan.interval === 'year' ? 'month' : 'year';
  const failed = preview.error ?? change.error;
  const costs = ({ currency, dueNow, nextInvoice: { amount, at } }: CallOutput<'previewPlan'>) =>
    dueNow > 0
      ? text.switchCharges(money(dueNow, currency))
      : text.switchCosts(money(amount, currency), at && date(at));
  return (
    <div className="mt-4 space-y-4">
      {!preview.data && (
        <div className="flex flex-wrap gap-3">
          <Button disabled={preview.isPending} onClick={() => ask({ interval })}>
            {text.switchTo[interval]}
          </Button>
          {tiers.data?.tiers
            .filter(({ name }) => name !== plan.tier)
            .map(({ name, title }) => (
              <Button key={name} disabled={preview.isPending} onClick={() => ask({ tier: name })}>
                {text.moveTo(title)}
              </Button>
            ))}
        </div>
      )}
      {preview.data && wish && (
        <div className="space-y-3 rounded-lg border border-line p-4">
          <p className="font-medium">{costs(preview.data)}</p>
          <p className="text-soft">{text.countsFrom[trialing ? 'trial' : 'tier' in wish ? 'tier' : wish.interval]}</p>
          {'tier' in wish && <p className="text-soft">{text.moveText}</p>}
          <ul className="text-sm text-soft">
            {[...chargedBy(preview.data.nextInvoice.lines)].map(([description, amount]) => (
              <li key={description} className="flex justify-between gap-3">
                <span className="wrap-anywhere">{description}</span>
                <span>{money(amount, preview.data.currency)}</span>
              </li>
            ))}
          </ul>
          <div className="flex gap-3">
            <Button look="strong" disabled={change.isPending} onClick={() => change.mutate(wish)}>
              {text.confirm}
            </Button>
            <Button onClick={() => preview.reset()}>{text.leaveIt}</Button>
          </div>
        </div>
      )}
      {failed && <ProblemNotice error={failed} />}
    </div>
  );
}

/** Says that a move is under way, and takes it back as long as that can be done. */
export function MoveNotice() {
  const text = useText(billingMessages);
  const client = useQueryClient();
  const undo = useMutation({
    mutationFn: () => api('undoTierChange', {}),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <div role="status" className="mt-4 space-y-3 rounded-lg border border-wait p-4">
      <p>{text.moving}</p>
      <Button disabled={undo.isPending} onClick={() => undo.mutate()}>
        {text.undoMove}
      </Button>
      {undo.error && <ProblemNotice error={undo.error} />}
    </div>
  );
}
