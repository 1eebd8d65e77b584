import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { Skeleton } from '../parts/skeleton.tsx';
import { queries } from '../queries.ts';

const kinds = ['publishable', 'secret'] as const;
type Kind = (typeof kinds)[number];

function CreateKey({
  onSecret,
  onClose,
}: {
  readonly onSecret: (secret: string) => void;
  readonly onClose: () => void;
}) {
  const { t } = useMessages();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('publishable');
  const create = useMutation({
    mutationFn: () => api('createApiKey', { body: { name, kind } }),
    onSuccess: async ({ secret }) => {
      onSecret(secret);
      await client.invalidateQueries({ queryKey: queries.keys.queryKey });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-5">
      <Field label={t.keyName}>
        {(ids) => (
          <input
            {...ids}
            className={inputClass}
            value={name}
            maxLength={100}
            required
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field label={t.keyKind} hint={t.keyKinds[kind]}>
        {(ids) => (
          <select
            {...ids}
            className={inputClass}
            value={kind}
            onChange={(event) => setKind(event.target.value === 'secret' ? 'secret' : 'publishable')}
          >
            {kinds.map((name) => (
              <option key={name} value={name}>
                {t.keyKinds[name].split(':')[0]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {create.error && <ProblemNotice error={create.error} />}
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button look="strong" type="submit" disabled={create.isPending}>
          {t.create}
        </Button>
      </div>
    </form>
  );
}

function Secret({ secret, onClose }: { readonly secret: string; readonly onClose: () => void }) {
  const { t } = useMessages();
  return (
    <div className="space-y-4">
      <p className="text-soft">{t.keySecretText}</p>
      <textarea
        aria-label={t.keySecret}
        readOnly
        rows={3}
        className={`${inputClass} font-mono text-sm break-all`}
        value={secret}
        onFocus={(event) => event.target.select()}
      />
      <div className="flex justify-end gap-3">
        <CopyButton text={secret} />
        <Button look="strong" onClick={onClose}>
          {t.close}
        </Button>
      </div>
    </div>
  );
}

function Revoke({ keyId }: { readonly keyId: string }) {
  const { t } = useMessages();
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const revoke = useMutation({
    mutationFn: () => api('revokeApiKey', { params: { keyId } }),
    onSuccess: () => client.invalidateQueries({ queryKey: queries.keys.queryKey }),
  });
  return (
    <Button
      look={sure ? 'danger' : 'plain'}
      disabled={revoke.isPending}
      onClick={() => (sure ? revoke.mutate() : setSure(true))}
      onBlur={() => setSure(false)}
    >
      {sure ? t.revokeSure : t.revoke}
    </Button>
  );
}

/** The company's API keys. */
export function KeysPanel() {
  const { t, date } = useMessages();
  const keys = useQuery(queries.keys);
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string>();
  const close = () => {
    setOpen(false);
    setSecret(undefined);
  };
  return (
    <Panel
      title={t.keysTitle}
      aside={
        <Button look="strong" onClick={() => setOpen(true)}>
          {t.createKey}
        </Button>
      }
    >
      {keys.isPending && <Skeleton />}
      {keys.error && <ProblemNotice error={keys.error} retry={() => keys.refetch()} />}
      {keys.data?.apiKeys.length === 0 && <p className="text-soft">{t.keysEmpty}</p>}
      <ul className="divide-y divide-line">
        {keys.data?.apiKeys.map((key) => (
          <li key={key.id} className="flex flex-wrap items-center justify-between gap-3 py-3">
            <span>
              <span className="font-medium">{key.name}</span> <code className="text-sm text-soft">{key.hint}</code>
              <span className="block text-sm text-soft">{t.keyCreated(date(key.createdAt))}</span>
            </span>
            <Revoke keyId={key.id} />
          </li>
        ))}
      </ul>
      {open && (
        <Dialog title={secret ? t.keySecretTitle : t.createKey} onClose={close}>
          {secret ? <Secret secret={secret} onClose={close} /> : <CreateKey onSecret={setSecret} onClose={close} />}
        </Dialog>
      )}
    </Panel>
  );
}
