import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { api } from '../app.ts';
import { useMessages } from '../messages/context.tsx';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { queries } from '../queries.ts';
import { keysMessages } from './messages.ts';

const kinds = ['publishable', 'secret'] as const;
type Kind = (typeof kinds)[number];
const validities = ['', '30', '90', '365'] as const;
type Validity = (typeof validities)[number];

function KeyForm({ onSecret, onClose }: { readonly onSecret: (secret: string) => void; readonly onClose: () => void }) {
  const { t } = useMessages();
  const text = useText(keysMessages);
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('publishable');
  const [validity, setValidity] = useState<Validity>('');
  const create = useMutation({
    mutationFn: () =>
      api('createApiKey', { body: { name, kind, ...(validity ? { validDays: Number(validity) } : {}) } }),
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
      <Field label={text.name}>
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
      <Field label={text.kind} hint={text.kindTexts[kind]}>
        {(ids) => (
          <select
            {...ids}
            className={inputClass}
            value={kind}
            onChange={(event) => setKind(event.target.value as Kind)}
          >
            {kinds.map((one) => (
              <option key={one} value={one}>
                {text.kinds[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      <Field label={text.validity}>
        {(ids) => (
          <select
            {...ids}
            className={inputClass}
            value={validity}
            onChange={(event) => setValidity(event.target.value as Validity)}
          >
            {validities.map((one) => (
              <option key={one} value={one}>
                {text.validities[one]}
              </option>
            ))}
          </select>
        )}
      </Field>
      {create.error && <ProblemNotice error={create.error} />}
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button look="strong" type="submit" disabled={create.isPending}>
          {text.create}
        </Button>
      </div>
    </form>
  );
}

/** The secret of a key, which is shown this once. */
export function Secret({ secret }: { readonly secret: string }) {
  const text = useText(keysMessages);
  return (
    <div className="space-y-4">
      <p className="text-soft">{text.keySecretText}</p>
      <textarea
        aria-label={text.keySecret}
        readOnly
        rows={3}
        className={`${inputClass} font-mono text-sm break-all`}
        value={secret}
        onFocus={(event) => event.target.select()}
      />
      <CopyButton text={secret} />
    </div>
  );
}

/** Makes a key and shows its secret, once. */
export function CreateKeyDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useMessages();
  const text = useText(keysMessages);
  const [secret, setSecret] = useState<string>();
  return (
    <Dialog title={secret ? text.keySecretTitle : text.createKey} onClose={onClose}>
      {secret ? (
        <div className="space-y-4">
          <Secret secret={secret} />
          <div className="flex justify-end">
            <Button look="strong" onClick={onClose}>
              {t.close}
            </Button>
          </div>
        </div>
      ) : (
        <KeyForm onSecret={setSecret} onClose={onClose} />
      )}
    </Dialog>
  );
}
