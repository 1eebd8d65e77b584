import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallOutput } from '../../api/client.ts';
import { useText } from '../../messages/define.ts';
import { Button } from '../../parts/button.tsx';
import { Field, inputClass } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { offeredTiers, tierTitle } from '../../pricing/tier-title.ts';
import { operatorMessages } from '../messages.ts';
import { overviewQuery } from '../queries.ts';
import { ReasonDialog } from '../reason-dialog.tsx';
import { type ActionName, actionNamed, actionNames } from './actions.ts';
import { companyMessages } from './messages.ts';

type Overview = CallOutput<'readTenantOverview'>;

const DAY_MS = 86_400_000;
const dayAfter = (time: string | null | undefined): string =>
  new Date((time ? Date.parse(time) : Date.now()) + 7 * DAY_MS).toISOString().slice(0, 10);

/** What staff can do with a company, each with a reason. */
export function ActionsPanel({ overview }: { readonly overview: Overview }) {
  const common = useText(operatorMessages);
  const text = useText(companyMessages);
  const toast = useToast();
  const client = useQueryClient();
  const { tenant, billing } = overview;
  const [asking, setAsking] = useState<ActionName>();
  const [value, setValue] = useState('');
  const titles: Readonly<Record<ActionName, string>> = {
    ...common,
    retry: text.retry,
    tier: text.tier,
    trial: text.trial,
    mail: text.mail,
  };
  const act = useMutation({
    mutationFn: ({ name, reason }: { name: ActionName; reason: string }) =>
      actionNamed(name).run(tenant.id, { reason, value }),
    onSuccess: (answer, { name }) => {
      setAsking(undefined);
      const { recipients } = (answer ?? {}) as { readonly recipients?: number };
      toast(recipients === undefined ? `${titles[name]}: ${text.begun}` : text.mailSent(recipients));
    },
    onSettled: () => client.invalidateQueries({ queryKey: overviewQuery(tenant.id).queryKey }),
  });
  const others = offeredTiers.filter((tier) => tier !== tenant.tier);
  const ask = (name: ActionName) => {
    act.reset();
    const { asks } = actionNamed(name);
    setValue(asks === 'tier' ? (others[0] ?? '') : asks === 'day' ? dayAfter(billing.subscription?.trialEnd) : '');
    setAsking(name);
  };
  const asks = asking && actionNamed(asking).asks;
  return (
    <Panel title={common.actions}>
      <div className="flex flex-wrap gap-3">
        {actionNames
          .filter((name) => actionNamed(name).offered(overview))
          .map((name) => (
            <Button key={name} look={actionNamed(name).look ?? 'plain'} onClick={() => ask(name)}>
              {titles[name]}
            </Button>
          ))}
      </div>
      {asking && (
        <ReasonDialog
          title={titles[asking]}
          slug={asks === 'slug' ? tenant.slug : undefined}
          error={act.error}
          busy={act.isPending}
          onReason={(reason) => act.mutate({ name: asking, reason })}
          onClose={() => setAsking(undefined)}
        >
          {asks === 'tier' && (
            <Field label={text.tierTo} hint={text.tierHint}>
              {(ids) => (
                <select
                  {...ids}
                  className={inputClass}
                  value={value}
                  onChange={(event) => setValue(event.target.value)}
                >
                  {others.map((tier) => (
                    <option key={tier} value={tier}>
                      {tierTitle(tier)}
                    </option>
                  ))}
                </select>
              )}
            </Field>
          )}
          {asks === 'day' && (
            <Field label={text.trialUntil} hint={text.trialHint}>
              {(ids) => (
                <input
                  {...ids}
                  type="date"
                  required
                  className={inputClass}
                  value={value}
                  onChange={(event) => setValue(event.target.value)}
                />
              )}
            </Field>
          )}
        </ReasonDialog>
      )}
    </Panel>
  );
}
