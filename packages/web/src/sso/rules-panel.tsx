import { useMutation, useQueryClient } from '@tanstack/react-query';
import { offeredArrivalRoles } from '@tenantry/core/contract/choices';
import type { CallInput } from '../api/client.ts';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Field, inputClass } from '../parts/field.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import { usersMessages } from '../users/messages.ts';
import { ssoMessages } from './messages.ts';
import { type Sso, ssoQuery } from './queries.ts';
import { Value } from './value.tsx';

/** Where to try the provider. */
export function TestPanel({ sso }: { readonly sso: Sso }) {
  const text = useText(ssoMessages);
  const { number } = useMessages();
  if (!sso.domains.some(({ status }) => status === 'verified')) {
    return (
      <Panel title={text.test}>
        <p className="max-w-prose text-soft">{text.testNeedsDomain}</p>
      </Panel>
    );
  }
  return (
    <Panel title={text.test}>
      <p className="mb-4 max-w-prose text-soft">{text.testText}</p>
      <dl className="space-y-4">
        <Value label={text.testAddress} text={`${window.location.origin}/sign-in`} />
      </dl>
      <p className="mt-4">{sso.people === 0 ? text.nobody : text.people(number(sso.people))}</p>
    </Panel>
  );
}

/** What newcomers may do, and whether the provider is a duty. */
export function RulesPanel({ sso, mayChange }: { readonly sso: Sso; readonly mayChange: boolean }) {
  const text = useText(ssoMessages);
  const { roles } = useText(usersMessages);
  const toast = useToast();
  const client = useQueryClient();
  const change = useMutation({
    // One after the other, so that what was chosen last is what counts.
    scope: { id: 'sso-rules' },
    mutationFn: (body: CallInput<'changeSsoProvider'>['body']) => api('changeSsoProvider', { body }),
    onSuccess: (changed) => {
      client.setQueryData(ssoQuery.queryKey, changed);
      toast(text.rulesSaved);
    },
  });
  const { provider, people } = sso;
  if (!provider) return null;
  const disabled = !mayChange || provider.status !== 'ready';
  // What was chosen is shown at once, and what holds is shown again where the change is refused.
  const shown = { ...provider, ...(change.isPending ? change.variables : {}) };
  return (
    <Panel title={text.rules}>
      <div className="space-y-5">
        <Field label={text.defaultRole}>
          {(ids) => (
            <select
              {...ids}
              className={inputClass}
              value={shown.defaultRole}
              disabled={disabled}
              onChange={({ target }) => {
                const defaultRole = offeredArrivalRoles.find((role) => role === target.value);
                if (defaultRole) change.mutate({ defaultRole });
              }}
            >
              {offeredArrivalRoles.map((role) => (
                <option key={role} value={role}>
                  {roles[role]}
                </option>
              ))}
            </select>
          )}
        </Field>
        <label className="flex items-start gap-3">
          <input
            type="checkbox"
            className="mt-1 size-5 shrink-0"
            checked={shown.enforced}
            disabled={disabled || (people === 0 && !shown.enforced)}
            onChange={({ target }) => change.mutate({ enforced: target.checked })}
          />
          <span>
            <span className="block font-medium">{text.enforced}</span>
            <span className="block text-sm text-soft">{people === 0 ? text.enforcedFirst : text.enforcedText}</span>
          </span>
        </label>
        {!mayChange && <p className="text-sm text-soft">{text.ownersRule}</p>}
        {change.error && <ProblemNotice error={change.error} />}
      </div>
    </Panel>
  );
}
