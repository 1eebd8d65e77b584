import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { CallOutput } from '../api/client.ts';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button, buttonClass } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { queries } from '../queries.ts';
import { settingsMessages } from './messages.ts';

function DeactivateForm({
  tenant,
  onClose,
}: {
  readonly tenant: CallOutput<'getTenant'>;
  readonly onClose: () => void;
}) {
  const { t } = useMessages();
  const text = useText(settingsMessages);
  const client = useQueryClient();
  const [typed, setTyped] = useState('');
  const [tried, setTried] = useState(false);
  const right = typed === tenant.slug;
  const deactivate = useMutation({
    mutationFn: () => api('deactivateTenant', { query: { confirm: typed } }),
    onSuccess: async () => {
      await Promise.all([queries.tenant, queries.me].map(({ queryKey }) => client.invalidateQueries({ queryKey })));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (right) deactivate.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-5">
      <Field label={text.confirm(tenant.slug)} error={tried && !right ? text.confirmWrong : undefined}>
        {(ids) => (
          <input
            {...ids}
            className={inputClass}
            value={typed}
            maxLength={60}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={({ target }) => setTyped(target.value.trim())}
          />
        )}
      </Field>
      {deactivate.error && <ProblemNotice error={deactivate.error} />}
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button look="danger" type="submit" disabled={deactivate.isPending}>
          {text.deactivate}
        </Button>
      </div>
    </form>
  );
}

/** How a company leaves: what happens when, and the way there. */
export function DangerPanel({
  tenant,
  mayLeave,
}: {
  readonly tenant: CallOutput<'getTenant'>;
  readonly mayLeave: boolean;
}) {
  const text = useText(settingsMessages);
  const [open, setOpen] = useState(false);
  return (
    <Panel title={text.danger} className="border-bad">
      <p>{text.dangerText}</p>
      <ol className="mt-2 mb-5 max-w-prose list-decimal space-y-1 pl-6 text-soft">
        {text.dangerSteps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      {mayLeave ? (
        <div className="flex flex-wrap gap-3">
          <Link to="/exports" className={buttonClass()}>
            {text.exportFirst}
          </Link>
          <Button look="danger" onClick={() => setOpen(true)}>
            {text.deactivate}
          </Button>
        </div>
      ) : (
        <p className="text-soft">{text.notNow}</p>
      )}
      {open && (
        <Dialog title={text.deactivateTitle(tenant.name)} onClose={() => setOpen(false)}>
          <DeactivateForm tenant={tenant} onClose={() => setOpen(false)} />
        </Dialog>
      )}
    </Panel>
  );
}
