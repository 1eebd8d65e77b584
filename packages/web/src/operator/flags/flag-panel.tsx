import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { CallInput, CallOutput } from '../../api/client.ts';
import { api } from '../../app.ts';
import { useText } from '../../messages/define.ts';
import { Button } from '../../parts/button.tsx';
import { Field, inputClass } from '../../parts/field.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { useToast } from '../../parts/toasts.tsx';
import { offeredTiers, tierTitle } from '../../pricing/tier-title.ts';
import { Actor } from '../parts/actor.tsx';
import { When } from '../parts/when.tsx';
import { ReasonDialog } from '../reason-dialog.tsx';
import { flagsMessages } from './messages.ts';
import { flagsQuery } from './queries.ts';

export type Flag = CallOutput<'listFlags'>['flags'][number];
type Rule = CallInput<'setFlag'>['body']['rule'];
type Kind = Rule['kind'];

/** What the form holds, whichever kind is chosen. */
interface Draft {
  readonly kind: Kind;
  readonly percentage: string;
  readonly companies: string;
  readonly tiers: readonly (typeof offeredTiers)[number][];
}

const draftOf = ({ rule, default: usual }: Flag): Draft => ({
  kind: rule?.kind ?? (usual ? 'on' : 'off'),
  percentage: rule?.kind === 'percentage' ? String(rule.percentage) : '10',
  companies: rule?.kind === 'companies' ? rule.tenantIds.join('\n') : '',
  tiers: rule?.kind === 'tiers' ? rule.tiers : [],
});

function ruleOf({ kind, percentage, companies, tiers: chosen }: Draft): Rule {
  switch (kind) {
    case 'percentage':
      return { kind, percentage: Number(percentage) };
    case 'companies':
      return { kind, tenantIds: companies.split(/\s+/).filter(Boolean) as `ten_${string}`[] };
    case 'tiers':
      return { kind, tiers: [...chosen] };
    default:
      return { kind };
  }
}

/** For whom one flag is on, and a way to change that. */
export function FlagPanel({ flag }: { readonly flag: Flag }) {
  const text = useText(flagsMessages);
  const client = useQueryClient();
  const toast = useToast();
  const [draft, setDraft] = useState(() => draftOf(flag));
  const [asking, setAsking] = useState(false);
  const set = useMutation({
    mutationFn: (reason: string) =>
      api('setFlag', { params: { flag: flag.name }, body: { rule: ruleOf(draft), revision: flag.revision, reason } }),
    onSuccess: () => {
      setAsking(false);
      toast(text.saved);
    },
    onSettled: () => client.invalidateQueries({ queryKey: flagsQuery.queryKey }),
  });
  const offered = Object.fromEntries(flag.kinds.map((kind) => [kind, text.kinds[kind]])) as Record<Kind, string>;
  return (
    <Panel title={text.names[flag.name] ?? flag.name} aside={<code className="text-sm text-soft">{flag.name}</code>}>
      <p className="mb-4 max-w-prose text-soft">
        {text.descriptions[flag.name] ?? flag.description} {text.usual(flag.default)}.
      </p>
      <form
        className="max-w-xl space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          set.reset();
          setAsking(true);
        }}
      >
        <Segmented
          label={text.onFor}
          options={offered}
          value={draft.kind}
          onChange={(kind) => setDraft({ ...draft, kind })}
        />
        {draft.kind === 'percentage' && (
          <Field label={text.percentage} hint={text.percentageHint}>
            {(ids) => (
              <input
                {...ids}
                type="number"
                min={0}
                max={100}
                step="any"
                required
                className={inputClass}
                value={draft.percentage}
                onChange={(event) => setDraft({ ...draft, percentage: event.target.value })}
              />
            )}
          </Field>
        )}
        {draft.kind === 'companies' && (
          <Field label={text.companies} hint={text.companiesHint}>
            {(ids) => (
              <textarea
                {...ids}
                rows={4}
                required
                className={`${inputClass} font-mono text-sm`}
                value={draft.companies}
                onChange={(event) => setDraft({ ...draft, companies: event.target.value })}
              />
            )}
          </Field>
        )}
        {draft.kind === 'tiers' && (
          <fieldset className="flex flex-wrap gap-x-6 gap-y-2">
            <legend className="mb-1 text-sm font-medium">{text.tiers}</legend>
            {offeredTiers.map((tier) => (
              <label key={tier} className="inline-flex min-h-8 items-center gap-2">
                <input
                  type="checkbox"
                  checked={draft.tiers.includes(tier)}
                  onChange={(event) =>
                    setDraft({
                      ...draft,
                      tiers: event.target.checked
                        ? [...draft.tiers, tier]
                        : draft.tiers.filter((chosen) => chosen !== tier),
                    })
                  }
                />
                {tierTitle(tier)}
              </label>
            ))}
          </fieldset>
        )}
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" look="strong" disabled={draft.kind === 'tiers' && draft.tiers.length === 0}>
            {text.set}
          </Button>
          <span className="text-sm text-soft">
            {flag.changedAt === null ? (
              text.never
            ) : (
              <>
                {text.changed} <When at={flag.changedAt} /> · {flag.changedBy && <Actor actor={flag.changedBy} />}
              </>
            )}
          </span>
        </div>
      </form>
      {asking && (
        <ReasonDialog
          title={text.set}
          error={set.error}
          busy={set.isPending}
          onReason={(reason) => set.mutate(reason)}
          onClose={() => setAsking(false)}
        />
      )}
    </Panel>
  );
}
