import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import { useRefusal } from '../problems/use-refusal.ts';
import { queries } from '../queries.ts';
import { settingsMessages } from './messages.ts';

/** What the company is called. */
export function NamePanel({
  tenant,
  mayChange,
}: {
  readonly tenant: CallOutput<'getTenant'>;
  readonly mayChange: boolean;
}) {
  const text = useText(settingsMessages);
  const toast = useToast();
  const client = useQueryClient();
  const [name, setName] = useState(tenant.name);
  const call = (known: string) => {
    client.setQueryData(queries.tenant.queryKey, (before) => before && { ...before, name: known });
    client.setQueryData(
      queries.me.queryKey,
      (before) =>
        before && {
          ...before,
          memberships: before.memberships.map((one) =>
            one.tenant.id === tenant.id ? { ...one, tenant: { ...one.tenant, name: known } } : one,
          ),
        },
    );
  };
  const rename = useMutation({
    mutationFn: (wanted: string) => api('updateTenant', { body: { name: wanted } }),
    // The whole console calls it so at once, and as before if that is refused.
    onMutate: async (wanted) => {
      const before = tenant.name;
      await Promise.all([queries.tenant, queries.me].map(({ queryKey }) => client.cancelQueries({ queryKey })));
      call(wanted.trim());
      return before;
    },
    onError: (_, __, before) => {
      if (before !== undefined) call(before);
    },
    onSuccess: async (changed, _, before) => {
      setName(changed.name);
      await Promise.all([queries.tenant, queries.me].map(({ queryKey }) => client.invalidateQueries({ queryKey })));
      toast(text.saved(changed.name), before === changed.name ? undefined : () => rename.mutate(before));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate(name);
  };
  const message = useRefusal(rename.error).fieldMessage('name');
  return (
    <Panel title={text.company}>
      <form onSubmit={submit} className="max-w-lg space-y-5">
        <Field label={text.name} hint={text.nameHint} error={message}>
          {(ids) => (
            <input
              {...ids}
              className={inputClass}
              value={name}
              maxLength={100}
              required
              readOnly={!mayChange}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Field label={text.address} hint={text.addressHint}>
          {(ids) => <input {...ids} className={inputClass} value={tenant.slug} readOnly />}
        </Field>
        {rename.error && !message && <ProblemNotice error={rename.error} />}
        {mayChange && (
          <Button look="strong" type="submit" disabled={rename.isPending || name.trim() === tenant.name}>
            {text.save}
          </Button>
        )}
      </form>
    </Panel>
  );
}
