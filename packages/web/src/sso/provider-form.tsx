import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiError } from '../api/error.ts';
import { api } from '../app.ts';
import { useText } from '../messages/define.ts';
import { Button } from '../parts/button.tsx';
import { Field, inputClass } from '../parts/field.tsx';
import { ProblemNotice } from '../parts/problem-notice.tsx';
import { useToast } from '../parts/toasts.tsx';
import { ssoMessages } from './messages.ts';
import { type Sso, ssoQuery } from './queries.ts';

/** How the company's provider is reached. A secret is sent and never shown. */
export function ProviderForm({ provider }: { readonly provider: Sso['provider'] }) {
  const text = useText(ssoMessages);
  const toast = useToast();
  const client = useQueryClient();
  const [issuer, setIssuer] = useState(provider?.issuer ?? '');
  const [clientId, setClientId] = useState(provider?.clientId ?? '');
  const [clientSecret, setClientSecret] = useState('');
  const save = useMutation({
    mutationFn: () =>
      api('saveSsoProvider', {
        body: { kind: 'oidc', issuer, clientId, ...(clientSecret ? { clientSecret } : {}) },
      }),
    onSuccess: (sso) => {
      client.setQueryData(ssoQuery.queryKey, sso);
      setClientSecret('');
      toast(text.saved);
    },
  });
  const fields = ['issuer', 'clientId', 'clientSecret'] as const;
  const fieldError = (field: (typeof fields)[number]) =>
    save.error instanceof ApiError ? save.error.fieldMessage(field) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <form onSubmit={submit} className="space-y-4">
      <Field label={text.issuer} hint={text.issuerHint} error={fieldError('issuer')}>
        {(ids) => (
          <input
            {...ids}
            type="url"
            className={inputClass}
            value={issuer}
            maxLength={500}
            required
            onChange={(event) => setIssuer(event.target.value)}
          />
        )}
      </Field>
      <Field label={text.clientId} error={fieldError('clientId')}>
        {(ids) => (
          <input
            {...ids}
            className={inputClass}
            value={clientId}
            maxLength={200}
            required
            autoComplete="off"
            onChange={(event) => setClientId(event.target.value)}
          />
        )}
      </Field>
      <Field label={text.clientSecret} hint={provider ? text.secretKept : undefined} error={fieldError('clientSecret')}>
        {(ids) => (
          <input
            {...ids}
            type="password"
            className={inputClass}
            value={clientSecret}
            maxLength={500}
            required={!provider}
            autoComplete="off"
            onChange={(event) => setClientSecret(event.target.value)}
          />
        )}
      </Field>
      {save.error && !fields.some(fieldError) && <ProblemNotice error={save.error} />}
      <Button look="strong" type="submit" disabled={save.isPending}>
        {text.save}
      </Button>
    </form>
  );
}
